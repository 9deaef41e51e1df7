import ConfigSyntax
import NetTypes
import Testing

@testable import ConfigModel

@Suite struct HostChecksTests {
    /// A director with one interface, everything in the kernel, and root's programs.
    private func host(_ change: (inout HostDescription) -> Void = { _ in }) throws -> HostDescription {
        var host = HostDescription()
        host.interfaces = [
            HostDescription.Interface("lo", isLoopback: true, addresses: [try prefix("127.0.0.1/8")]),
            HostDescription.Interface("eth0", addresses: [try prefix("192.0.2.2/24")]),
        ]
        for path in ["/", "/x"] { host.files[path] = .present(HostDescription.File(isDirectory: true)) }
        host.files["/x/ok"] = .present(HostDescription.File())
        host.users["u"] = .present(HostDescription.Account(user: 7, groups: [7]))
        for module in ["ip_vs", "ip_vs_rr"] { host.modules[module] = .present(.loaded) }
        host.settings = ["net/ipv4/ip_forward": "1"]
        change(&host)
        return host
    }

    private func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

    private func codes(
        _ text: String, _ change: (inout HostDescription) -> Void = { _ in }
    ) throws -> [DiagnosticCode] {
        Sample.load(text).seen(on: try host(change)).diagnostics.map(\.code)
    }

    private func script(_ path: String, security: Bool = true, user: String = "u") -> String {
        (security ? "global_defs {\nenable_script_security\n}\n" : "")
            + Sample.service(
                servers: Sample.server(
                    "192.0.2.21 80", "MISC_CHECK {\nmisc_path \"\(path)\"\nuser \(user)\n}"))
    }

    @Test func `a host that has everything has nothing to say`() throws {
        #expect(try codes(Sample.instance() + Sample.service()) == [])
        #expect(try codes(script("/x/ok")) == [])
    }

    @Test func `nothing is concluded from what could not be found out`() {
        let text = Sample.instance(lines: "priority 255") + script("/nowhere", security: false)
        let codes = Sample.load(text).seen(on: HostDescription()).diagnostics.map(\.code)
        #expect(codes == [.claimsOwnership, .scriptSecurityOff])
    }

