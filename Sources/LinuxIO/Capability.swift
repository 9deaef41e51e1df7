import CLinux

/// The capabilities Holdfast uses or reports by name (linux/capability.h); the raw value is the bit's number.
package enum Capability: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case changeOwner = 0
    case overrideAccess = 1
    case readSearch = 2
    case kill = 5
    case setGroup = 6
    case setUser = 7
    case setCapabilities = 8
    case bindService = 10
    case networkAdmin = 12
    case networkRaw = 13
    case lockMemory = 14
    case loadModules = 16
    case systemAdmin = 21
    case nice = 23
    case resources = 24

    /// The kernel's name: `CAP_NET_ADMIN`.
    package var description: String {
        switch self {
        case .changeOwner: "CAP_CHOWN"
        case .overrideAccess: "CAP_DAC_OVERRIDE"
        case .readSearch: "CAP_DAC_READ_SEARCH"
        case .kill: "CAP_KILL"
        case .setGroup: "CAP_SETGID"
        case .setUser: "CAP_SETUID"
        case .setCapabilities: "CAP_SETPCAP"
        case .bindService: "CAP_NET_BIND_SERVICE"
        case .networkAdmin: "CAP_NET_ADMIN"
        case .networkRaw: "CAP_NET_RAW"
        case .lockMemory: "CAP_IPC_LOCK"
        case .loadModules: "CAP_SYS_MODULE"
        case .systemAdmin: "CAP_SYS_ADMIN"
        case .nice: "CAP_SYS_NICE"
        case .resources: "CAP_SYS_RESOURCE"
        }
    }
}

/// A set of capabilities as the kernel's 64 bits, those without a name here included.
package struct CapabilitySet: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// Bit n is capability n.
    package let rawValue: UInt64

    /// The set of these bits.
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The set of these capabilities.
    package init(arrayLiteral elements: Capability...) {
        rawValue = elements.reduce(0) { $0 | 1 << $1.rawValue }
    }

    /// Whether the capability is in the set.
    package func contains(_ capability: Capability) -> Bool { rawValue >> capability.rawValue & 1 == 1 }

    /// The names, `none`, or a number for what has no name here.
    package var description: String {
        guard rawValue != 0 else { return "none" }
        return (0..<64).filter { rawValue >> $0 & 1 == 1 }
            .map { Capability(rawValue: UInt8($0))?.description ?? "CAP_\($0)" }
            .joined(separator: " ")
    }
}
