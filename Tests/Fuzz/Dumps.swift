import IPVSAdmin
import KernelNet
import LoadBalancing
import LoopGuard
import NetTypes

/// Hands octets that libFuzzer made up to everything that reads what the kernel or another program tells of
/// the state of this host: netlink messages of routes, links and addresses, those of IPVS, packets as raw
/// sockets deliver them, `iptables-save`, `ipvsadm -S` and the kernel's list of connections. The first octet
/// says which. What is looked for is a trap, a hang, and what is another thing when it is written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func readDump(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let octets = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = octets.first else { return 0 }
    let rest = Array(octets.dropFirst())
    switch first {
    case UInt8(ascii: "r"): routes(rest)
    case UInt8(ascii: "v"): virtualServers(rest)
    case UInt8(ascii: "p"):
        _ = IPDatagram(ipv4: rest)
        _ = ARPClaim(rest, on: 1)
    case UInt8(ascii: "m"):
        let text = String(decoding: rest, as: UTF8.self)
        for family in [AddressFamily.inet, .inet6] { _ = ObservedMarkRules(parsing: text, family: family) }
    case UInt8(ascii: "s"): saved(String(decoding: rest, as: UTF8.self))
    case UInt8(ascii: "c"):
        let text = String(decoding: rest, as: UTF8.self)
        for line in text.split(separator: "\n") { _ = ConnectionEntry(line: line) }
    default: break
    }
    return 0
}

private func routes(_ datagram: [UInt8]) {
    for case let message? in NetlinkMessage.split(datagram) {
        precondition(NetlinkMessage.split(message.encoded) == [message], "a message reads back differently")
        _ = RouteEvent(message)
        _ = RoutingRule(payload: message.payload)
        _ = Route(payload: message.payload)
    }
}

private func virtualServers(_ datagram: [UInt8]) {
    for reply in NetlinkReply.messages(in: datagram) {
        guard case .object(_, let attributes) = reply.content else { continue }
        _ = IPVSInformation(attributes: attributes)
        _ = ServiceRecord(attributes: attributes)
        for family in [AddressFamily.inet, .inet6] {
            _ = DestinationRecord(attributes: attributes, family: family)
        }
    }
}

/// What cannot be carried out is a mistake with its line, and nothing is both.
private func saved(_ text: String) {
    let names = NameLookup(
        address: { _ in nil }, port: { _, _ in nil }, host: { _ in nil }, service: { _, _ in nil })
    let input = RestoreInput(text, names: names)
    let numbers = Set(input.lines.map(\.number))
    precondition(numbers.isDisjoint(with: input.mistakes.map(\.number)), "a line that is two things")
    _ = input.mistakes.map(\.description)
}
