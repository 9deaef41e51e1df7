import CLinux

/// A user as the system's databases know it: who a program is to run as.
package struct UserAccount: Hashable, Sendable, CustomStringConvertible {
    /// The login name, or the number as text when it came by number.
    package let name: String
    /// The user id.
    package let user: UInt32
    /// The primary group, or the one that was asked for.
    package let group: UInt32
    /// Supplementary groups, the primary one included.
    package let groups: [UInt32]

    /// A user made of its numbers, with no groups beside the primary one.
    package init(name: String, user: UInt32, group: UInt32) {
        self.name = name
        self.user = user
        self.group = group
        groups = [group]
    }

    /// The most supplementary groups that are kept.
    private static var groupLimit: Int { 1024 }

    /// Looks `name` up, with its groups; nil when there is no such user. `groupName` replaces the primary
    /// group (keyword `script_user USER GROUP`) and then no others are kept; a missing group is nil too.
    package static func find(
        _ name: String, group groupName: String? = nil
    ) throws(SystemError) -> UserAccount? {
        var user: UInt32 = 0
        var group: UInt32 = 0
        let found = unsafe hf_find_user(name, &user, &group)
        guard found >= 0 else { throw SystemError("look up user \(name)", Errno(rawValue: -found)) }
        guard found == 1 else { return nil }
        if let groupName {
            let found = unsafe hf_find_group(groupName, &group)
            guard found >= 0 else { throw SystemError("look up group \(groupName)", Errno(rawValue: -found)) }
            return found == 1 ? UserAccount(name: name, user: user, group: group) : nil
        }
        var count: CInt = 0
        let groups = unsafe [UInt32](unsafeUninitializedCapacity: groupLimit) { buffer, initialized in
            count = unsafe hf_group_list(name, group, buffer.baseAddress, CInt(groupLimit))
            initialized = max(0, Int(count))
        }
        guard count >= 0 else {
            throw SystemError("list the groups of user \(name)", Errno(rawValue: -count))
        }
        return UserAccount(name: name, user: user, group: group, groups: groups)
    }

    /// A user made of its numbers, with all its groups.
    package init(name: String, user: UInt32, group: UInt32, groups: [UInt32]) {
        self.name = name
        self.user = user
        self.group = group
        self.groups = groups
    }

    /// `nobody (uid 65534, gid 65534)`.
    package var description: String { "\(name) (uid \(user), gid \(group))" }
}

extension UserAccount {
    /// The id of the group called `name`; nil when there is none.
    package static func group(_ name: String) throws(SystemError) -> UInt32? {
        var group: UInt32 = 0
        let found = unsafe hf_find_group(name, &group)
        guard found >= 0 else { throw SystemError("look up group \(name)", Errno(rawValue: -found)) }
        return found == 1 ? group : nil
    }
}
