import NetTypes

/// The host that a configuration is to run on, as far as it was asked: a value, so that what is concluded
/// from it needs no host. What could not be found out is not there, and nothing is concluded from that.
package struct HostDescription: Hashable, Sendable {
    /// What came of looking something up.
    package enum Answer<Value: Hashable & Sendable>: Hashable, Sendable {
        /// There is such a thing.
        case present(Value)
        /// There is none.
        case absent
    }

    /// A network interface.
    package struct Interface: Hashable, Sendable {
        /// As the kernel names it.
        package var name: String
        /// True for the one that only this host hears.
        package var isLoopback: Bool
        /// Its addresses, with the networks they are in.
        package var addresses: [Prefix]
        /// The largest packet, in octets.
        package var mtu: UInt32

        /// An interface.
        package init(
            _ name: String, isLoopback: Bool = false, addresses: [Prefix] = [], mtu: UInt32 = 1500
        ) {
            self.name = name
            self.isLoopback = isLoopback
            self.addresses = addresses
            self.mtu = mtu
        }
    }

    /// What stat(2) says of a file, a symbolic link followed.
    package struct File: Hashable, Sendable {
        /// True for a directory.
        package var isDirectory: Bool
        /// The permission bits, 0...0o7777.
        package var mode: UInt32
        /// The user id of its owner.
        package var owner: UInt32
        /// The id of its group.
        package var group: UInt32

        /// A file.
        package init(isDirectory: Bool = false, mode: UInt32 = 0o755, owner: UInt32 = 0, group: UInt32 = 0) {
            self.isDirectory = isDirectory
            self.mode = mode
            self.owner = owner
            self.group = group
        }

        /// Somebody other than root can change it, or what is in it.
        package var isChangeableByOthers: Bool {
            owner != 0 || mode & 0o002 != 0 || (mode & 0o020 != 0 && group != 0)
        }
    }

    /// A user, by number.
    package struct Account: Hashable, Sendable {
        /// The user id.
        package var user: UInt32
        /// The ids of all its groups.
        package var groups: Set<UInt32>

        /// A user.
        package init(user: UInt32, groups: Set<UInt32>) {
            self.user = user
            self.groups = groups
        }
    }

    /// Where a kernel module is.
    package enum Module: Hashable, Sendable {
        /// In the kernel, loaded or built in.
        case loaded
        /// In a file that modprobe(8) finds; the kernel loads it when it is asked for.
        case loadable
    }

    /// Every interface; nil when they could not be listed.
    package var interfaces: [Interface]?
    /// By absolute path.
    package var files: [String: Answer<File>] = [:]
    /// By login name.
    package var users: [String: Answer<Account>] = [:]
    /// The ids of groups, by name.
    package var groups: [String: Answer<UInt32>] = [:]
    /// Groups that there are, to suggest from; by no means all of them.
    package var knownGroups: [String] = []
    /// By name, with underscores.
    package var modules: [String: Answer<Module>] = [:]
    /// The first line of files below /proc/sys, by path from there.
    package var settings: [String: String] = [:]

    /// The interfaces by which this host reaches addresses that were asked for.
    package var ways: [IPAddress: String] = [:]

    /// A host of which nothing is known.
    package init() {}

    /// The interface called `name`.
    func interface(_ name: String) -> Interface? { interfaces?.first { $0.name == name } }

    /// The interface on which `address` is a neighbour: as the kernel has said, or else, of those whose
    /// networks it is in, the one with the narrowest.
    func neighbouring(_ address: IPAddress) -> Interface? {
        func width(_ interface: Interface) -> UInt8? {
            interface.addresses.filter { $0.contains(address) }.map(\.length).max()
        }
        let near = (interfaces ?? []).filter { !$0.isLoopback && width($0) != nil }
        if let way = ways[address] { return near.first { $0.name == way } }
        return near.max { (width($0) ?? 0) < (width($1) ?? 0) }
    }

    /// The interfaces that have `address`.
    func interfaces(with address: IPAddress) -> [Interface] {
        (interfaces ?? []).filter { $0.addresses.contains { $0.address == address } }
    }
}
