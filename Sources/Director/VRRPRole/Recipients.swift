import KernelNet
import NetTypes
import VRRP

/// Whom an advert is for.
enum Recipients {
    /// The instances, by their places in `instances`, that an advert of this VRID from `source` is for when
    /// the socket of `line` brought it. One VRID may be several virtual routers where each has peers of its
    /// own, and their sockets all bring what any peer says.
    static func places(
        _ virtualRouterID: UInt8, from source: IPAddress, on line: Line, in instances: [Instance]
    ) -> [Int] {
        let sharing = instances.indices.filter { place in
            let configuration = instances[place].configuration
            return configuration.virtualRouterID == virtualRouterID
                && configuration.interface == line.interface
        }
        let listening = sharing.filter { Line(instances[$0].configuration) == line }
        // What is sent to a group is for all that joined it, whoever speaks.
        if case .group = line.audience { return listening }
        let known = sharing.filter { place in
            instances[place].configuration.transport.destinations.contains(source)
        }
        return known.isEmpty ? listening : listening.filter(known.contains)
    }
}
