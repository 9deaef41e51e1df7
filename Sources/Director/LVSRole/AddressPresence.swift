import KernelNet
import NetTypes

/// Which of the addresses that matter this host has (`ha_suspend`).
struct AddressPresence: Equatable {
    /// What matters.
    private(set) var watched: Set<IPAddress> = []
    /// What of it is here; nil until the kernel was asked.
    private(set) var present: Set<IPAddress>?

    /// Other addresses matter; the kernel is to be asked.
    mutating func watch(_ addresses: Set<IPAddress>) {
        guard addresses != watched else { return }
        watched = addresses
        present = nil
    }

    /// Something about an address has changed, or may have: the kernel is to be asked.
    static func concerns(_ event: RouteEvent) -> Bool {
        switch event {
        case .addressChanged, .addressRemoved, .overrun: true
        case .linkChanged, .linkRemoved, .neighbourChanged, .neighbourRemoved: false
        case .routingRemoved, .routeReplaced: false
        }
    }

    /// What the kernel has; what of it matters, when that is news.
    mutating func update(_ addresses: [InterfaceAddress]) -> Set<IPAddress>? {
        let here = watched.intersection(addresses.map(\.prefix.address))
        guard here != present else { return nil }
        present = here
        return here
    }
}
