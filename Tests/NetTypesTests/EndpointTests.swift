import NetTypes
import Testing

@Suite struct EndpointTests {
    @Test func `IPv6 gets brackets`() throws {
        let v4 = try #require(IPAddress("192.0.2.1"))
        let v6 = try #require(IPAddress("2001:db8::1"))
        #expect(Endpoint(v4, port: 80).description == "192.0.2.1:80")
        #expect(Endpoint(v6, port: 80).description == "[2001:db8::1]:80")
    }

    @Test(arguments: [
        "192.0.2.1:80", "[2001:db8::1]:80", "[::]:0", "0.0.0.0:65535", "[fe80::1:2]:1",
    ])
    func `what is written reads back`(text: String) throws {
        let endpoint = try #require(Endpoint(text))
        #expect(endpoint.description == text)
    }

    @Test(arguments: [
        "", ":", "80", "192.0.2.1", "192.0.2.1:", ":80", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:+1",
        "192.0.2.1:000080", "192.0.2.1: 80", "2001:db8::1:80", "[2001:db8::1]", "[192.0.2.1]:80", "[]:80",
        "[2001:db8::1:80", "192.0.2.1:\u{0663}", "host:80",
    ])
    func `anything else is none`(text: String) { #expect(Endpoint(text) == nil) }

    @Test func `order is by address, then port`() throws {
        let low = try #require(IPAddress("192.0.2.1"))
        let high = try #require(IPAddress("192.0.2.2"))
        #expect(Endpoint(low, port: 443) < Endpoint(high, port: 80))
        #expect(Endpoint(low, port: 80) < Endpoint(low, port: 443))
    }
}
