import LinuxIO
import NetTypes
import Timekeeping

/// Captures what crosses an interface of a namespace and hands it to tshark, an independent judge.
final class PacketTrace {
    private let socket: PacketSocket
    private(set) var frames: [CapturedFrame] = []

    /// Captures on every interface of `host` from now on.
    init(on host: Segment.Host) throws {
        let home = try host.enter()
        defer { try? home.enter() }
        socket = try PacketSocket(capturing: .everything, receiveBuffer: 4 << 20)
    }

    /// Takes what arrived since the last call.
    func collect() throws {
        while let frame = try socket.receive() { frames.append(frame) }
    }

    /// The VRRP adverts (IP protocol 112) from `source`.
    func adverts(from source: String) -> [CapturedFrame] {
        guard let source = IPv4Address(source) else { return [] }
        return frames.filter {
            $0.octets.count > 34 && $0.octets[12...13] == [0x08, 0x00] && $0.octets[23] == 112
                && Array($0.octets[26..<30]) == source.octets
        }
    }

    /// What tshark says of each of `frames`, one line a frame: the wanted fields joined by "|".
    static func dissect(_ frames: [CapturedFrame], fields: [String], in directory: String) throws -> [String]
    {
        let path = directory + "/trace.pcap"
        try Files.replace(path, with: pcap(frames), mode: 0o644)
        let arguments =
            ["-n", "-r", path, "-T", "fields", "-E", "separator=|"] + fields.flatMap { ["-e", $0] }
        let completion = try Program("/usr/bin/tshark", arguments, environment: Tools.environment)
            .run(timeout: .seconds(120))
        guard completion.status.isSuccess else { throw Tools.Failure(description: completion.error.text) }
        return completion.output.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
            String.init)
    }

    /// The classic capture format: magic, version 2.4, link type 1 (Ethernet), then a header a frame.
    private static func pcap(_ frames: [CapturedFrame]) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) } }
        var file = word(0xa1b2_c3d4) + [2, 0, 4, 0] + word(0) + word(0) + word(65535) + word(1)
        for frame in frames {
            let (seconds, rest) = frame.time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
            file +=
                word(Int(seconds)) + word(Int(rest / 1000)) + word(frame.octets.count) + word(frame.length)
            file += frame.octets
        }
        return file
    }
}
