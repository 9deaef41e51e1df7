// Messages on the wire, written and read in one pass: what holds a thousand services is neither built as a
// tree nor searched. A record's fields stand in the order of their declaration, and are read in it.
//
//     value   = tag ...
//     0 null   1 false   2 true   3 unsigned varint   4 negative varint of ~value   5 double, 8 octets
//     6 text: varint length, UTF-8   7 list: values, then 9   8 record: keys and values, then 0
//     key     = 1, varint length, UTF-8 (a new key) | n > 1: the (n - 1)th key of this message again

/// The first octet of a value.
enum BinaryTag {
    static let null: UInt8 = 0
    static let no: UInt8 = 1
    static let yes: UInt8 = 2
    static let unsigned: UInt8 = 3
    static let negative: UInt8 = 4
    static let double: UInt8 = 5
    static let text: UInt8 = 6
    static let list: UInt8 = 7
    static let record: UInt8 = 8
    /// In place of another value.
    static let endOfList: UInt8 = 9
    /// In place of another key.
    static let endOfRecord: UInt8 = 0
}

/// Writes a message. Lists and records stay open until something is written that is not in them.
final class BinaryWriter {
    /// What is written so far.
    private(set) var octets: [UInt8] = []
    private var keys: [String: UInt64] = [:]
    /// How each open list or record will end.
    private var ends: [UInt8] = []

    /// So many lists and records are open.
    var depth: Int { ends.count }

    func null() { octets.append(BinaryTag.null) }
    func write(_ flag: Bool) { octets.append(flag ? BinaryTag.yes : BinaryTag.no) }

    func write(_ number: some BinaryInteger) {
        if number < 0 {
            octets.append(BinaryTag.negative)
            varint(UInt64(bitPattern: ~Int64(number)))
        } else {
            octets.append(BinaryTag.unsigned)
            varint(UInt64(number))
        }
    }

    func write(_ number: Double) {
        octets.append(BinaryTag.double)
        for shift: UInt64 in stride(from: 56, through: 0, by: -8) {
            octets.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
        }
    }

    func write(_ text: String) {
        octets.append(BinaryTag.text)
        spell(text)
    }

    /// Begins the value of a record's next field.
    func write(key: String) {
        if let index = keys[key] {
            varint(index)
        } else {
            keys[key] = UInt64(keys.count) + 2
            octets.append(1)
            spell(key)
        }
    }

    func openList() {
        octets.append(BinaryTag.list)
        ends.append(BinaryTag.endOfList)
    }

    func openRecord() {
        octets.append(BinaryTag.record)
        ends.append(BinaryTag.endOfRecord)
    }

    /// Ends what was opened last until `depth` lists and records are open.
    func close(to depth: Int) {
        while ends.count > depth { octets.append(ends.removeLast()) }
    }

    private func spell(_ text: String) {
        varint(UInt64(text.utf8.count))
        octets += text.utf8
    }

    private func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        octets.append(UInt8(rest))
    }
}
