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

extension InstanceDraft {
    /// What is written, else the protocol's defaults. In strict mode a master sends no advert to losers and
    /// winners, and nobody misses another number of them than 3.
    func electionOptions(_ global: GlobalDraft) -> ElectionOptions {
        let draft = election.inheriting(global.election)
        let isStrict = extras.isStrict(global)
        var options = ElectionOptions()
        if let adverts = draft.downTimerAdverts, !isStrict { options.downTimerAdverts = adverts.value }
        options.answersLowerPriority = !isStrict && draft.lowerPriorityNoAdvert?.value != true
        options.tellsWinner = !isStrict && draft.higherPrioritySendAdvert?.value != false
        options.ownerIgnoresAdverts = draft.ownerIgnoresAdverts?.value == true
        options.skipsListOfKnownMaster = draft.skipsListOfKnownMaster?.value == true
        return options
    }
}
