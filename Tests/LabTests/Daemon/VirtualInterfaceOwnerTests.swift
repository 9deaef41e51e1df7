import LinuxIO
import Testing
import Timekeeping

/// `use_vmac` on real interfaces. Needs root and namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct VirtualInterfaceOwnerTests {
    static let mac = "00:00:5e:00:01:33"

    /// Version 3 at 250 ms.
    static func text(_ priority: Int, _ options: String = "use_vmac") -> String {
        DirectorBench.instance(priority).replacing(
            "advert_int 1", with: "version 3\n    advert_int 0.25\n    \(options)")
    }

    private let bench: DirectorBench

    init() throws { bench = try DirectorBench(withClient: true) }

    private var client: Segment.Host { get throws { try #require(bench.segment.client) } }

    /// What `ip` says; empty when it fails.
    private func ip(_ host: Segment.Host, _ words: String) -> String {
        let arguments = ["-n", host.name] + words.split(separator: " ").map(String.init)
        return (try? Tools.ip(arguments).output.text) ?? ""
    }

    private func setting(_ host: Segment.Host, _ path: String) throws -> String {
        let text = try host.run("/bin/cat", "/proc/sys/net/ipv4/conf/\(path)").output.text
        return text.trimmed
    }

    private func start(
        _ name: String, _ priority: Int, _ options: String = "use_vmac"
    ) throws -> ChildProcess {
        let host = name == "a" ? bench.a : bench.b
        return try bench.start(name, on: host, Self.text(priority, options), flags: ["-P"])
    }

    private func stop(_ name: String, _ child: ChildProcess) {
        child.send(.terminate)
        #expect(bench.end(child) == .exited(0), "\(bench.log(name))")
    }

    /// The address answers a client, if only to refuse it.
    private func isAnswered() throws -> Bool {
        let script = "timeout 2 bash -c 'echo > /dev/tcp/\(DirectorBench.vip)/9' 2>&1; :"
        return try client.run("/bin/bash", "-c", script).output.text.contains("refused")
    }

    /// What the client believes of the virtual address, after a packet to it.
    private func clientsBelief() throws -> String {
        _ = try isAnswered()
        return try ip(client, "neighbour show \(DirectorBench.vip)")
    }

    @Test func `the address answers with the virtual Ethernet address, whoever is master`() throws {
        let trace = try PacketTrace(on: try client)
        let a = try start("a", 150)
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        let b = try start("b", 100)
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
        let link = ip(bench.a, "-d link show vrrp.51")
        #expect(link.contains(Self.mac) && link.contains("macvlan mode vepa"), "\(link)")
        #expect(ip(bench.a, "address show vrrp.51").contains(DirectorBench.vip))
        #expect(!ip(bench.b, "link show vrrp.51").contains("UP"), "a backup's is down")
        #expect(try clientsBelief().contains(Self.mac))
        #expect(try clientsBelief().contains(Self.mac), "after the director has asked for the client")
        // A crash: nobody resigns, and the client's belief stays true.
        bench.crash(a)
        try Tools.ip(["-n", bench.a.name, "link", "set", "eth0", "down"])
        #expect(try bench.waitForAddress(bench.b, true, .seconds(5)), "\(bench.log("b"))")
        #expect(try clientsBelief().contains(Self.mac))
        #expect(try isAnswered())
        try trace.collect()
        let adverts = trace.adverts(from: bench.a.address) + trace.adverts(from: bench.b.address)
        #expect(!adverts.isEmpty)
        #expect(adverts.allSatisfy { Array($0.octets[6..<12]) == [0, 0, 0x5e, 0, 1, 0x33] })
        // Who asks by ARP for anything in the virtual address's name does it from the virtual one alone.
        let wrong = trace.frames.filter { frame in
            let octets = frame.octets
            return octets.count >= 42 && octets[12...13] == [0x08, 0x06]
                && Array(octets[28..<32]) == [192, 0, 2, 100]
                && Array(octets[22..<28]) != [0, 0, 0x5e, 0, 1, 0x33]
        }
        #expect(wrong.isEmpty)
        stop("b", b)
    }

    @Test func `a master hears its successor, who has the same Ethernet address, and says nothing more`()
        throws
    {
        let a = try start("a", 150)
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        let b = try start("b", 100)
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
        #expect(try isAnswered())
        let trace = try PacketTrace(on: try client)
        stop("a", a)
        #expect(bench.log("a").contains("handed over to 192.0.2.3"), "\(bench.log("a"))")
        #expect(try bench.b.holds(DirectorBench.vip) && isAnswered(), "\(bench.log("b"))")
        try trace.collect()
        // From the port of a: nothing after it resigned.
        let virtual = trace.frames.filter { Array($0.octets[6..<12]) == [0, 0, 0x5e, 0, 1, 0x33] }
        let last = virtual.last { Array($0.octets[26..<30]) == [192, 0, 2, 2] }
        #expect(last.map { $0.octets[36] } == 0, "priority 0")
        #expect(!ip(bench.a, "link").contains("vrrp"))
        stop("b", b)
    }

    @Test func `after a stop nothing is left, and settings are as they were`() throws {
        try bench.a.run("/bin/sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/eth0/arp_announce")
        let a = try start("a", 150)
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        #expect(try setting(bench.a, "eth0/arp_ignore") == "1")
        #expect(try setting(bench.a, "eth0/arp_announce") == "2")
        #expect(try setting(bench.a, "vrrp.51/arp_ignore") == "1")
        stop("a", a)
        #expect(!ip(bench.a, "link").contains("vrrp"))
        #expect(try setting(bench.a, "eth0/arp_ignore") == "0")
        #expect(try setting(bench.a, "eth0/arp_announce") == "1")
    }

    @Test func `a role that is killed finds its interface again`() throws {
        // A slow machine needs longer for a new role than a short lease lasts.
        let text = Self.text(150).replacing("advert_int 0.25", with: "advert_int 1")
        let a = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        let before = ip(bench.a, "-o link show vrrp.51").prefix { $0 != ":" }
        let role = try #require(bench.roles(of: a)["vrrp"])
        try Signal.kill.send(to: role)
        #expect(bench.waitForLog("a", "starting it again"))
        let gone = try Tools.wait(.seconds(2)) { try !bench.a.holds(DirectorBench.vip) }
        #expect(gone == nil, "\(bench.log("a"))")
        #expect(ip(bench.a, "-o link show vrrp.51").prefix { $0 != ":" } == before)
        #expect(!before.isEmpty)
        stop("a", a)
        #expect(!ip(bench.a, "link").contains("vrrp"))
    }

    @Test func `what a killed daemon left is removed by a cleanup, or by a successor without the keyword`()
        throws
    {
        bench.crash(try startMaster())
        #expect(ip(bench.a, "link").contains("vrrp.51"))
        let late = try bench.start("late", on: bench.a, "", flags: ["--cleanup"])
        #expect(bench.end(late) == .exited(0), "\(bench.log("late"))")
        #expect(!ip(bench.a, "link").contains("vrrp.51"), "\(bench.log("late"))")
        #expect(try setting(bench.a, "eth0/arp_ignore") == "0")
        bench.crash(try startMaster())
        let second = try start("a", 150, "")
        let moved = Tools.wait(.seconds(40)) {
            ip(bench.a, "address show eth0").contains(DirectorBench.vip)
        }
        #expect(moved != nil, "\(bench.log("a"))")
        #expect(!ip(bench.a, "link").contains("vrrp.51"))
        #expect(try setting(bench.a, "eth0/arp_ignore") == "0")
        stop("a", second)
    }

    private func startMaster() throws -> ChildProcess {
        let child = try start("a", 150)
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        return child
    }

    @Test func `a reload brings the interface, and takes it away`() throws {
        let a = try start("a", 150, "")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        for (options, isThere) in [("use_vmac v51 02:00:00:00:00:99", true), ("", false)] {
            _ = try bench.write("a", Self.text(150, options))
            a.send(.hangup)
            let interface = isThere ? "v51" : "eth0"
            let moved = Tools.wait(.seconds(40)) {
                ip(bench.a, "address show dev \(interface)").contains(DirectorBench.vip)
            }
            #expect(moved != nil, "\(bench.log("a"))")
            #expect(ip(bench.a, "link").contains("02:00:00:00:00:99") == isThere)
        }
        stop("a", a)
    }

    /// Two virtual routers, whose Ethernet addresses end with `digit` and their number.
    private static func twoRouters(_ digit: Int) -> String {
        (1...2).map { number in
            text(150, "use_vmac v\(number) 02:00:00:00:00:\(digit)\(number)")
                .replacing("VI_1", with: "VI_\(number)").replacing("id 51", with: "id 5\(number)")
                .replacing("2.100/24", with: "2.10\(number)/24")
        }.joined()
    }

    @Test func `two that are made anew at once are made after the old ones have gone`() throws {
        let a = try bench.start("a", on: bench.a, Self.twoRouters(1), flags: ["-P"])
        let isThere = { (digit: Int) in
            (1...2).allSatisfy { number in
                let link = ip(bench.a, "link show v\(number)")
                let addresses = ip(bench.a, "address show v\(number)")
                return link.contains("02:00:00:00:00:\(digit)\(number)")
                    && addresses.contains("192.0.2.10\(number)")
            }
        }
        #expect(Tools.wait(.seconds(40)) { isThere(1) } != nil, "\(bench.log("a"))")
        _ = try bench.write("a", Self.twoRouters(2))
        a.send(.hangup)
        #expect(Tools.wait(.seconds(40)) { isThere(2) } != nil, "\(bench.log("a"))")
        #expect(!bench.log("a").contains("File exists"), "\(bench.log("a"))")
        stop("a", a)
    }

    @Test func `an interface that is deleted, or switched off, by hand is there again at once`() throws {
        let a = try startMaster()
        for words in ["link delete vrrp.51", "link set vrrp.51 down"] {
            try Tools.ip(["-n", bench.a.name] + words.split(separator: " ").map(String.init))
            let back = Tools.wait(.seconds(20)) {
                ip(bench.a, "address show vrrp.51").contains(DirectorBench.vip)
                    && ip(bench.a, "link show vrrp.51").contains(",UP")
            }
            #expect(back != nil, "\(bench.log("a"))")
            #expect(try isAnswered())
        }
        #expect(!bench.log("a").contains("Entering FAULT"), "\(bench.log("a"))")
        stop("a", a)
    }

    @Test func `an interface of that name that is not ours is left alone, and waited for`() throws {
        try Tools.ip([
            "-n", bench.a.name, "link", "add", "vrrp.51", "link", "eth0", "address", Self.mac, "type",
            "macvlan", "mode", "private",
        ])
        let a = try start("a", 150)
        #expect(bench.waitForLog("a", "there is an interface vrrp.51 that is not ours"), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.a, true, .seconds(2)) == false)
        try Tools.ip(["-n", bench.a.name, "link", "delete", "vrrp.51"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        stop("a", a)
    }

    @Test func `strict reverse path filtering drops neither adverts nor clients`() throws {
        for host in [bench.a, bench.b] {
            try host.run("/bin/sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter")
        }
        let a = try startMaster()
        #expect(try setting(bench.a, "vrrp.51/rp_filter") == "2")
        let b = try start("b", 100)
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
        #expect(try bench.waitForAddress(bench.b, true, .seconds(2)) == false, "\(bench.log("b"))")
        #expect(try isAnswered())
        stop("b", b)
        stop("a", a)
    }

    @Test func `over IPv6 adverts come from the interface's own address and the virtual Ethernet address`()
        throws
    {
        let text = Self.text(150).replacing("\(DirectorBench.vip)/24", with: "fe80::64/64\n2001:db8::64/64")
        let trace = try PacketTrace(on: try client)
        // Until the kernel knows that the link-local address is nobody else's.
        let a = try bench.start("a", on: bench.a, text, flags: ["-P"])
        let isThere = Tools.wait(.seconds(40)) {
            ip(bench.a, "address show vrrp.51").contains("2001:db8::64")
        }
        #expect(isThere != nil, "\(bench.log("a"))")
        #expect(try setting(bench.a, "eth0/arp_ignore") == "0", "there is no ARP")
        #expect(Tools.wait(.seconds(1)) { false } == nil)
        stop("a", a)
        try trace.collect()
        let lines = try PacketTrace.dissect(
            trace.frames, fields: ["eth.src", "ipv6.src", "vrrp.prio", "icmpv6.type"], in: bench.directory)
        let adverts = lines.filter { $0.contains("|150|") }
        #expect(adverts.count > 3)
        #expect(
            adverts.allSatisfy { $0.hasPrefix("00:00:5e:00:02:33|fe80::") && !$0.contains("|fe80::64|") })
        #expect(lines.contains("00:00:5e:00:02:33|2001:db8::64||136"), "\(lines)")
        // After the last advert, of priority 0, nothing leaves from the virtual address any more, but what
        // the kernel says of the groups that it leaves (MLDv2, type 143) before the interface goes.
        let own = lines.filter { $0.hasPrefix("00:00:5e:00:02:33") }
        let last = try #require(own.lastIndex { $0.contains("|0|") }, "\(own.suffix(4))")
        #expect(own[(last + 1)...].allSatisfy { $0.hasSuffix("|143") }, "\(own.suffix(4))")
    }

    @Test func `with vmac_xmit_base, and by unicast, adverts leave by the interface itself`() throws {
        for options in ["use_vmac\nvmac_xmit_base", "use_vmac\nunicast_peer {\n192.0.2.3\n}"] {
            let trace = try PacketTrace(on: try client)
            let a = try start("a", 150, options)
            #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
            #expect(try clientsBelief().contains(Self.mac))
            stop("a", a)
            try trace.collect()
            let adverts = trace.adverts(from: bench.a.address)
            #expect(!adverts.isEmpty)
            #expect(adverts.allSatisfy { $0.octets[6] & 2 != 0 }, "a veth's own address is a local one")
        }
    }
}

extension String {
    fileprivate var trimmed: String { split(separator: "\n").first.map(String.init) ?? "" }
}
