import LoadBalancing
import NetTypes
import Testing

@Suite struct IPVSTableTests {
    @Test func `settings are the service without its destinations`() {
        let service = kernelService([destination(21)])
        #expect(service.settings.destinations.isEmpty)
        #expect(service.settings == kernelService())
        #expect(service != service.settings)
    }

    @Test func `flags have the kernel's bits`() {
        let all: ServiceFlags = [.onePacket, .scheduler1, .scheduler2, .scheduler3]
        #expect(all.rawValue == 0x3C)
    }

    @Test func `a destination has no limits and plain tunnels unless told`() {
        let one = destination(21)
        #expect(one.upperThreshold == 0 && one.lowerThreshold == 0 && one.encapsulation == .ipip)
        #expect(Encapsulation.ipip == Encapsulation(type: 0, port: 0, flags: 0))
    }

    @Test func `no thread runs unless told`() {
        #expect(SyncDaemonState().master == nil && SyncDaemonState().backup == nil)
    }
}
