import NetTypes
import Testing
import VRRP

@Suite struct TrackingTests {
    @Test func `an instance tracks its own interface and nothing else unless told`() {
        let router = RouterConfiguration(
            name: "VI_1", interface: "eth0", virtualRouterID: 1, virtualAddresses: [])
        #expect(router.tracking == Tracking())
        #expect(!router.tracking.ignoresOwnInterface)
    }
}