    @Test func `an interface that is missing is told once, with the nearest that is there`() throws {
        let text = Sample.instance().replacing("eth0", with: "eth1").replacing(
            "100/24", with: "100/24 dev eth1")
        let found = Sample.load(text).seen(on: try host()).diagnostics
        #expect(found.map(\.code) == [.missingInterface])
        #expect(found.first?.suggestion == "eth0" && found.first?.related.count == 1)
        let allowed = "global_defs {\ndynamic_interfaces\n}\n"
        #expect(try codes(allowed + text) == [])
        #expect(
            try codes("global_defs {\nlvs_sync_daemon eth7 VI_1\n}\n" + Sample.instance()) == [
                .missingInterface
            ])
    }

    @Test func `what use_vmac makes is not missed, and its addresses are where they are to be`() throws {
        let text = Sample.instance(lines: "use_vmac\nvirtual_ipaddress {\n192.0.2.101/24 dev vrrp.51\n}")
        #expect(try codes(text) == [])
        let held = try prefix("192.0.2.100/24")
        func holding(_ name: String) throws -> [DiagnosticCode] {
            try codes(text) {
                $0.interfaces?.append(HostDescription.Interface(name, addresses: [held]))
            }
        }
        #expect(try holding("vrrp.51") == [])
        #expect(try holding("eth1") == [.addressElsewhere])
    }

    @Test func `adverts need an interface that others hear, and an address`() throws {
        #expect(try codes(Sample.instance().replacing("eth0", with: "lo")) == [.unsuitableInterface])
        #expect(try codes(Sample.instance()) { $0.interfaces?[1].addresses = [] } == [.unsuitableInterface])
    }

    @Test func `only an owner has priority 255`() throws {
        let text = Sample.instance(lines: "priority 255")
        #expect(try codes(text) == [.notOwner])
        let own = try prefix("192.0.2.100/24")
        #expect(try codes(text) { $0.interfaces?[1].addresses.append(own) } == [])
    }

    @Test func `a virtual address belongs to no other interface`() throws {
        let address = try prefix("192.0.2.100/32")
        let other = HostDescription.Interface("eth9", addresses: [address])
        #expect(try codes(Sample.instance()) { $0.interfaces?.append(other) } == [.addressElsewhere])
        #expect(try codes(Sample.instance()) { $0.interfaces?[0].addresses.append(address) } == [])
        for (all, own, codes) in [("0", "0", [DiagnosticCode.answersARP]), ("1", "0", []), ("0", "1", [])] {
            let found = try self.codes(Sample.instance()) {
                $0.interfaces?[0].addresses.append(address)
                $0.settings["net/ipv4/conf/all/arp_ignore"] = all
                $0.settings["net/ipv4/conf/eth0/arp_ignore"] = own
            }
            #expect(found == codes)
        }
    }

    @Test func `a director is its own real server only with the guard`() throws {
        let service = Sample.service(servers: Sample.server("192.0.2.2 80"))
        #expect(try codes(Sample.instance() + service) == [.ownRealServer])
        #expect(try codes(Sample.instance() + service.replacing("DR", with: "NAT")) == [])
        let sync = "global_defs {\nlvs_sync_daemon eth0 VI_1\n}\nloop_guard {\npeer 192.0.2.3\n}\n"
        let guarded = service.replacing("protocol TCP", with: "protocol TCP\nloop_guard")
        #expect(try codes(sync + Sample.instance() + guarded) == [])
        let wrong = sync.replacing("192.0.2.3", with: "192.0.2.2")
        #expect(try codes(wrong + Sample.instance() + guarded) == [.guardPeerIsOwn])
    }

    @Test func `direct routing reaches the networks of the host, whatever the file says`() throws {
        let service = Sample.service(servers: Sample.server("198.51.100.1 80"))
        let far = try prefix("198.51.100.9/24")
        #expect(Sample.codes(Sample.instance() + service) == [.foreignNetwork])
        #expect(try codes(Sample.instance() + service) == [.unreachableServer])
        #expect(try codes(Sample.instance() + service) { $0.interfaces?[1].addresses.append(far) } == [])
    }

    @Test func `probes go out from an address and an interface of the host`() throws {
        func found(_ line: String) throws -> [DiagnosticCode] {
            let check = Sample.server("192.0.2.21 80", "TCP_CHECK {\n\(line)\n}")
            return try codes(Sample.instance() + Sample.service(servers: check))
        }
        #expect(try found("bindto 192.0.2.2") == [])
        #expect(try found("bindto 192.0.2.100") == [])
        #expect(try found("bindto 192.0.2.9") == [.foreignSource])
        #expect(try found("bind_if eth0") == [])
        #expect(try found("bind_if eth5") == [.missingInterface])
    }

    @Test(arguments: [("", "iptables-restore"), ("global_defs {\nloop_guard_backend nftables\n}\n", "nft")])
    func `what writes the loop guard's rules must be installed`(global: String, program: String) throws {
        let text =
            global + "loop_guard {\npeer_mac 02:00:00:00:00:0b\n}\n"
            + Sample.service(lines: "protocol TCP\nloop_guard")
        let loaded = Sample.load(text)
        let places = ProgramSearch.candidates(program)
        #expect(loaded.questions.paths.isSuperset(of: places))
        func isMissed(_ change: (inout HostDescription) -> Void) throws -> Bool {
            let seen = loaded.seen(
                on: try host { host in
                    for path in places { host.files[path] = .absent }
                    change(&host)
                })
            return seen.diagnostics.contains {
                $0.code == .missingProgram && $0.message.contains("program \(program),")
            }
        }
        #expect(try isMissed { _ in })
        #expect(try !isMissed { $0.files["/usr/sbin/\(program)"] = .present(HostDescription.File()) })
        #expect(try !isMissed { $0.files["/usr/sbin/\(program)"] = nil })
    }

    @Test func `a program by name is looked for, and what is found is judged`() throws {
        func found(_ change: (inout HostDescription) -> Void) throws -> [DiagnosticCode] {
            try codes(script("ok")) { host in
                for path in ProgramSearch.candidates("ok") { host.files[path] = .absent }
                change(&host)
            }
        }
        let good = HostDescription.Answer.present(HostDescription.File())
        #expect(try found { _ in } == [.missingProgram])
        #expect(try found { $0.files["/usr/bin/ok"] = good } == [])
        #expect(
            try found { $0.files["/usr/bin/ok"] = .present(HostDescription.File(mode: 0o777)) } == [
                .insecureScript
            ])
        #expect(
            try found { $0.files["/usr/bin/ok"] = .present(HostDescription.File(mode: 0o700)) } == [
                .missingProgram
            ])
        #expect(try found { $0.files["/bin/ok"] = nil } == [], "nobody looked there")
        #expect(
            try found { $0.files["/bin/ok"] = .present(HostDescription.File(mode: 0o644)) } == [
                .missingProgram
            ])
    }

    @Test func `the hosts of a mail check are looked at, too`() throws {
        func found(_ line: String) throws -> [DiagnosticCode] {
            let hosts = "host {\nconnect_port 26\n}\nhost {\n\(line)\n}"
            let check = Sample.server("192.0.2.21 25", "SMTP_CHECK {\n\(hosts)\n}")
            return try codes(Sample.instance() + Sample.service("192.0.2.100 25", servers: check))
        }
        let old = [DiagnosticCode.obsoleteKeyword, .obsoleteKeyword]
        #expect(try found("bindto 192.0.2.2") == old)
        #expect(try found("bindto 192.0.2.9") == old + [.foreignSource])
        #expect(try found("bind_if eth5") == old + [.missingInterface])
    }

    @Test func `what the file gives the host is there`() throws {
        let fixed = "static_ipaddress {\n198.51.100.9/24 dev eth0\n}\n"
        func check(_ server: String, _ lines: String = "") -> String {
            Sample.instance()
                + Sample.service(servers: Sample.server("\(server) 80", "TCP_CHECK {\n\(lines)\n}"))
        }
        #expect(try codes(check("192.0.2.21", "bindto 198.51.100.9")) == [.foreignSource])
        #expect(try codes(fixed + check("192.0.2.21", "bindto 198.51.100.9")) == [])
        #expect(try codes(check("198.51.100.21")) == [.unreachableServer])
        #expect(try codes(fixed + check("198.51.100.21")) == [])
        #expect(try codes(fixed + check("198.51.100.9")) == [.ownRealServer])
        // A master is in the networks of its virtual addresses.
        let far = check("203.0.113.21").replacing("192.0.2.100/24", with: "203.0.113.100/24")
            .replacing("192.0.2.100", with: "203.0.113.100")
        #expect(try codes(far) == [])
    }

    @Test func `the kernel has what the services need`() throws {
        #expect(try codes(Sample.service()) { $0.modules["ip_vs"] = .absent } == [.missingModule])
        #expect(try codes(Sample.service()) { $0.modules["ip_vs_rr"] = .absent } == [.missingModule])
        #expect(try codes(Sample.service()) { $0.modules["ip_vs_rr"] = .present(.loadable) } == [])
        let nat = Sample.service("192.0.2.100 21", kind: "NAT", servers: Sample.server("192.0.2.21 21"))
        #expect(try codes(nat) { $0.settings["net/ipv4/ip_forward"] = "0" } == [.forwardingOff])
        #expect(try codes(nat) { $0.modules["ip_vs_ftp"] = .present(.loadable) } == [.moduleNotLoaded])
        #expect(try codes(nat) { $0.modules["ip_vs_ftp"] = .present(.loaded) } == [])
    }

    @Test func `redirects lead servers past a director that translates on one interface`() throws {
        let nat = Sample.instance() + Sample.service(kind: "NAT")
        func codes(
            _ text: String, all: String, own: String, server: String = "192.0.2.21"
        ) throws
            -> [DiagnosticCode]
        {
            try self.codes(text.replacing("192.0.2.21", with: server)) {
                $0.settings["net/ipv4/conf/all/send_redirects"] = all
                $0.settings["net/ipv4/conf/eth0/send_redirects"] = own
            }
        }
        // The kernel sends them where either of the two says so.
        for (all, own) in [("1", "1"), ("1", "0"), ("0", "1")] {
            #expect(try codes(nat, all: all, own: own) == [.sendsRedirects])
        }
        #expect(try codes(nat, all: "0", own: "0") == [])
        #expect(try codes(nat, all: "1", own: "1", server: "198.51.100.21") == [], "another interface")
        #expect(try codes(Sample.instance() + Sample.service(), all: "1", own: "1") == [], "DR")
        #expect(try codes(Sample.service(kind: "NAT"), all: "1", own: "1") == [], "the address is elsewhere")
        let sorry = nat.replacing("192.0.2.21", with: "198.51.100.21")
            .replacing("protocol TCP", with: "protocol TCP\nsorry_server 192.0.2.9 80")
        #expect(try codes(sorry, all: "1", own: "1") == [.sendsRedirects])
        let direct = sorry.replacing("sorry_server", with: "sorry_server_lvs_method DR\nsorry_server")
        #expect(try codes(direct, all: "1", own: "1") == [])
        #expect(Sample.load(sorry).questions.ways.map { "\($0)" }.sorted() == ["192.0.2.9", "198.51.100.21"])
        #expect(Sample.load(direct).questions.ways.map { "\($0)" } == ["198.51.100.21"])
        let asked = Sample.load(nat).questions.settings
        #expect(asked.contains("net/ipv4/conf/eth0/send_redirects"))
        #expect(asked.contains("net/ipv4/conf/all/rp_filter"))
        let marked = nat.replacing("virtual_server 192.0.2.100 80", with: "virtual_server fwmark 7")
        #expect(try codes(marked, all: "1", own: "1").contains(.sendsRedirects))
        for (member, expected) in [
            ("192.0.2.100 80", [DiagnosticCode.sendsRedirects]), ("192.0.2.101 80", []),
        ] {
            let group =
                "virtual_server_group G {\n\(member)\n}\n"
                + nat.replacing("virtual_server 192.0.2.100 80", with: "virtual_server group G")
            let found = try codes(group, all: "1", own: "1").filter { $0 == .sendsRedirects }
            #expect(found == expected, "\(member)")
        }
        #expect("net/ipv4/conf/eth0/send_redirects".sysctlName == "net.ipv4.conf.eth0.send_redirects")
        #expect("net/ipv4/conf/eth0.7/send_redirects".sysctlName == "net/ipv4/conf/eth0.7/send_redirects")
    }

    @Test func `redirects are those of the interface by which the kernel reaches the server`() throws {
        let nat = Sample.instance() + Sample.service(kind: "NAT")
        func codes(_ second: String, way: String? = nil) throws -> [DiagnosticCode] {
            let narrow = HostDescription.Interface("eth9", addresses: [try prefix(second)])
            return try self.codes(nat) {
                // Listed after the loopback, and before eth0.
                $0.interfaces?.insert(narrow, at: 1)
                $0.settings["net/ipv4/conf/all/send_redirects"] = "1"
                if let way, let server = IPAddress("192.0.2.21") { $0.ways = [server: way] }
            }
        }
        #expect(try codes("192.0.2.20/28") == [], "the narrower network, which is not the service's")
        #expect(try codes("192.0.0.2/16") == [.sendsRedirects], "eth0's is the narrower one")
        #expect(try codes("192.0.2.20/28", way: "eth0") == [.sendsRedirects], "a route says otherwise")
        #expect(try codes("192.0.0.2/16", way: "eth9") == [])
        #expect(try codes("198.51.100.2/24", way: "eth9") == [], "behind a router")
    }

    @Test func `FULLNAT needs a module of netfilter, which may be loaded when it is used`() throws {
        let full = Sample.service(kind: "FULLNAT", lines: "protocol TCP\nfullnat_source 192.0.2.100")
        #expect(try codes(full) { $0.modules["xt_ipvs"] = .absent } == [.missingModule])
        #expect(try codes(full) { $0.modules["xt_ipvs"] = .present(.loadable) } == [])
        #expect(try codes(Sample.service(kind: "NAT")) { $0.modules["xt_ipvs"] = .absent } == [])
        #expect(try codes(full) { $0.settings["net/ipv4/ip_forward"] = "0" } == [.forwardingOff])
    }

    @Test func `what is found on a host is bounded, and counted`() throws {
        let services = (0..<520).map { Sample.service("198.18.\($0 / 256).\($0 % 256) 21", kind: "NAT") }
        let found = Sample.load(services.joined()).seen(
            on: try host { $0.modules["ip_vs_ftp"] = .present(.loadable) })
        #expect(found.diagnostics.count == Diagnostics.limit)
        #expect(found.dropped == 20)
    }

    @Test(
        arguments: [
            ("/x/ok -v", HostDescription.File(), []),
            ("/x/none", nil, [.missingProgram]),
            ("/x/ok", HostDescription.File(mode: 0o644), [.missingProgram]),
            ("/x/ok", HostDescription.File(isDirectory: true), [.missingProgram]),
            ("/x/ok", HostDescription.File(mode: 0o700), [.missingProgram]),
            ("/x/ok", HostDescription.File(mode: 0o750, group: 7), []),
            ("/x/ok", HostDescription.File(mode: 0o700, owner: 7), [.insecureScript]),
            ("/x/ok", HostDescription.File(mode: 0o777), [.insecureScript]),
            ("/x/ok", HostDescription.File(mode: 0o775), []),
            ("/x/ok", HostDescription.File(mode: 0o775, group: 7), [.insecureScript]),
        ] as [(String, HostDescription.File?, [DiagnosticCode])])
    func `a script can be run by its user, and changed by root alone`(
        command: String, file: HostDescription.File?, codes: [DiagnosticCode]
    ) throws {
        let found = try self.codes(script(command)) {
            $0.files[String(command.prefix { $0 != " " })] = file.map { .present($0) } ?? .absent
        }
        #expect(found == codes)
    }

    @Test func `the way to a script counts as well`() throws {
        func found(_ directory: HostDescription.File) throws -> [DiagnosticCode] {
            try codes(script("/x/ok")) { $0.files["/x"] = .present(directory) }
        }
        #expect(try found(HostDescription.File(isDirectory: true, mode: 0o700)) == [.missingProgram])
        #expect(try found(HostDescription.File(isDirectory: true, mode: 0o757)) == [.insecureScript])
    }

    @Test func `users exist, and security is asked for`() throws {
        #expect(try codes(script("/x/ok")) { $0.users["u"] = .absent } == [.unknownUser])
        #expect(try codes(script("/x/ok", security: false)) == [.scriptSecurityOff])
    }

    @Test func `a program is judged by the group that is written, not by those of its user`() throws {
        func found(_ user: String, _ file: HostDescription.File) throws -> [DiagnosticCode] {
            try codes(script("/x/ok", user: user)) { host in
                host.users["u"] = .present(HostDescription.Account(user: 7, groups: [7, 8]))
                host.groups = ["eight": .present(8), "nine": .present(9)]
                host.files["/x/ok"] = .present(file)
            }
        }
        let ofEight = HostDescription.File(mode: 0o750, group: 8)
        #expect(try found("u", ofEight) == [])
        #expect(try found("u eight", ofEight) == [])
        #expect(try found("u nine", ofEight) == [.missingProgram])
        #expect(try found("u nine", HostDescription.File(mode: 0o750, group: 9)) == [])
        #expect(try found("u", HostDescription.File(mode: 0o750, group: 9)) == [.missingProgram])
    }

    @Test func `without a user it is keepalived's, or else nobody`() throws {
        let text = script("/x/ok").replacing("user u\n", with: "")
        func found(_ change: (inout HostDescription) -> Void) throws -> [DiagnosticCode] {
            try codes(text) { host in
                host.files["/x/ok"] = .present(HostDescription.File(mode: 0o750, group: 8))
                host.users["nobody"] = .present(HostDescription.Account(user: 99, groups: [99]))
                change(&host)
            }
        }
        let member = HostDescription.Account(user: 5, groups: [8])
        #expect(try found { $0.users["keepalived_script"] = .present(member) } == [])
        #expect(try found { $0.users["keepalived_script"] = .absent } == [.missingProgram])
        #expect(try found { _ in } == [])
    }

    @Test func `a group that is not there is told once, with the nearest that is`() throws {
        let text = script("/x/ok", user: "u wheal") + Sample.instance(lines: "notify_master /x/ok u wheal")
        let result = Sample.load(text).seen(
            on: try host { host in
                host.groups["wheal"] = .absent
                host.knownGroups = ["bin", "wheel"]
            })
        #expect(result.diagnostics.map(\.code) == [.unknownGroup])
        #expect(result.diagnostics.first?.suggestion == "wheel")
        let control = "global_defs {\ncontrol_reader_group nosuch\n}\n" + Sample.instance()
        #expect(try codes(control) { $0.groups["nosuch"] = .absent } == [.unknownGroup])
        #expect(try codes(control) == [])
    }

    @Test func `a setting that many services need is told once`() throws {
        let services = ["192.0.2.100 80", "192.0.2.100 81"].map { Sample.service($0, kind: "NAT") }.joined()
        #expect(try codes(services) { $0.settings["net/ipv4/ip_forward"] = "0" } == [.forwardingOff])
    }

    @Test func `findings of the host are in reading order among those of the file, and say their level`()
        throws
    {
        let text =
            Sample.instance().replacing("eth0", with: "eth1")
            + Sample.service(servers: Sample.server("192.0.2.21 80", ""))
        let found = Sample.load(text).seen(on: try host()).diagnostics
        #expect(found.map(\.code) == [.missingInterface, .neverChecked])
        #expect(found.map(\.code.level) == [.host, .file])
    }

    @Test(arguments: [
        (DiagnosticCode.missingInterface, Int32(5)), (.insecureScript, 6), (.scriptSecurityOff, 6),
        (.notOwner, 0),
    ])
    func `the exit status of a test is keepalived's`(code: DiagnosticCode, status: Int32) throws {
        let text: String
        var host = try host()
        switch code {
        case .missingInterface:
            // An error of the host outweighs script security.
            text = Sample.instance().replacing("eth0", with: "eth1") + script("/x/ok", security: false)
        case .insecureScript:
            text = script("/x/ok")
            host.files["/x/ok"] = .present(HostDescription.File(mode: 0o777))
        case .scriptSecurityOff: text = script("/x/ok", security: false)
        default: text = Sample.instance(lines: "priority 255")
        }
        let result = Sample.load(text).seen(on: host)
        #expect(result.diagnostics.contains { $0.code == code })
        #expect(result.exitCode == status)
        #expect(Sample.load("nonsense").seen(on: host).exitCode == 4)
    }
}
