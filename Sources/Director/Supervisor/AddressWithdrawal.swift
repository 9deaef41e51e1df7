import KernelNet
import LinuxIO

/// The supervisor's way of taking addresses away when there is no vrrp role to do it: by the role's ledger,
/// with a socket that is open before it is needed.
final class AddressWithdrawal {
    private let remover: AddressRemover
    private let log: Log
    /// How often all is read anew when it changes meanwhile.
    private static let attempts = 10

    init(log: Log) throws {
        remover = try AddressRemover()
        self.log = log
    }

    /// Removes what `claims` or the kernel say is ours, but for `kept`. True when nothing of it is left.
    func run(claims: [Claim], keeping kept: [Claim]) -> Bool {
        for attempt in 1...Self.attempts {
            do throws(RouteError) {
                return try sweep(claims: Set(claims), keeping: kept)
            } catch {
                if attempt == Self.attempts { log.error("cannot take addresses away: \(error)") }
            }
        }
        return false
    }

    private func sweep(claims: Set<Claim>, keeping kept: [Claim]) throws(RouteError) -> Bool {
        var table = InterfaceTable()
        table.replace(links: try remover.routes.links(), addresses: try remover.routes.addresses())
        let desired = kept.compactMap(HeldAddress.init).map { AddressPlan.Addition(address: $0) }
        let removals = AddressPlan(desired: desired, table: table, claims: claims).removals
        guard !removals.isEmpty else { return true }
        for held in removals { try remover.remove(held, from: &table) }
        log.notice("removed \(removals.map(\.description).joined(separator: ", "))")
        return true
    }
}
