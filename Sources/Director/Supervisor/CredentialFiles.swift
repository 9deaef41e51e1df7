import HealthChecks
import LinuxIO

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
    /// The command, for a checker that shows a certificate with what the files hold now.
    var withCredentials: RoleCommand {
        guard case .checker(.configure(var assignment)) = self,
            let identity = assignment.checks.lazy.compactMap(\.kind.identity).first
        else { return self }
        assignment.credentials = TLSCredentials(reading: identity)
        return .checker(.configure(assignment))
    }
}
