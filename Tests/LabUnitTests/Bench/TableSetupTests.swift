import NetTypes
import Testing

@testable import Lab

@Suite struct TableSetupTests {
    @Test(arguments: [10, 1000, 10_000]) func `every server has an address of its own`(count: Int) {
        let setup = TableSetup(count: count)
        let lines = setup.configuration().split(separator: "\n")
        let servers = lines.filter { $0.contains("real_server") }
        #expect(servers.count == count && Set(servers).count == count)
        let services = lines.filter { $0.hasPrefix("virtual_server") }.map(String.init)
        #expect(services == setup.services.map { "virtual_server \($0.address) 80 {" })
        #expect(Set(services).count == count / 10)
    }

    @Test func `another weight changes one line`() {
        let setup = TableSetup(count: 1000, scheduler: "mh")
        let before = setup.configuration().split(separator: "\n")
        let after = setup.configuration(weight: 7).split(separator: "\n")
        #expect(zip(before, after).filter { $0 != $1 }.map { "\($1)" } == ["        weight 7"])
        #expect(before.count { $0.contains("lb_algo mh") } == 100)
    }

    @Test func `every server has its check, and is at an address that can be made local`() throws {
        let setup = TableSetup(count: 10_000, isChecked: true)
        let text = setup.configuration()
        #expect(text.split(separator: "\n").count { $0.contains("TCP_CHECK") } == 10_000)
        #expect(!TableSetup(count: 10).configuration().contains("TCP_CHECK"))
        #expect(setup.title == "10000 rr checked")
        let network = try #require(Prefix(TableSetup.addresses))
        let places = text.split(separator: "\n").filter { $0.contains("real_server") }
            .compactMap { line in IPAddress(String(line.split(separator: " ")[1])) }
        #expect(places.count == 10_000 && places.allSatisfy(network.contains))
    }

    @Test func `a title says what, and a large table gets more time`() {
        #expect(TableSetup(count: 10_000, scheduler: "wrr").title == "10000 wrr")
        #expect(TableSetup(count: 10_000).patience > TableSetup(count: 1000).patience)
    }
}
