/// What an instance may change of the election; the defaults are the protocol's.
package struct ElectionOptions: Hashable, Sendable, Codable {
    /// `down_timer_adverts`: how many of the master's adverts may be missed before a backup takes over,
    /// 1...100. The RFCs say 3; every router of the virtual router must say the same.
    package var downTimerAdverts: Int64 = 3
    /// False with `lower_prio_no_advert`: a master does not answer a losing master's advert, as RFC 3768
    /// has it; RFC 9568 section 6.4.3 (735) wants the answer.
    package var answersLowerPriority = true
    /// False with `higher_prio_send_advert off`: a master that yields does so without a last advert, which
    /// would make the winner tell the neighbours where the addresses are.
    package var tellsWinner = true
    /// `owner_ignore_adverts`: a router of priority 255 hears nobody, as RFC 9568 section 7.1 says and
    /// erratum 8298 advises against: two owners stay master both.
    package var ownerIgnoresAdverts = false
    /// `skip_check_adv_addr`: the addresses in an advert are compared with ours only where it comes from
    /// another master than the one before.
    package var skipsListOfKnownMaster = false

    /// All defaults.
    package init() {}
}
