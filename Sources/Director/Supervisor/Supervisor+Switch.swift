import ConfigModel
import Timekeeping
import VRRP

// `holdfast switch`: a master hands over, and goes on as backup. The better one would take back at once, so
// it does not preempt until it has become master again: by the failure of the other, by its handover, or when
// an operator takes it back. That outlives the vrrp role, not the daemon.

extension Supervisor {
    /// Why instances cannot be switched; a sentence.
    struct SwitchRefusal: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    /// The instances that go with the one of this name: all of its sync group.
    func switched(_ name: String, back: Bool) throws(SwitchRefusal) -> [String] {
        guard let instance = configuration.instances.first(where: { $0.name == name }), wantsVRRP else {
            let names = configuration.instances.prefix(20).map(\.name).joined(separator: ", ")
            throw SwitchRefusal(description: "there is no instance of this name; there is: \(names)")
        }
        guard !isStopping, roles[.vrrp, default: RoleSlot()].state == .running else {
            throw SwitchRefusal(description: "the vrrp role does not run now")
        }
        let all = configuration.instances.filter {
            $0.name == name || ($0.group != nil && $0.group == instance.group)
        }
        if back {
            let names = all.map(\.name).filter(yielding.contains)
            guard !names.isEmpty else {
                throw SwitchRefusal(description: "\(name) has not handed over: it takes over as configured")
            }
            return names
        }
        if let other = all.first(where: { states[$0.name] != .master }) {
            let state = states[other.name] ?? .initialize
            throw SwitchRefusal(description: "\(other.name) is \(state) here: switch it where it is master")
        }
        if let owner = all.first(where: { $0.priority == 255 }) {
            throw SwitchRefusal(description: "\(owner.name) owns its addresses (priority 255) and keeps them")
        }
        return all.map(\.name)
    }

    mutating func switchOver(_ names: [String], back: Bool) -> [Action] {
        guard !isStopping else { return [] }
        if back {
            yielding.subtract(names)
        } else {
            yielding.formUnion(names)
        }
        return send(.vrrp(back ? .reclaim(names) : .switchOver(names)))
    }
}
