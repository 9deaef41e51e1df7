import Testing

@testable import ConfigModel

@Suite struct LastServersTests {
    private func configuration(_ weights: [[Int]]) throws -> Configuration {
        let text = weights.enumerated().map { place, weights in
            let servers = weights.enumerated().map {
                "real_server 192.0.2.2\($0) 80 {\nweight \($1)\n}\n"
            }
            let head = "virtual_server 192.0.2.100 \(80 + place) {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n"
            return head + servers.joined() + "}\n"
        }.joined()
        return try #require(Sample.load("global_defs {\nrouter_id a\n}\n" + text).configuration)
    }

    @Test func `what leaves nobody to serve has to be confirmed`() throws {
        let two = try configuration([[1, 2], [1]])
        let none = try #require(two.emptying(by: try configuration([])))
        #expect(none == "it has none of the 2 virtual servers in force, which would all go")
        let zero = try #require(two.emptying(by: try configuration([[0, 0], [0]])))
        #expect(zero == "it has no real server of a weight above 0, and the one in force has 3")
    }

    @Test func `what leaves somebody, and what comes after nobody, has not`() throws {
        let two = try configuration([[1, 2], [1]])
        #expect(two.emptying(by: two) == nil)
        #expect(two.emptying(by: try configuration([[0, 1], [0]])) == nil)
        #expect(two.emptying(by: try configuration([[5]])) == nil)
        for old in [[], [[0]]] as [[[Int]]] {
            let before = try configuration(old)
            #expect(before.emptying(by: try configuration([])) == nil, "\(old)")
        }
    }
}
