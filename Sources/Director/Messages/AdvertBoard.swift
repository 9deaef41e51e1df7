// When each master last advertised. The vrrp role writes it down at every advert, and its supervisor looks
// when it has a reason to: to see that the role lives, and after its death what a successor may go on with. A
// message for each advert would wake a second process for what is nearly never read, and would be missing in
// the case it is meant for, when the role dies before it has sent it.

import LinuxIO
import NetTypes
import Timekeeping
import VRRP

/// The vrrp role's adverts in memory that its supervisor reads.
final class AdvertBoard {
    /// Instances with a place; those after these have no lease beyond the death of their process.
    static let places = 2048
    /// A place: whose it is, when it last advertised (0: it is no master), the number of that advert (0: it
    /// bears none).
    private static let width = 3

    private let words: SharedWords
    /// Of the instances that are written down here.
    private var placesByName: [String: Int] = [:]
    /// The names of those that are looked for.
    private var namesByKey: [UInt64: String] = [:]

    /// The memory, to be inherited by every vrrp role.
    static func make() throws(SystemError) -> OwnedFD {
        try SharedWords.make("holdfast-adverts", count: places * width)
    }

    /// The board in what `make` has made.
    init(_ memory: borrowing OwnedFD) throws(SystemError) {
        words = try SharedWords(memory, count: Self.places * Self.width)
    }

    /// The adverts of one instance.
    struct Entry: Hashable {
        /// When the last one was sent.
        var at: Instant
        /// Its number; nil when it bears none.
        var sequence: UInt32?
    }

    // MARK: The vrrp role

    /// Gives each of `routers` a place, where it finds what it had before; the others' are forgotten, as is
    /// what another virtual router of the same name has written. The names that there is no place for.
    func assign(_ routers: [RouterConfiguration]) -> [String] {
        follow(routers)
        let before = entries()
        placesByName = [:]
        for place in 0..<Self.places {
            let router = place < routers.count ? routers[place] : nil
            let key = router.map(Self.key) ?? 0
            if let router { placesByName[router.name] = placesByName[router.name] ?? place }
            guard words[place * Self.width] != key else { continue }
            // Nobody is to read one instance's advert as another's.
            words[place * Self.width + 1] = 0
            words[place * Self.width] = key
            if let router, let entry = before[router.name] { write(entry, at: place) }
        }
        return routers.dropFirst(Self.places).map(\.name)
    }

    /// Writes down an advert of a master.
    func note(_ name: String, at instant: Instant, sequence: UInt32?) {
        guard let place = placesByName[name] else { return }
        write(Entry(at: instant, sequence: sequence), at: place)
    }

    /// It is no master any more.
    func forget(_ name: String) {
        if let place = placesByName[name] { words[place * Self.width + 1] = 0 }
    }

    private func write(_ entry: Entry, at place: Int) {
        words[place * Self.width + 2] = UInt64(entry.sequence ?? 0)
        words[place * Self.width + 1] = UInt64(bitPattern: entry.at.nanoseconds)
    }

    // MARK: The supervisor

    /// These are looked for from now on.
    func follow(_ routers: [RouterConfiguration]) {
        namesByKey = Dictionary(routers.map { (Self.key($0), $0.name) }) { first, _ in first }
    }

    /// What is written down of those that are looked for. Whoever writes may write anything: what cannot be
    /// is none.
    func entries() -> [String: Entry] {
        var entries: [String: Entry] = [:]
        for first in stride(from: 0, to: words.count, by: Self.width) {
            let key = words[first]
            guard key != 0 else { break }
            let nanoseconds = Int64(bitPattern: words[first + 1])
            let sequence = UInt32(truncatingIfNeeded: words[first + 2])
            // The place may have become another's meanwhile.
            guard let name = namesByKey[key], nanoseconds > 0, words[first] == key else { continue }
            entries[name] = Entry(
                at: Instant(nanoseconds: nanoseconds), sequence: sequence > 0 ? sequence : nil)
        }
        return entries
    }

    /// The hash of the virtual router's identity: both processes find its place by this, whatever
    /// the order of the configuration that each of them knows. Never 0, which is nobody's.
    private static func key(_ router: RouterConfiguration) -> UInt64 {
        let writer = BinaryWriter()
        do {
            try writer.write(whole: router.identity)
        } catch {
            preconditionFailure("what describes a virtual router can be written: \(error)")
        }
        return max(1, FNV1a.hash(writer.octets))
    }
}
