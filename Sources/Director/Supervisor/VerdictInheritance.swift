import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes

/// What a new configuration's checks start from. A check whose parameters have changed is another check, of
/// which nothing is known; to let it start as up would put a server that is dead back into service until the
/// first probe has failed. It therefore takes over what the checks it replaces said of the same server.
enum VerdictInheritance {
    private struct Place: Hashable {
        var service: ServiceIdentity
        var server: Endpoint
    }

    /// The verdicts for the checks of `new`: those of checks that stay, and inherited ones. Where a check
    /// serves several servers that would have it start differently, it starts as up.
    static func verdicts(
        for new: [VirtualServer], after old: [VirtualServer], knowing known: [CheckSpecification: Verdict]
    ) -> [CheckSpecification: Verdict] {
        let (before, after) = (checks(of: old), checks(of: new))
        let former = Set(before.values.joined())
        var result: [CheckSpecification: Verdict] = [:]
        for (place, wanted) in after {
            let gone = before[place, default: []].filter { !wanted.contains($0) }
            for check in wanted {
                let inherited =
                    former.contains(check)
                    ? known[check] : verdict(for: check, replacing: gone, knowing: known)
                if result[check] != .up { result[check] = inherited ?? result[check] }
            }
        }
        return result
    }

    /// The weights for the checks of `new`: those of checks that stay, or differ in their schedule alone.
    static func weights(
        for new: [VirtualServer], knowing known: [CheckSpecification: Int32]
    ) -> [CheckSpecification: Int32] {
        guard !known.isEmpty else { return [:] }
        let asked = Dictionary(known.map { ($0.key.kind, $0.value) }) { first, _ in first }
        var result: [CheckSpecification: Int32] = [:]
        for check in new.lazy.flatMap(\.realServers).flatMap(\.checks) {
            result[check] = known[check] ?? asked[check.kind]
        }
        return result
    }

    private static func checks(of servers: [VirtualServer]) -> [Place: [CheckSpecification]] {
        var result: [Place: [CheckSpecification]] = [:]
        for virtual in servers {
            for real in virtual.realServers where !real.checks.isEmpty {
                let place = Place(service: virtual.identity, server: real.endpoint)
                result[place, default: []] += real.checks
            }
        }
        return result
    }

    /// Of the checks that are gone those with the same target count, else those of the same type, and the
    /// worst of them; where there is neither, the new check is up only if no check that is gone was down.
    private static func verdict(
        for check: CheckSpecification, replacing gone: [CheckSpecification],
        knowing known: [CheckSpecification: Verdict]
    ) -> Verdict? {
        let related = [
            gone.filter { $0.kind.aim == check.kind.aim }, gone.filter { $0.kind.type == check.kind.type },
        ]
        if let nearest = related.first(where: { !$0.isEmpty }) { return worst(of: nearest, knowing: known) }
        return worst(of: gone, knowing: known) == .down ? .down : nil
    }

    private static func worst(
        of checks: [CheckSpecification], knowing known: [CheckSpecification: Verdict]
    ) -> Verdict? {
        let verdicts = checks.compactMap { known[$0] }
        return verdicts.contains(.down) ? .down : verdicts.first
    }
}

extension CheckSpecification.Kind {
    fileprivate enum CheckType: Hashable { case tcp, http, smtp, dns, udp, ping, script, file }

    /// What is checked, whatever the parameters.
    fileprivate enum Aim: Hashable {
        case endpoint(CheckType, Endpoint)
        case program(String?)
        case file(String)
    }

    fileprivate var type: CheckType {
        switch self {
        case .tcp: .tcp
        case .http: .http
        case .smtp: .smtp
        case .dns: .dns
        case .udp: .udp
        case .ping: .ping
        case .script: .script
        case .file: .file
        }
    }

    fileprivate var aim: Aim {
        switch self {
        case .tcp(let check): .endpoint(.tcp, check.target)
        case .http(let check): .endpoint(.http, check.target)
        case .smtp(let check): .endpoint(.smtp, check.target)
        case .dns(let check): .endpoint(.dns, check.target)
        case .udp(let check): .endpoint(.udp, check.target)
        case .ping(let check): .endpoint(.ping, Endpoint(check.address, port: 0))
        case .script(let check): .program(check.command.first)
        case .file(let check): .file(check.name)
        }
    }
}
