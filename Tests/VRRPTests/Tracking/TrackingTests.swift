import NetTypes
import Testing
import VRRP

@Suite struct TrackingTests {
    @Test func `an instance tracks its own interface and nothing else unless told`() {
        let router = RouterConfiguration(
            name: "VI_1", interface: "eth0", virtualRouterID: 1, virtualAddresses: [])
        #expect(router.tracking == Tracking())
        #expect(!router.tracking.ignoresOwnInterface && router.tracking.items.isEmpty)
    }

    @Test func `what is tracked without a weight is a fault when it is lost`() {
        #expect(Tracked(.script, "s").weight == 0)
        #expect((Tracked.Kind.own + [.statics]).map(\.rawValue).allSatisfy { $0.hasPrefix("track_") })
    }
}
