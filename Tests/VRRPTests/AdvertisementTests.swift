import NetTypes
import Testing
import VRRP

@Suite struct AdvertisementTests {
    @Test func `a trace line says what matters and never the password`() {
        let advertisement = Advertisement.make(authentication: .password(Array("secret".utf8)))
        #expect(advertisement.description == "v2 vrid 51 prio 150 int 1.000 s [10.99.0.100]")
        #expect("\(advertisement.authentication)" == "PASS")
        #expect(String(reflecting: advertisement.authentication) == "PASS")
        #expect(String(reflecting: Authentication.header(key: [115])) == "AH")
        #expect(
            !String(describing: RouterConfiguration.make(authentication: advertisement.authentication))
                .contains("115"))
    }

    @Test func `the numbers are those of the protocol`() {
        #expect(VRRPNumbers.ipProtocol == 112)
        #expect(VRRPNumbers.group.description == "224.0.0.18")
        #expect(VRRPNumbers.timeToLive == 255)
    }
}
