import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping

/// Finds out what a `RealServerPlan` asks, and carries it out in the network namespace of the calling thread.
/// Needs root's rights to change something.
package final class RealServerHost {
    private let route: RouteSocket
    private let settings = "/proc/sys/"
    private let directory: String
    private let path: String
    /// The boot and the network namespace that the record is about: an inode alone is used again.
    private let heading: String

    /// More addresses than anybody gives by hand.
    private static let recordLimit = 1 << 20
    private static let patience = Interval.seconds(30)

    /// The record is kept in `directory`, which is empty after a boot, as all that was done is undone then.
    package init(directory: String = "/run/holdfast") throws {
        route = try RouteSocket()
        let inode = try HostFacts.networkNamespace()
        self.directory = directory
        path = "\(directory)/realserver-\(inode)"
        heading = "of \(try HostFacts.bootID()) \(HostFacts.networkNamespaceCookie() ?? inode)\n"
    }

    /// What this host is like; where GUE is received only where that is asked for.
    package func facts(withGUE: Bool = false) throws -> RealServerFacts {
        var facts = RealServerFacts()
        if withGUE { facts.receiving = try GUEReceiver()?.ports() ?? [] }
        var names: [Int32: String] = [:]
        for link in try route.links() {
            names[link.index] = link.name
            if let device = RealServerDevice(rawValue: link.name) { facts.devices[device] = link.isUp }
        }
        for one in try route.addresses() {
            guard let name = names[one.interface] else { continue }
            facts.addresses.insert(RealServerFacts.Held(one.prefix, on: name))
        }
        for path in RealServerPlan.paths { facts.settings[path] = value(path, facts) }
        return facts
    }

    /// A device that is yet to be made takes its settings from `default`.
    private func value(_ path: String, _ facts: RealServerFacts) -> String? {
        var words = path.split(separator: "/")
        if let device = RealServerDevice(rawValue: String(words[3])), facts.devices[device] == nil {
            words[3] = "default"
        }
        let octets = try? Files.read(settings + words.joined(separator: "/"), limit: 64)
        return octets.map { String(decoding: $0.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self) }
    }

    /// What was done here; nothing when that was before the last boot. EBADMSG when it cannot be understood.
    package func record() throws -> RealServerRecord {
        guard Files.exists(path) else { return RealServerRecord() }
        let octets = try Files.read(path, limit: Self.recordLimit, following: false)
        let text = String(decoding: octets, as: UTF8.self)
        guard text.hasPrefix(heading) else { return RealServerRecord() }
        guard let record = RealServerRecord(String(text.dropFirst(heading.count))) else {
            throw SystemError("understand \(path)", .badMessage)
        }
        return record
    }

    private func write(_ record: RealServerRecord) throws {
        if record.isEmpty { return try Files.remove(path) }
        try Files.createDirectory(directory)
        try Files.replace(path, with: Array((heading + record.text).utf8), durably: true)
    }

    /// Waits until nobody else changes this host or its record; they are kept out until the answer goes away.
    /// EAGAIN when that takes more than 30 s.
    package func lock() throws -> FileLock {
        try Files.createDirectory(directory)
        let deadline = Clock.now() + Self.patience
        repeat {
            if let lock = try FileLock.take("\(path).lock") { return lock }
            Scheduling.sleep(.milliseconds(20))
        } while Clock.now() < deadline
        throw SystemError("wait for another holdfast realserver", .wouldBlock)
    }

    /// Takes the steps one by one and tells each as it is done. What must be remembered is written down
    /// before the first and forgotten after the last, so that what an interrupted one did can still
    /// be undone.
    package func carryOut(_ plan: RealServerPlan, saying: (RealServerStep) -> Void) throws {
        let before = try record()
        let during = before.joined(with: plan.record)
        if during != before { try write(during) }
        for step in plan.steps {
            saying(try carryOut(step))
        }
        if plan.record != during { try write(plan.record) }
    }

    /// What was done: `keep` for what the kernel does not remove.
    private func carryOut(_ step: RealServerStep) throws -> RealServerStep {
        switch step {
        case .make(let device):
            if let kind = device.kind { try route.addTunnel(named: device.name, kind: kind) }
        case .set(let path, _, let value): try Files.set(settings + path, to: value)
        case .switchOn(let device): try route.set(try link(device), up: true)
        case .switchOff(let device): try route.set(try link(device), up: false)
        case .receive(let port):
            guard let receiver = try GUEReceiver.loading() else {
                throw SystemError("find the kernel's module fou, which receives GUE", .notFound)
            }
            try receiver.set(port, isReceived: true)
        case .ignore(let port): try GUEReceiver()?.set(port, isReceived: false)
        case .add(let one): try route.add(try address(one))
        case .remove(let one): try route.remove(try address(one))
        case .unmake(let device):
            // Of its own fallback device the kernel says that it is done, and does nothing.
            try route.remove(try link(device))
            if try route.links().contains(where: { $0.name == device.name }) { return .keep(device) }
        case .keep: break
        }
        return step
    }

    private func link(_ device: RealServerDevice) throws -> Link {
        guard let link = try route.links().first(where: { $0.name == device.name }) else {
            throw SystemError("find interface \(device.name)", .noDevice)
        }
        return link
    }

    /// IFA_F_NODAD: others have the address, and duplicate detection would find them.
    private static let withoutDetection: UInt32 = 0x02

    /// Without a mark of ours, which would tell a director's daemon on this host that the address is its own
    /// to remove: the record says what is ours.
    private func address(_ one: RealServerAddress) throws -> InterfaceAddress {
        let isSix = one.address.family == .inet6
        return InterfaceAddress(
            interface: try link(one.device).index, prefix: Prefix(host: one.address), origin: .unspecified,
            flags: isSix ? Self.withoutDetection : 0,
            details: InterfaceAddress.details(broadcast: nil, preferredLifetime: isSix ? 0 : nil))
    }

    /// The gateway by which this host reaches `address`; nil when there is none.
    package func gateway(to address: IPAddress) throws -> IPAddress? { try route.gateway(to: address) }
}
