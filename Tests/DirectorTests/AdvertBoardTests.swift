import LinuxIO
import Testing
import Timekeeping

@testable import Director

@Suite struct AdvertBoardTests {
    private let writer: AdvertBoard
    private let reader: AdvertBoard

    init() throws {
        let memory = try AdvertBoard.make()
        (writer, reader) = (try AdvertBoard(memory), try AdvertBoard(memory))
    }

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    @Test func `the last advert of each is read by name`() {
        #expect(writer.assign(["VI_1", "VI_2", "VI_3"]).isEmpty)
        writer.note("VI_1", at: at(1), sequence: nil)
        writer.note("VI_2", at: at(2), sequence: 9)
        writer.note("VI_1", at: at(3), sequence: nil)
        #expect(
            reader.entries(of: ["VI_3", "VI_2", "VI_1", "VI_4"]) == [
                "VI_1": .init(at: at(3)), "VI_2": .init(at: at(2), sequence: 9),
            ])
    }

    @Test func `a reload in another order takes nothing from those that stay`() {
        _ = writer.assign(["VI_1", "VI_2"])
        writer.note("VI_1", at: at(1), sequence: 4)
        writer.note("VI_2", at: at(2), sequence: nil)
        _ = writer.assign(["VI_3", "VI_1"])
        #expect(reader.entries(of: ["VI_1", "VI_2", "VI_3"]) == ["VI_1": .init(at: at(1), sequence: 4)])
        writer.note("VI_2", at: at(3), sequence: nil)
        #expect(reader.entries(of: ["VI_2"]).isEmpty, "it is gone")
        _ = writer.assign(["VI_2"])
        #expect(reader.entries(of: ["VI_2"]).isEmpty, "and begins anew")
    }

    @Test func `a successor finds what its predecessor has written, and goes on`() {
        _ = writer.assign(["VI_1"])
        writer.note("VI_1", at: at(1), sequence: nil)
        _ = reader.assign(["VI_1"])
        #expect(writer.entries(of: ["VI_1"]) == ["VI_1": .init(at: at(1))])
        reader.note("VI_1", at: at(2), sequence: nil)
        #expect(writer.entries(of: ["VI_1"]) == ["VI_1": .init(at: at(2))])
    }

    @Test func `those for which there is no place are told`() {
        let names = (0..<AdvertBoard.places + 2).map { "VI_\($0)" }
        #expect(Array(writer.assign(names)) == Array(names.suffix(2)))
        for name in names { writer.note(name, at: at(1), sequence: nil) }
        #expect(reader.entries(of: names).count == AdvertBoard.places)
    }

    @Test func `a time before the clock began is none`() {
        _ = writer.assign(["VI_1"])
        writer.note("VI_1", at: Instant(nanoseconds: -5), sequence: 1)
        #expect(reader.entries(of: ["VI_1"]).isEmpty)
    }
}
