import NetTypes
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
