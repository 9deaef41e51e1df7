/// One rule broken on purpose, to prove that the invariants notice: a checker that never goes red checks
/// nothing.
package enum Sabotage: String, Hashable, Sendable, CaseIterable {
    /// Nothing is broken.
    case none
    /// A backup does not hear priority 0, so a handover takes as long as a crash.
    case ignoresResignation
    /// A master does not hear better masters.
    case neverYields
    /// A backup advertises.
    case speaksAsBackup
    /// A crashing daemon's supervisor leaves its addresses in the kernel.
    case leavesAddressesOfTheDead
    /// A router that stops being master keeps its addresses.
    case forgetsRelease
    /// The new state is reported before the addresses are gone.
    case reportsBeforeRelease
    /// Neighbours are told of addresses that are not there yet.
    case announcesBeforeAcquiring
    /// A backup takes over long before its timer.
    case hurriesTakeover
    /// After a stall the shell delivers the timer again without reading its sockets.
    case skipsDraining
    /// After a stall a backup believes its timer before it has read its sockets.
    case decidesBeforeHearing
    /// A damaged packet resets the election.
    case actsOnDamagedPackets
    /// A backup resigns on shutdown although it is not master.
    case resignsAsBackup
    /// A backup forgets its timer.
    case neverTakesOver
    /// A director gives up mastership now and then without any reason.
    case flaps
    /// A backup follows any master although it should preempt.
    case neverPreempts
    /// A master announces itself only when it becomes one.
    case neverReannounces
    /// A master that stops takes its addresses away at once.
    case breaksBeforeMaking
    /// A master that stops waits for its successor for ever.
    case clings
    /// A master that loses the election goes without a word.
    case yieldsSilently
    /// A director does not report that it is backup.
    case hidesYielding
    /// A master answers everything that it hears.
    case amplifies
    /// A master that is given other addresses keeps those it has.
    case forgetsNewAddresses
}
