import ControlProtocol

/// Short, so that lines that are too long are among what libFuzzer makes up.
private let lineLimit = 2000

/// Hands octets that libFuzzer made up to both ends of the control socket: to the daemon, line by line, as
/// requests, and to the tool as an answer. The first octet says in which pieces they come. What is looked for
/// is a trap, a hang, a stream that means something else in other pieces, and a line that means something
/// else when it is written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func readControlSocket(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let octets = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = octets.first else { return 0 }
    let stream = Array(octets.dropFirst())
    let size = max(1, Int(first & 0x3F))
    var (whole, pieces) = (LineReader(limit: lineLimit), LineReader(limit: lineLimit))
    let lines = whole.take(stream).map(Array.init)
    let same = stride(from: 0, to: stream.count, by: size).flatMap { at in
        pieces.take(Array(stream[at..<min(at + size, stream.count)])).map(Array.init)
    }
    precondition(lines == same && whole.hasOverflowed == pieces.hasOverflowed, "other pieces, other lines")
    for line in lines { request(line) }
    answer(lines.compactMap { try? JSONReader.read($0[...]) })
    return 0
}

private func request(_ line: [UInt8]) {
    do throws(ControlRequest.Malformed) {
        let request = try ControlRequest(line: line[...])
        let again = Array(request.line.utf8)
        precondition(again.count <= ControlNumbers.requestLimit, "a request that grows too long")
        precondition((try? ControlRequest(line: again[...])) == request, "a request reads back differently")
    } catch {
        let told = JSONWriter.line(ControlEnd(.malformed, error.description).json)
        precondition(!told.utf8.contains(UInt8(ascii: "\n")), "a complaint of more than one line")
    }
}

private func answer(_ values: [JSONValue]) {
    for value in values {
        let line = JSONWriter.line(value)
        let again = (try? JSONReader.read(line)).map(JSONWriter.line)
        precondition(again == line, "a value reads back differently")
        if let end = ControlEnd(json: value) {
            precondition(ControlEnd(json: end.json) == end, "an end reads back differently")
        }
        _ = EventText.line(value)
        if let text = value.text { _ = OrderWords.seconds(text) }
    }
    if let document = StatusDocument(values) { _ = (JSONWriter.text(document.json), document.text) }
    if let document = PlanDocument(values) { _ = (JSONWriter.text(document.json), document.text) }
    _ = WhyText(of: "1", in: values)
    _ = MetricsText.text(values)
    _ = (EventText.latest(values, after: 5), EventText.lost(values, after: 5))
    _ = OrderWords.connections(in: values) { _, _ in true }
    let progress = RecheckProgress(values, before: values)
    _ = (progress.left(in: values), progress.outcome(in: values))
}
