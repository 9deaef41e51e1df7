import VRRP

/// Keywords of the election that an instance has and `global_defs` gives the defaults of.
struct ElectionDraft: Sendable {
    var downTimerAdverts: Located<Int64>?
    var lowerPriorityNoAdvert: Located<Bool>?
    var higherPrioritySendAdvert: Located<Bool>?
    var ownerIgnoresAdverts: Located<Bool>?
    var skipsListOfKnownMaster: Located<Bool>?
    var messageOnlyChecksum: Located<Bool>?

    /// What `self` does not say is as in `global`.
    func inheriting(_ global: ElectionDraft) -> ElectionDraft {
        ElectionDraft(
            downTimerAdverts: downTimerAdverts ?? global.downTimerAdverts,
            lowerPriorityNoAdvert: lowerPriorityNoAdvert ?? global.lowerPriorityNoAdvert,
            higherPrioritySendAdvert: higherPrioritySendAdvert ?? global.higherPrioritySendAdvert,
            ownerIgnoresAdverts: ownerIgnoresAdverts ?? global.ownerIgnoresAdverts,
            skipsListOfKnownMaster: skipsListOfKnownMaster ?? global.skipsListOfKnownMaster,
            messageOnlyChecksum: messageOnlyChecksum ?? global.messageOnlyChecksum)
    }
}

extension ElectionOptions {
    /// What is written, else the protocol's defaults.
    init(_ draft: ElectionDraft) {
        self.init()
        downTimerAdverts = draft.downTimerAdverts?.value ?? downTimerAdverts
        answersLowerPriority = draft.lowerPriorityNoAdvert?.value != true
        tellsWinner = draft.higherPrioritySendAdvert?.value != false
        ownerIgnoresAdverts = draft.ownerIgnoresAdverts?.value == true
        skipsListOfKnownMaster = draft.skipsListOfKnownMaster?.value == true
    }
}
