import LinuxIO
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct AdvertBoardTests {
    private let writer: AdvertBoard
    private let reader: AdvertBoard

    init() throws {
        let memory = try AdvertBoard.make()
        (writer, reader) = (try AdvertBoard(memory), try AdvertBoard(memory))
    }

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    private func routers(_ names: [String]) -> [RouterConfiguration] { names.map { router($0) } }

    private func entries(_ names: String...) -> [String: AdvertBoard.Entry] {
        reader.follow(routers(names))
        return reader.entries()
    }

    @Test func `the last advert of each is read by name`() {
        #expect(writer.assign(routers(["VI_1", "VI_2", "VI_3"])).isEmpty)
        writer.note("VI_1", at: at(1), sequence: nil)
        writer.note("VI_2", at: at(2), sequence: 9)
        writer.note("VI_1", at: at(3), sequence: nil)
        #expect(
            entries("VI_3", "VI_2", "VI_1", "VI_4") == [
                "VI_1": .init(at: at(3)), "VI_2": .init(at: at(2), sequence: 9),
            ])
        #expect(entries("VI_2") == ["VI_2": .init(at: at(2), sequence: 9)], "those that are looked for")
    }

    @Test func `who is no master any more has none`() {
        _ = writer.assign(routers(["VI_1"]))
        writer.note("VI_1", at: at(1), sequence: nil)
        writer.forget("VI_1")
        #expect(entries("VI_1").isEmpty)
        writer.note("VI_1", at: at(2), sequence: nil)
        #expect(entries("VI_1") == ["VI_1": .init(at: at(2))])
    }

    @Test func `a reload in another order takes nothing from those that stay`() {
        _ = writer.assign(routers(["VI_1", "VI_2"]))
        writer.note("VI_1", at: at(1), sequence: 4)
        writer.note("VI_2", at: at(2), sequence: nil)
        _ = writer.assign(routers(["VI_3", "VI_1"]))
        #expect(entries("VI_1", "VI_2", "VI_3") == ["VI_1": .init(at: at(1), sequence: 4)])
        writer.note("VI_2", at: at(3), sequence: nil)
        #expect(entries("VI_2").isEmpty, "it is gone")
        _ = writer.assign(routers(["VI_2"]))
        #expect(entries("VI_2").isEmpty, "and begins anew")
    }

    @Test func `another virtual router of the same name has not advertised`() {
        _ = writer.assign([router("VI_1", id: 51)])
        writer.note("VI_1", at: at(1), sequence: nil)
        reader.follow([router("VI_1", id: 52)])
        #expect(reader.entries().isEmpty, "before the role knows of it")
        _ = writer.assign([router("VI_1", id: 52)])
        #expect(reader.entries().isEmpty)
        var other = router("VI_1", priority: 7)
        _ = writer.assign([other])
        writer.note("VI_1", at: at(2), sequence: nil)
        other.priority = 9
        reader.follow([other])
        #expect(reader.entries() == ["VI_1": .init(at: at(2))], "with another priority it is the same")
    }

    @Test func `a successor finds what its predecessor has written, and goes on`() {
        _ = writer.assign(routers(["VI_1"]))
        writer.note("VI_1", at: at(1), sequence: nil)
        _ = reader.assign(routers(["VI_1"]))
        #expect(writer.entries() == ["VI_1": .init(at: at(1))])
        reader.note("VI_1", at: at(2), sequence: nil)
        #expect(writer.entries() == ["VI_1": .init(at: at(2))])
    }

    @Test func `those for which there is no place are told`() {
        let names = (0..<AdvertBoard.places + 2).map { "VI_\($0)" }
        #expect(writer.assign(routers(names)) == names.suffix(2))
        for name in names { writer.note(name, at: at(1), sequence: nil) }
        reader.follow(routers(names))
        #expect(reader.entries().count == AdvertBoard.places)
    }

    @Test func `a time before the clock began is none`() {
        _ = writer.assign(routers(["VI_1"]))
        writer.note("VI_1", at: Instant(nanoseconds: -5), sequence: 1)
        #expect(entries("VI_1").isEmpty)
    }
}
