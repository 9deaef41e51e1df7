import LoadBalancing
import NetTypes

/// The order of ipvsadm's listings. It compares by the sign of 32-bit differences, which puts 192.168.0.1
/// before 10.0.0.1 and is no order at all for three addresses far apart; what comes out then depends on how
/// it sorts, which is the C library's merge sort. So the same comparison and the same sort are used here.
enum ListingOrder {
    /// Services by mark, family, protocol, address and port; their servers by family, address and port.
    static func sorted(_ records: [ServiceRecord]) -> [ServiceRecord] {
        mergeSorted(
            records.map { record in
                var record = record
                record.destinations = mergeSorted(record.destinations) {
                    compare($0.destination.endpoint, $1.destination.endpoint)
                }
                return record
            }
        ) { compare($0.settings.identity, $1.settings.identity) }
    }

    private static func compare(_ left: ServiceIdentity, _ right: ServiceIdentity) -> Int32 {
        let marks = difference(left.mark, right.mark)
        if marks != 0 { return marks }
        let families = difference(UInt32(left.family.bits), UInt32(right.family.bits))
        if families != 0 { return families }
        switch (left, right) {
        case (.address(let one, let from), .address(let other, let to)):
            let protocols = difference(UInt32(one.rawValue), UInt32(other.rawValue))
            return protocols != 0 ? protocols : compare(from, to)
        default: return 0
        }
    }

    private static func compare(_ left: Endpoint, _ right: Endpoint) -> Int32 {
        let addresses: Int32
        switch (left.address, right.address) {
        case (.v4(let one), .v4(let other)): addresses = difference(one.rawValue, other.rawValue)
        case (.v6(let one), .v6(let other)): addresses = one == other ? 0 : one < other ? -1 : 1
        case (.v4, .v6): addresses = -1
        case (.v6, .v4): addresses = 1
        }
        return addresses != 0 ? addresses : difference(UInt32(left.port), UInt32(right.port))
    }

    /// The difference of 32 bits as a signed number.
    private static func difference(_ left: UInt32, _ right: UInt32) -> Int32 {
        Int32(bitPattern: left &- right)
    }

    /// A stable merge sort from the top: the first half, the second half, then both together.
    static func mergeSorted<Element>(
        _ elements: [Element], _ compare: (Element, Element) -> Int32
    ) -> [Element] {
        guard elements.count > 1 else { return elements }
        let middle = elements.count / 2
        var left = mergeSorted(Array(elements[..<middle]), compare)[...]
        var right = mergeSorted(Array(elements[middle...]), compare)[...]
        var merged: [Element] = []
        merged.reserveCapacity(elements.count)
        while let one = left.first, let other = right.first {
            if compare(one, other) <= 0 {
                merged.append(one)
                left.removeFirst()
            } else {
                merged.append(other)
                right.removeFirst()
            }
        }
        return merged + left + right
    }
}

extension ServiceIdentity {
    /// 0 for a service by address.
    fileprivate var mark: UInt32 { if case .mark(_, let mark) = self { mark.rawValue } else { 0 } }
}
