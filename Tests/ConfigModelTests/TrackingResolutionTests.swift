import Testing
import VRRP

@Suite struct TrackingResolutionTests {
    @Test(arguments: [("", false), ("dont_track_primary", true)])
    func `an instance tracks its own interface unless told`(line: String, ignores: Bool) {
        #expect(Sample.router(line)?.tracking.ignoresOwnInterface == ignores)
    }
}
