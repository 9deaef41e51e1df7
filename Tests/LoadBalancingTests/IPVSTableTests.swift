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

    @Test(
        arguments: [
            (0, 0, 0, ""), (1, 6080, 0, "type gue port 6080"), (1, 6080, 2, "type gue port 6080 remcsum"),
            (2, 0, 0, "type gre"), (2, 0, 1, "type gre csum"),
        ] as [(UInt8, UInt16, UInt16, String)])
    func `a wrapping is said in the words of the file`(
        type: UInt8, port: UInt16, flags: UInt16, words: String
    ) {
        let wrapping = Encapsulation(type: type, port: port, flags: flags)
        #expect(wrapping.words.joined(separator: " ") == words)
    }

    @Test func `no thread runs unless told`() {
        #expect(SyncDaemonState().master == nil && SyncDaemonState().backup == nil)
    }
}
