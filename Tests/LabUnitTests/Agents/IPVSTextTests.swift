import Testing

@testable import Lab

@Suite struct IPVSTextTests {
    @Test func `destinations are read with their weights, in order`() {
        let text = """
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port Forward Weight ActiveConn InActConn
            TCP  C0000264:0050 rr
              -> C0000216:0050      Route   1      0          0
              -> C0000215:1F90      Route   0      4          12
            FWM  00000003 rr
              -> C0000202:0000      Route   10     0          0

            """
        #expect(
            IPVSText.destinations(text) == ["192.0.2.22:80*1", "192.0.2.21:8080*0", "192.0.2.2:0*10"])
    }

    @Test(arguments: [
        "", "nonsense", "  -> zz:50 Route 1 0 0", "  -> C0000216:0050", "  -> C000:0050 Route 1",
    ])
    func `anything else has no destinations`(text: String) {
        #expect(IPVSText.destinations(text).isEmpty)
    }
}
