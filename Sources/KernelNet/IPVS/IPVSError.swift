import Glibc
import LinuxIO
import LoadBalancing

/// Why IPVS could not be worked with at all. The description is a sentence.
package enum IPVSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kernel has no IPVS and could not load it.
    case unavailable
    /// An operation failed; what and why.
    case failed(SystemError)
    /// Somebody else kept changing the table while it was read.
    case unstable

    /// The sentence, without a full stop.
    package var description: String {
        switch self {
        case .unavailable: "this kernel has no IPVS: load module ip_vs (modprobe ip_vs)"
        case .failed(let error): error.description
        case .unstable:
            "cannot read the IPVS table: it changed during each of \(IPVSClient.readings) readings"
        }
    }

    static func failed(_ operation: String, _ errno: Errno) -> IPVSError {
        .failed(SystemError(operation, errno))
    }
}

/// A change that the kernel refused. The others of its batch were made nevertheless.
package struct ServiceChangeFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was refused.
    package let change: ServiceChange
    /// The kernel's own number.
    package let errno: Errno

    /// A refusal of `change`.
    package init(change: ServiceChange, errno: Errno) {
        self.change = change
        self.errno = errno
    }

    /// `cannot add service ..., scheduler mh: the kernel has no scheduler mh (module ip_vs_mh)`.
    package var description: String { "cannot \(change): \(reason)" }

    /// What the number means for this change (net/netfilter/ipvs/ip_vs_ctl.c answers few numbers for many
    /// things).
    package var reason: String {
        switch (change, errno) {
        case (.addService, .exists): return "the service is there already (\(errno.name))"
        case (.addDestination, .exists): return "the server is there already (\(errno.name))"
        case (.editDestination, .notFound), (.deleteDestination, .notFound):
            return "the server is not there (\(errno.name))"
        case (.addService(let service), .notFound), (.editService(_, let service), .notFound):
            let scheduler = "scheduler \(service.scheduler) (module ip_vs_\(service.scheduler))"
            guard let engine = service.persistenceEngine else { return "the kernel has no \(scheduler)" }
            return "the kernel has no \(scheduler) or no persistence engine \(engine) (ip_vs_pe_\(engine))"
        case (_, .noProcess):
            return "the service is not there (\(errno.name))"
        case (.addDestination, .invalid), (.editDestination, .invalid):
            return "not a unicast address, or of the other family with a sync daemon running or without TUN, "
                + "or no interface of this host is up, not even lo (\(errno.name))"
        case (_, .notSupportedFamily):
            return "the kernel has no IPv6 here (\(errno.name))"
        case (.addDestination, .outOfRange), (.editDestination, .outOfRange):
            return "weight or thresholds out of range (\(errno.name))"
        default:
            return errno.description
        }
    }
}

extension Errno {
    fileprivate static let notSupportedFamily = Errno(rawValue: EAFNOSUPPORT)
    fileprivate static let outOfRange = Errno(rawValue: ERANGE)
}
