import KernelNet
import LinuxIO
import VRRP

/// The supervisor's way of taking addresses, interfaces, routes and rules away when there is no vrrp role to
/// do it: by the role's ledger and by our protocol number, with sockets that are open before they are needed.
final class AddressWithdrawal {
    private let remover: AddressRemover
    private let routing: RouteOwner
    private let virtualInterfaces: VirtualInterfaceOwner
    private let log: Log
    /// How often all is read anew when it changes meanwhile.
    private static let attempts = 10

    init(log: Log) throws {
        remover = try AddressRemover()
        routing = try RouteOwner(log: log)
        virtualInterfaces = try VirtualInterfaceOwner(log: log)
        self.log = log
    }

    /// The kernel has routes or rules of ours.
    func findsRouting() -> Bool { routing.look(at: Clock.now()) && !routing.isClean }

    /// Removes what `claims` or the kernel say is ours, but for what the masters `kept` hold and for
    /// `statics`. True when nothing of it is left.
    func run(claims: [Claim], keeping kept: [RouterConfiguration], _ statics: Statics) -> Bool {
        let isRoutingDone = routing.remove(but: Routing(statics) + Routing(kept), at: Clock.now())
        let held = AddressPlan.addresses(of: statics) + kept.flatMap { AddressPlan.addresses(of: $0) }
        return sweepAll(claims, kept, held) && isRoutingDone
    }

    private func sweepAll(
        _ claims: [Claim], _ kept: [RouterConfiguration], _ desired: [AddressPlan.Addition]
    ) -> Bool {
        for attempt in 1...Self.attempts {
            do throws(RouteError) {
                return try sweep(claims: Set(claims), keeping: kept, desired)
            } catch {
                if attempt == Self.attempts { log.error("cannot take addresses away: \(error)") }
            }
        }
        return false
    }

    private func sweep(
        claims: Set<Claim>, keeping kept: [RouterConfiguration], _ desired: [AddressPlan.Addition]
    ) throws(RouteError) -> Bool {
        var table = InterfaceTable()
        table.replace(links: try remover.routes.links(), addresses: try remover.routes.addresses())
        let areGone = virtualInterfaces.withdraw(claims, keeping: kept, from: &table)
        let removals = AddressPlan(desired: desired, table: table, claims: claims).removals
        guard !removals.isEmpty else { return areGone }
        for held in removals { try remover.remove(held, from: &table) }
        log.notice("removed \(removals.map(\.description).joined(separator: ", "))")
        return areGone
    }
}
