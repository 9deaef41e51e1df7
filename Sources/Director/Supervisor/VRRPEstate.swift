import KernelNet
import LinuxIO

/// What every vrrp role inherits and none of them takes along when it dies, since the supervisor has it, too.
final class VRRPEstate {
    /// Memory for an `AdvertBoard`: an advert is known after the death of the role that sent it.
    let adverts: OwnedFD
    private var announcements: OwnedFD?
    private var claims: OwnedFD?

    /// Without sockets, which a daemon that holds no address need not be able to open.
    init() throws(SystemError) { adverts = try AdvertBoard.make() }

    /// For the birth of a role: the memory; a socket for its `AddressAnnouncer`; one for its `ARPMonitor`,
    /// read by the role that has an assignment and by no spare one. Closing the last descriptor of a packet
    /// socket takes the kernel some 10 ms: a role with sockets of its own would count as dead only then, and
    /// its successor would come too late where adverts are 10 ms apart. The first call needs CAP_NET_RAW.
    func descriptors() throws(SystemError) -> [Int32: Descriptor] {
        if announcements == nil { announcements = try AddressAnnouncer.makeSocket() }
        if claims == nil { claims = try ARPMonitor.makeSocket() }
        var descriptors = [Inheritance.adverts: adverts.descriptor]
        descriptors[Inheritance.announcements] = announcements?.descriptor
        descriptors[Inheritance.claims] = claims?.descriptor
        return descriptors
    }
}
