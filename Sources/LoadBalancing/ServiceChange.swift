import NetTypes

/// One write to the kernel's IPVS table: one netlink message. Services in it carry no destinations of their
/// own. The description is a sentence for the log and for `plan`.
package enum ServiceChange: Hashable, Sendable, Codable {
    /// Adds a service; its destinations follow one by one.
    case addService(IPVSService)
    /// Changes a service's scheduler, persistence or flags in place; connections stay.
    case editService(from: IPVSService, to: IPVSService)
    /// Removes a service and all its destinations.
    case deleteService(ServiceIdentity)
    /// Adds a destination.
    case addDestination(IPVSDestination, to: ServiceIdentity)
    /// Changes a destination's weight, forwarding or limits in place; connections stay.
    case editDestination(from: IPVSDestination, to: IPVSDestination, of: ServiceIdentity)
    /// Removes a destination.
    case deleteDestination(Endpoint, from: ServiceIdentity)

    /// The service that is written to.
    package var service: ServiceIdentity {
        switch self {
        case .addService(let service), .editService(_, let service): service.identity
        case .deleteService(let identity), .addDestination(_, let identity),
            .editDestination(_, _, let identity), .deleteDestination(_, let identity):
            identity
        }
    }

    /// True when `table` is as if this change had been made to it, whoever made it.
    package func isInEffect(in table: [ServiceIdentity: IPVSService]) -> Bool {
        let present = table[service]
        return switch self {
        case .addService(let service), .editService(_, let service): present?.settings == service.settings
        case .deleteService: present == nil
        case .addDestination(let new, _), .editDestination(_, let new, _):
            present?.destinations[new.endpoint] == new
        case .deleteDestination(let endpoint, _): present?.destinations[endpoint] == nil
        }
    }
}

extension ServiceChange: CustomStringConvertible {
    /// `set weight of 192.0.2.21:80 in 192.0.2.100:80/tcp from 1 to 0`, and so on.
    package var description: String {
        switch self {
        case .addService(let service):
            "add service \(service.identity), \(service.settingsText)"
        case .editService(let old, let new):
            "change service \(new.identity) from \(old.settingsText) to \(new.settingsText)"
        case .deleteService(let identity):
            "remove service \(identity)"
        case .addDestination(let destination, let identity):
            "add server \(destination.endpoint) to \(identity), \(destination.settingsText)"
        case .editDestination(let old, let new, let identity) where old.differsOnlyInWeight(from: new):
            "set weight of \(new.endpoint) in \(identity) from \(old.weight) to \(new.weight)"
        case .editDestination(let old, let new, let identity):
            "change server \(new.endpoint) of \(identity) from \(old.settingsText) to \(new.settingsText)"
        case .deleteDestination(let endpoint, let identity):
            "remove server \(endpoint) from \(identity)"
        }
    }
}

extension IPVSService {
    /// `scheduler wlc, persistent 360 s /24, flags 0x10, engine sip`.
    package var settingsText: String {
        var text = "scheduler \(scheduler)"
        if let persistence {
            text += ", persistent \(persistence.timeoutSeconds) s"
            if let mask = persistence.gappedMask {
                text += " mask \(IPv4Address(rawValue: mask))"
            } else if persistence.prefixLength != identity.family.bits {
                text += " /\(persistence.prefixLength)"
            }
        }
        if !flags.isEmpty { text += ", flags 0x\(String(flags.rawValue, radix: 16))" }
        if let persistenceEngine { text += ", engine \(persistenceEngine)" }
        return text
    }
}

extension IPVSDestination {
    /// `DR weight 1` or `TUN type gre weight 1`, with thresholds where there are any.
    package var settingsText: String {
        let wrapping = forwarding == .tunnel ? encapsulation.words : []
        var text = (["\(forwarding)"] + wrapping).joined(separator: " ") + " weight \(weight)"
        if upperThreshold != 0 || lowerThreshold != 0 {
            text += ", thresholds \(lowerThreshold)...\(upperThreshold)"
        }
        return text
    }

    fileprivate func differsOnlyInWeight(from other: IPVSDestination) -> Bool {
        var same = self
        same.weight = other.weight
        return same == other && weight != other.weight
    }
}

extension ForwardingMethod: CustomStringConvertible {
    /// As the configuration says it: `NAT`, `TUN`, `DR`.
    package var description: String {
        switch self {
        case .masquerade: "NAT"
        case .tunnel: "TUN"
        case .directRouting: "DR"
        case .bypass: "bypass"
        }
    }
}
