import NetTypes
import Timekeeping
import VRRP

extension Statics {
    /// The lines with every default applied but the preference of rules.
    init(_ draft: ConfigurationDraft) {
        self.init()
        addresses = draft.statics.addresses.map { line in
            var address = line.value
            address.interface = draft.statics.interface(of: address, draft.global)
            return address
        }
        routes = draft.statics.routes.map(\.value)
        rules = draft.statics.rules.map(\.value)
    }
}

extension ConfigurationDraft {
    /// The longest delay of a link that instances on it bear; nil where there is none.
    func delayLimit(on interface: String) -> Interval? {
        instances.filter { $0.interface?.value == interface }.map { instance in
            LinkDelay.limit(
                interval: instance.interval?.value ?? .seconds(1),
                downTimerAdverts: instance.electionOptions(global).downTimerAdverts)
        }.min()
    }

    /// The delays in force: the last one of each interface, cut.
    var effectiveLinkDelays: [LinkDelay] {
        var delays: [LinkDelay] = []
        for line in linkDelays {
            var delay = line.value
            if let limit = delayLimit(on: delay.interface) {
                (delay.down, delay.up) = (min(delay.down, limit), min(delay.up, limit))
            }
            delays.removeAll { $0.interface == delay.interface }
            delays.append(delay)
        }
        return delays
    }
}

extension Configuration {
    /// Gives the rules without a preference one, as keepalived does: 16384, then downwards, the static ones
    /// first.
    mutating func numberRules() {
        var next: [AddressFamily: UInt32] = [:]
        func number(_ rules: inout [VirtualRule]) {
            for place in rules.indices where rules[place].preference == 0 {
                let number = next[rules[place].family, default: 16384]
                rules[place].preference = number
                next[rules[place].family] = max(number - 1, 1)
            }
        }
        number(&statics.rules)
        for place in instances.indices { number(&instances[place].rules) }
    }
}
