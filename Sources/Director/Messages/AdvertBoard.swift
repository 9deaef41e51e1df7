// When each master last advertised. The vrrp role writes it down at every advert, and its supervisor looks
// when it has a reason to: to see that the role lives, and after its death what a successor may go on with. A
// message for each advert would wake a second process for what is nearly never read, and would be missing in
// the case it is meant for, when the role dies before it has sent it.

import LinuxIO
import Timekeeping

/// The vrrp role's adverts in memory that its supervisor reads.
final class AdvertBoard {
    /// Instances with a place; those after these have no lease beyond the death of their process.
    static let places = 2048
    /// A place: whose it is, when it last advertised, the number of that advert (0: it bears none).
    private static let width = 3

    private let words: SharedWords
    /// Of the instances that are written down here.
    private var placesByName: [String: Int] = [:]

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

    /// Gives each of `names` a place, where it finds what it had before; the others' are forgotten. The names
    /// that there is no place for.
    func assign(_ names: [String]) -> ArraySlice<String> {
        let before = entries(of: names)
        placesByName = [:]
        for place in 0..<Self.places {
            let first = place * Self.width
            // Nobody is to read one instance's advert as another's.
            words[first + 1] = 0
            guard place < names.count else {
                words[first] = 0
                continue
            }
            let name = names[place]
            placesByName[name] = place
            words[first] = Self.key(name)
            if let entry = before[name] { write(entry, at: place) }
        }
        return names.dropFirst(Self.places)
    }

    /// Writes down an advert.
    func note(_ name: String, at instant: Instant, sequence: UInt32?) {
        guard let place = placesByName[name] else { return }
        write(Entry(at: instant, sequence: sequence), at: place)
    }

    private func write(_ entry: Entry, at place: Int) {
        let first = place * Self.width
        words[first + 2] = UInt64(entry.sequence ?? 0)
        words[first + 1] = UInt64(bitPattern: entry.at.nanoseconds)
    }

    /// What is written down of `names`. Whoever writes may write anything: what cannot be is none.
    func entries(of names: some Sequence<String>) -> [String: Entry] {
        var names = Dictionary(names.map { (Self.key($0), $0) }) { first, _ in first }
        var entries: [String: Entry] = [:]
        for place in 0..<Self.places where !names.isEmpty {
            let first = place * Self.width
            guard let name = names.removeValue(forKey: words[first]) else { continue }
            let nanoseconds = Int64(bitPattern: words[first + 1])
            guard nanoseconds > 0 else { continue }
            let sequence = UInt32(truncatingIfNeeded: words[first + 2])
            entries[name] = Entry(
                at: Instant(nanoseconds: nanoseconds), sequence: sequence > 0 ? sequence : nil)
        }
        return entries
    }

    /// FNV-1a of the name: both processes find the place of an instance by it, whatever the order of the
    /// configuration that each of them knows. Never 0, which is nobody's.
    private static func key(_ name: String) -> UInt64 {
        let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        return hash == 0 ? 1 : hash
    }
}
