import ConfigSyntax
import Testing

@testable import ConfigModel

/// That the outcome is the same as that of reading everything is tested in `ReadingAgainTests`.
@Suite struct ConfigurationReadingTests {
    private func load(_ text: String, configID: String = "a", after former: LoadResult? = nil) -> LoadResult {
        let surroundings = Surroundings(configID: configID) { _ in .success(Array(text.utf8)) }
        return ConfigurationLoader.load(path: "t", surroundings, after: former)
    }

    private let instance = Sample.instance()
    private let services = (1...5).map { Sample.service("192.0.2.100 \($0)", kind: "NAT") }

    /// How many services of `text` are the ones that were read before.
    private func taken(_ text: String, configID: String = "a", after former: LoadResult) -> Int {
        load(text, configID: configID, after: former).memory.takenOver
    }

    @Test func `only services that have changed are read`() {
        let former = load(instance + services.joined())
        #expect(former.memory.services.count == 5)
        #expect(taken(instance + services.joined(), after: former) == 5)
        #expect(taken(services.joined() + instance, after: former) == 5)
        #expect(taken("# one line more\n" + instance + services.reversed().joined(), after: former) == 5)
        #expect(taken(instance + services.dropFirst().joined(), after: former) == 4)
        let changed = services.joined().replacing("100 3 {\nlb_algo rr", with: "100 3 {\nlb_algo wlc")
        #expect(taken(instance + changed, after: former) == 4)
        #expect(load(instance + changed, after: former).memory.services.count == 5)
        #expect(
            taken(instance + services.joined() + Sample.service("192.0.2.100 6", kind: "NAT"), after: former)
                == 5)
    }

    @Test(arguments: ["$X=1\n", "global_defs {\n}\n", "vrrp_sync_group G {\nVI_1\n}\n"])
    func `where anything else has changed, everything is read`(more: String) {
        let former = load(instance + services.joined())
        #expect(taken(more + instance + services.joined(), after: former) == 0)
    }

    @Test func `everything is read under another config-id, and after a fault`() {
        let former = load(instance + services.joined())
        #expect(taken(instance + services.joined(), configID: "b", after: former) == 0)
        let bad = load(instance + services.joined() + "}", after: former)
        #expect(bad.hasErrors && bad.memory.isEmpty)
        #expect(taken(instance + services.joined(), after: bad) == 0)
    }

    @Test func `what a service says must be all in its text`() {
        let group = "virtual_server_group G {\n192.0.2.100 90\n}\n"
        #expect(!load(Sample.service()).memory.isEmpty)
        for text in [
            group + Sample.service("group G", kind: "NAT"), "$P=80\n" + Sample.service("192.0.2.100 $P"),
            " " + Sample.service(), Sample.service(lines: "protocol TCP#x"),
        ] {
            let result = load(text)
            #expect(result.configuration != nil && result.memory.isEmpty)
        }
    }

    @Test func `what was said of a service is said again where it is now`() {
        let odd = Sample.service("192.0.2.100 80").replacing("lb_algo rr\n", with: "")
        let former = load(instance + odd)
        let again = load("\n\n" + instance + odd, after: former)
        #expect(again.memory.services.count == 1)
        #expect(again.memory.takenOver == 1)
        #expect(former.lines.map { $0.prefix(5) } == ["t:9:1"])
        #expect(again.lines.map { $0.prefix(6) } == ["t:11:1"])
    }
}
