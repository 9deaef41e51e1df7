import CLinux
import Timekeeping

/// How the kernel schedules this process and what memory it may lose.
package enum Scheduling {
    /// Round-robin real-time scheduling at `priority` (1...99), not inherited by children
    /// (SCHED_RESET_ON_FORK); keyword `vrrp_rt_priority`. Needs CAP_SYS_NICE.
    package static func becomeRealTime(priority: Int32) throws(SystemError) {
        try SystemError.naming("set real-time priority \(priority)") { () throws(Errno) in
            guard (1...99).contains(priority) else { throw .invalid }
            try Errno.check(hf_set_real_time(priority))
        }
    }

    /// True when this thread runs under SCHED_RR.
    package static var isRealTime: Bool { hf_get_policy() & 0xFF == 2 }

    /// Bounds how long a real-time process may run without sleeping (RLIMIT_RTTIME): SIGXCPU at `soft`,
    /// SIGKILL at `hard`; a loop gone mad then costs itself and not the machine. Keyword
    /// `vrrp_rlimit_rttime`.
    package static func limitRealTime(soft: Interval, hard: Interval) throws(SystemError) {
        let (soft, hard) = (max(1, soft.nanoseconds / 1000), max(1, hard.nanoseconds / 1000))
        try SystemError.naming("limit real-time execution") { () throws(Errno) in
            try Errno.check(hf_limit_real_time(UInt64(soft), UInt64(hard)))
        }
    }

    /// Keeps the memory of this process from being paged out, now and in future (mlockall). With `onFault`
    /// only pages that have been touched are locked, which halves the memory held. Needs CAP_IPC_LOCK, and
    /// CAP_SYS_RESOURCE where RLIMIT_MEMLOCK is low: without a raised limit a process that later drops
    /// CAP_IPC_LOCK would get no memory any more, so then nothing is locked (EPERM) and the caller goes on
    /// unlocked.
    package static func lockMemory(onFault: Bool) throws(SystemError) {
        try SystemError.naming("lock memory") { () throws(Errno) in
            try Errno.check(hf_lock_memory(onFault ? 1 : 0))
        }
    }

    /// Gives memory that is free, and lies between what is in use, back to the kernel (malloc_trim(3)): after
    /// work that needed far more than what is left of it. Takes milliseconds with a large heap.
    package static func releaseFreeMemory() { hf_release_free_memory() }

    /// Asks for `count` descriptors (soft RLIMIT_NOFILE); the limit reached, which the hard limit bounds.
    @discardableResult
    package static func allowDescriptors(_ count: Int) throws(SystemError) -> Int {
        try SystemError.naming("allow \(count) descriptors") { () throws(Errno) in
            try Errno.check(hf_limit_descriptors(UInt64(max(0, count))))
        }
    }

    /// Does nothing for `interval`.
    package static func sleep(_ interval: Interval) {
        let end = Clock.now() + interval
        while case let rest = end - Clock.now(), rest > .zero { hf_sleep(rest.nanoseconds) }
    }

    /// Lets this process be sent `signal` when its parent dies; nil for none (PR_SET_PDEATHSIG). The parent
    /// may have died before: compare `HostFacts.parentProcess` afterwards.
    package static func dieWithParent(_ signal: Signal?) throws(SystemError) {
        try SystemError.naming("follow the parent's death") { () throws(Errno) in
            try Errno.check(hf_set_parent_death_signal(signal?.rawValue ?? 0))
        }
    }

    /// The name that ps and top show; the kernel keeps 15 octets.
    package static func setProcessName(_ name: String) { _ = unsafe hf_set_name(name) }
}
