import NetTypes

/// A configuration of many services, as generators write them.
package struct ServiceFile: Hashable, Sendable {
    /// How many `virtual_server` blocks: 1...65536.
    package let services: Int
    /// How many `real_server` blocks in each.
    package let servers: Int

    /// A file of `services` x `servers`.
    package init(services: Int, servers: Int) {
        self.services = services
        self.servers = servers
    }

    /// How people call it.
    package var title: String {
        services == 1 ? "1 service x \(servers) servers" : "\(services) services x \(servers) servers"
    }

    /// The whole text. Addresses repeat after 2^24 servers.
    package var text: String {
        var text = "global_defs {\n    router_id bench\n}\n"
        var count: UInt32 = 0
        for service in 0..<services {
            text += "virtual_server \(Self.address(0xC612_0000, UInt32(service))) 80 {\n"
            text += "    delay_loop 10\n    lb_algo wrr\n    lb_kind NAT\n    protocol TCP\n"
            for _ in 0..<servers {
                text += "    real_server \(Self.address(0x0A00_0000, count)) 8080 {\n        weight 1\n"
                text += "        TCP_CHECK {\n            connect_timeout 3\n        }\n    }\n"
                count = (count + 1) & 0x00FF_FFFF
            }
            text += "}\n"
        }
        return text
    }

    private static func address(_ base: UInt32, _ number: UInt32) -> IPv4Address {
        IPv4Address(rawValue: base + number)
    }
}
