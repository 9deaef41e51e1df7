import LinuxIO
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct TrackFileReaderTests {
    private let scratch: ScratchDirectory
    private let loop: EventLoop<Int>
    private let reader: TrackFileReader<Int>

    init() throws {
        scratch = try ScratchDirectory()
        loop = try EventLoop()
        reader = TrackFileReader(in: loop, log: quietLog(), token: 7)
    }

    private func file(_ name: String = "f", at place: String = "number") -> TrackFile {
        TrackFile(name: name, path: "\(scratch.path)/\(place)")
    }

    private func write(_ text: String, to place: String = "number") throws {
        try Files.replace("\(scratch.path)/\(place)", with: Array(text.utf8))
    }

    /// Waits for the kernel's word; what is read then.
    private func news(at now: Instant) throws -> [String: Int32]? {
        let ready = try loop.wait(until: Clock.now() + .seconds(10))
        #expect(ready.map(\.token) == [7])
        reader.noteNews(at: now)
        return reader.advance(to: now + .milliseconds(20))
    }

    @Test func `a file is read at once, and when it changes`() throws {
        try write("12\n")
        reader.configure([file()], isStart: true, at: at(0))
        #expect(reader.nextDeadline == at(0))
        #expect(reader.advance(to: at(0)) == ["f": 12])
        #expect(reader.advance(to: at(0)) == nil)
        try write("-3")
        #expect(try news(at: at(1)) == ["f": -3])
        try Files.remove("\(scratch.path)/number")
        #expect(try news(at: at(2)) == ["f": 0])
    }

    @Test func `what is missing is 0, and seen when it comes`() throws {
        reader.configure([file(at: "later/number")], isStart: true, at: at(0))
        #expect(reader.advance(to: at(0)) == ["f": 0])
        try Files.createDirectory("\(scratch.path)/later")
        try write("5", to: "later/number")
        #expect(reader.advance(to: at(1)) == nil)
        #expect(reader.advance(to: at(2)) == ["f": 5], "by the patrol")
        try write("6", to: "later/number")
        #expect(try news(at: at(3)) == ["f": 6], "watched by now")
    }

    @Test func `a number that is too large leaves what was known`() throws {
        try write("8")
        reader.configure([file()], isStart: true, at: at(0))
        #expect(reader.advance(to: at(0)) == ["f": 8])
        try write("99999999999")
        #expect(try news(at: at(1)) == nil)
    }

    @Test func `a busy directory is not read all the time`() throws {
        try write("1")
        reader.configure([file()], isStart: true, at: at(0))
        _ = reader.advance(to: at(0))
        try write("2")
        _ = try loop.wait(until: Clock.now() + .seconds(10))
        reader.noteNews(at: at(1))
        #expect(reader.advance(to: at(1)) == nil)
        #expect(reader.nextDeadline == at(1) + .milliseconds(20))
        reader.noteNews(at: at(1) + .milliseconds(10))
        #expect(reader.nextDeadline == at(1) + .milliseconds(20))
    }

    private func contents(_ place: String = "number") -> String {
        String(decoding: (try? Files.read("\(scratch.path)/\(place)", limit: 100)) ?? [], as: UTF8.self)
    }

    @Test(
        arguments: [
            (false, true, nil, "7\n"), (false, true, "3", "3"), (true, true, "3", "7\n"),
            (true, false, "3", "3"), (true, false, nil, "7\n"),
        ] as [(Bool, Bool, String?, String)])
    func `init_file writes what is missing, and with overwrite at the start all`(
        overwrites: Bool, isStart: Bool, before: String?, after: String
    ) throws {
        if let before { try write(before) }
        var file = file()
        file.initialValue = TrackFile.InitialValue(value: 7, overwrites: overwrites)
        reader.configure([file], isStart: isStart, at: at(0))
        #expect(contents() == after)
    }

    @Test func `what cannot be read is 0`() throws {
        try Files.createDirectory("\(scratch.path)/number")
        reader.configure([file(), TrackFile(name: "g", path: "/dev/zero")], isStart: true, at: at(0))
        #expect(reader.advance(to: at(0)) == ["f": 0, "g": 0])
    }

    @Test func `a reload forgets what is not tracked any more`() throws {
        try write("1")
        try write("2", to: "other")
        reader.configure([file(), file("g", at: "other")], isStart: true, at: at(0))
        #expect(reader.advance(to: at(0)) == ["f": 1, "g": 2])
        reader.configure([file("h")], isStart: false, at: at(1))
        #expect(reader.advance(to: at(1)) == ["h": 1])
        reader.configure([], isStart: false, at: at(2))
        #expect(reader.nextDeadline == nil)
    }
}
