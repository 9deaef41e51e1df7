import ConfigModel
import ConfigSyntax
import Testing

@Suite struct ServiceIdentityChecksTests {
    @Test func `a service is configured once`() {
        let service = Sample.service()
        #expect(Sample.codes(service + service) == [.duplicateVirtualServer])
        #expect(
            Sample.codes(
                service
                    + Sample.service(lines: "protocol UDP").replacing(
                        "TCP_CHECK {\n}", with: "MISC_CHECK {\nmisc_path /bin/x\n}")) == [])
        #expect(Sample.codes(service + Sample.service("192.0.2.101 80")) == [])
        #expect(
            Sample.codes(service + Sample.service("192.0.2.100 81", servers: Sample.server("192.0.2.21 81")))
                == [])
    }

    @Test func `a mark is one service in each family`() {
        let service = Sample.service("fwmark 3", lines: "")
        #expect(Sample.codes(service + service) == [.duplicateVirtualServer])
        let other = Sample.service("fwmark 3 inet6", lines: "", servers: Sample.server("2001:db8::21 80"))
        #expect(Sample.codes(service + other) == [])
        // The family comes from the servers where it is not written.
        let implied = Sample.service("fwmark 3", lines: "", servers: Sample.server("2001:db8::21 80"))
        #expect(Sample.codes(other + implied) == [.duplicateVirtualServer])
    }

    @Test func `an address that no instance holds is said where there are instances`() {
        let service = Sample.service("192.0.2.101 80")
        #expect(Sample.codes(service) == [])
        #expect(Sample.codes(Sample.instance() + service) == [.addressWithoutInstance])
        #expect(Sample.codes(Sample.instance(address: 101) + service) == [])
        let excluded = Sample.instance(lines: "virtual_ipaddress_excluded {\n192.0.2.101/32\n}")
        #expect(Sample.codes(excluded + service) == [])
        #expect(Sample.codes(Sample.instance() + Sample.service("fwmark 3", lines: "")) == [])
        let bad = Sample.instance(lines: "virtual_ipaddress {\n192.0.2.1O1/32\n}")
        #expect(Sample.codes(bad + service) == [.invalidAddress])
        let none = Sample.instance().replacing("192.0.2.100/24", with: "")
        #expect(Sample.codes(none + service) == [.missingKeyword])
    }

    @Test func `a service that no_accept keeps clients from is said`() {
        let service = Sample.service()
        #expect(Sample.codes(Sample.instance(lines: "no_accept") + service) == [.refusedService])
        #expect(Sample.codes(Sample.instance(lines: "accept") + service) == [])
        #expect(Sample.codes(Sample.instance(lines: "no_accept\naccept") + service) == [.givenTwice])
        #expect(
            Sample.codes(
                Sample.instance(lines: "no_accept\nvirtual_ipaddress_excluded {\n192.0.2.101/32\n}")
                    + Sample.service("192.0.2.101 80")) == [.refusedService])
        // The owner accepts whatever is written.
        let owner = Sample.instance(lines: "state MASTER\nno_accept") + service
        #expect(Set(Sample.codes(owner)) == [.impliedOwner, .keywordWithoutEffect])
    }
}
