import ConfigModel
import NetTypes
import Testing
import VRRP

@testable import Director

@Suite struct ConfigurationSourceTests {
    static let choices: [(given: String?, present: [String], path: String)] = [
        ("/x", [], "/x"), ("/x", ["/etc/holdfast/holdfast.conf"], "/x"),
        (
            nil, ["/etc/holdfast/holdfast.conf", "/etc/keepalived/keepalived.conf"],
            "/etc/holdfast/holdfast.conf"
        ),
        (nil, ["/etc/keepalived/keepalived.conf"], "/etc/keepalived/keepalived.conf"),
        (nil, [], "/etc/holdfast/holdfast.conf"),
    ]

    @Test(arguments: choices) func `the file is the given one or the first default`(
        given: String?, present: [String], path: String
    ) {
        #expect(ConfigurationSource.choose(given, exists: present.contains) == path)
    }

    @Test func `a digest is seven digits of all octets in order`() {
        // SHA-256 of "abc" (FIPS 180-4) begins with ba7816bf.
        #expect(ConfigurationSource.digest(of: [Array("abc".utf8)]) == "ba7816b")
        #expect(ConfigurationSource.digest(of: [Array("a".utf8), Array("bc".utf8)]) == "ba7816b")
        #expect(ConfigurationSource.digest(of: []) == "e3b0c44")
    }

    @Test func `a file is loaded, and a missing one is an error with its name`() throws {
        let scratch = try ScratchDirectory()
        var options = Options()
        options.file = try scratch.write(
            "good.conf",
            """
            vrrp_instance VI_1 {
                interface eth0
                virtual_router_id 51
                priority 100
                virtual_ipaddress {
                    192.0.2.100/24
                }
            }

            """)
        let loaded = ConfigurationSource(options).load()
        #expect(loaded.configuration?.instances.map(\.name) == ["VI_1"])
        options.file = "\(scratch.path)/none.conf"
        let missing = ConfigurationSource(options).load()
        #expect(missing.hasErrors && missing.exitCode == 4)
        #expect(missing.lines.contains { $0.contains("none.conf") })
    }

    @Test func `a pattern of files, the environment and the config-id reach the file`() throws {
        let scratch = try ScratchDirectory()
        _ = try scratch.write(
            "part.inc", "vrrp_instance ${_INSTANCE} {\ninterface eth0\nvirtual_router_id 51\n$BODY\n")
        var options = Options()
        options.configID = "left"
        options.file = try scratch.write(
            "main.conf",
            "$BODY= \\\nvirtual_ipaddress { \\\n192.0.2.100/24 \\\n} \\\n}\ninclude *.inc\n"
                + "global_defs {\nrouter_id \"${_ENV PATH}\"\n}\n")
        let loaded = ConfigurationSource(options).load()
        #expect(loaded.configuration?.instances.map(\.name) == ["left"], "\(loaded.text)")
        #expect(loaded.configuration?.global.routerID?.contains("/bin") == true)
    }

    @Test func `what the daemon has put into the host itself is no news of the host`() throws {
        let (own, held) = (try #require(Prefix("192.0.2.2/24")), try #require(Prefix("192.0.2.100/24")))
        var host = HostDescription()
        host.interfaces = [
            HostDescription.Interface("eth0", addresses: [own, held]),
            HostDescription.Interface("eth1", addresses: [held]),
            HostDescription.Interface("vrrp.51", addresses: [held]),
        ]
        let mac = try #require(MACAddress("00:00:5e:00:01:33"))
        let claims = [
            Claim.address(interface: "eth0", held), .interface(name: "vrrp.51", mac),
        ]
        let rest = [
            HostDescription.Interface("eth0", addresses: [own]),
            HostDescription.Interface("eth1", addresses: [held]),
        ]
        #expect(host.without(claims).interfaces == rest)
        #expect(HostDescription().without(claims) == HostDescription())
    }
}
