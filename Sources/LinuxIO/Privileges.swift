import CLinux
import Glibc

/// What this process may do, and giving most of it up for good.
package enum Privileges {
    /// The user id in force.
    package static var effectiveUser: UInt32 { geteuid() }

    /// The capabilities in force.
    package static func effective() throws(SystemError) -> CapabilitySet {
        var (effective, permitted, inheritable): (UInt64, UInt64, UInt64) = (0, 0, 0)
        let result = unsafe hf_get_capabilities(&effective, &permitted, &inheritable)
        guard result >= 0 else { throw SystemError("read capabilities", Errno(rawValue: -result)) }
        return CapabilitySet(rawValue: effective)
    }

    /// Whether no program started from here can gain privileges (PR_GET_NO_NEW_PRIVS).
    package static var hasNoNewPrivileges: Bool { hf_get_no_new_privileges() == 1 }

    /// Becomes `account` (nil: stays the user it is) with the capabilities `keeping` and no way back: the
    /// bounding set is emptied but for them, inheritable and ambient sets are empty, and no_new_privs is set.
    /// Programs started afterwards by a non-root user have no capability at all. RLIMIT_RTPRIO becomes 0: a
    /// service manager may allow real-time scheduling for one role, which has it by then. For processes with
    /// one thread. On failure the process may be half-dropped and MUST exit.
    package static func drop(to account: UserAccount?, keeping: CapabilitySet) throws(SystemError) {
        try SystemError.naming("drop privileges") { () throws(Errno) in
            try Errno.check(hf_forbid_real_time())
            let before = try held()
            let keeping = keeping.rawValue & before.permitted
            if before.effective & 1 << Capability.setCapabilities.rawValue != 0 { try empty(but: keeping) }
            if let account {
                try Errno.check(hf_set_keep_capabilities(1))
                let groups = account.groups
                try Errno.check(unsafe hf_set_groups(groups, groups.count))
                try Errno.check(hf_set_user(account.user, account.group))
                try Errno.check(hf_set_keep_capabilities(0))
            }
            try Errno.check(hf_clear_ambient())
            try Errno.check(hf_set_capabilities(keeping, keeping, 0))
            try Errno.check(hf_set_no_new_privileges())
            let after = try held()
            // The kernel did as it was told, or the process must not go on believing so.
            guard after.effective == keeping, after.permitted == keeping, hasNoNewPrivileges,
                account.map({ getuid() == $0.user && geteuid() == $0.user && getegid() == $0.group }) ?? true
            else { throw .notPermitted }
        }
    }

    private static func held() throws(Errno) -> (effective: UInt64, permitted: UInt64) {
        var (effective, permitted, inheritable): (UInt64, UInt64, UInt64) = (0, 0, 0)
        try Errno.check(unsafe hf_get_capabilities(&effective, &permitted, &inheritable))
        return (effective, permitted)
    }

    private static func empty(but keeping: UInt64) throws(Errno) {
        for number in 0..<CInt(64) where keeping >> UInt64(number) & 1 == 0 {
            // The kernel refuses to speak of capabilities it does not know: there the numbers end.
            guard hf_bounding_has(number) >= 0 else { return }
            try Errno.check(hf_drop_bounding(number))
        }
    }
}
