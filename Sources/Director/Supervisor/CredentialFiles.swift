import HealthChecks
import LinuxIO
import LoadBalancing

extension TLSCredentials {
    /// Octets of a certificate with its chain, or of a key.
    private static let limit = 1 << 20

    /// Reads the files of `identity`, which are for root alone.
    init(reading identity: TLSIdentity) {
        do {
            self = .files(
                certificate: try Files.read(identity.certificate, limit: Self.limit),
                key: try Files.read(identity.key, limit: Self.limit))
        } catch {
            self = .missing("\(error)")
        }
    }
}

extension RoleCommand {
    /// The command as its role is to have it: a checker that shows a certificate gets what the files hold;
    /// lvs, which makes no probe, learns neither their names nor the key's password.
    var withCredentials: RoleCommand {
        switch self {
        case .checker(.configure(var assignment)):
            guard let identity = assignment.checks.lazy.compactMap(\.kind.identity).first else { return self }
            assignment.credentials = TLSCredentials(reading: identity)
            return .checker(.configure(assignment))
        case .lvs(.configure(var assignment)):
            for service in assignment.virtualServers.indices {
                for server in assignment.virtualServers[service].realServers.indices {
                    let checks = assignment.virtualServers[service].realServers[server].checks
                    guard checks.contains(where: { $0.kind.identity != nil }) else { continue }
                    assignment.virtualServers[service].realServers[server].checks = checks.map(\.anonymous)
                }
            }
            assignment.verdicts = assignment.verdicts.map(\.anonymous)
            return .lvs(.configure(assignment))
        case .lvs(.verdicts(let news)): return .lvs(.verdicts(news.map(\.anonymous)))
        case .vrrp, .lvs, .checker: return self
        }
    }
}

extension CheckVerdict {
    /// Without the certificate that the check shows.
    fileprivate var anonymous: CheckVerdict {
        var copy = self
        copy.check = check.anonymous
        return copy
    }
}
