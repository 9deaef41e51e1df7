// Every way of forwarding with a client's own traffic: by each method, protocol, family and kind of
// service, to another host and to the director itself. A client asks, whoever got the question says who it
// is, and the kernel's own counters must agree. The director and the real server have one interface each, on
// one bridge, in two networks: answers of a masqueraded server go through the director, those of the others
// straight back.

import LinuxIO
import Testing
import Timekeeping

/// One service, at a port of its own.
private struct Cell: CustomStringConvertible {
    let kind: String
    let transport: Transport
    let isIPv6: Bool
    /// By fwmark, the mark being the port.
    let isMarked: Bool
    /// The real server is the director.
    let isLocal: Bool
    /// The real server's address is of the other family.
    let isMixed: Bool
    let port: Int

    enum Transport: String {
        case tcp, udp, sctp
    }

    private static let kinds = ["DR", "NAT", "TUN", "FULLNAT"]

    /// What is delivered here leaves by no interface, so that nothing rewrites its source: no FULLNAT then.
    static let all = (0..<98).map(Cell.init).filter { !($0.kind == "FULLNAT" && $0.isLocal) }

    /// Each value of each property beside each of every other: an orthogonal array of TCP and UDP, and SCTP
    /// by every method, and tunnels to the other family.
    static let pairs = [
        0b000000, 0b001111, 0b010011, 0b011100, 0b100101, 0b101010, 0b110110, 0b110001,
        64 + 0b10000, 64 + 0b00101, 64 + 0b01110, 64 + 0b01011, 96, 97,
    ].map(Cell.init)

    /// The method and, from the right, the protocol, the family, by mark, local; from 64 on SCTP, with three
    /// of them; from 96 on TCP in tunnels of the other family.
    private init(_ number: Int) {
        isMixed = number >= 96
        port = 1000 + number
        guard !isMixed else {
            (kind, transport, isIPv6, isMarked, isLocal) = ("TUN", .tcp, number & 1 != 0, false, false)
            return
        }
        let isSCTP = number >= 64
        kind = Self.kinds[isSCTP ? (number - 64) & 3 : number >> 4]
        transport = isSCTP ? .sctp : number & 1 != 0 ? .udp : .tcp
        let bits = isSCTP ? (number - 64) >> 2 : number >> 1
        (isIPv6, isMarked, isLocal) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)
    }

    var description: String {
        "\(kind) \(transport) \(isIPv6 ? "IPv6" : "IPv4")"
            + (isMixed ? " to the other family" : "") + (isMarked ? ", by mark" : "")
            + (isLocal ? ", local node" : "")
    }

    var vip: String { isIPv6 ? ForwardingMatrixTests.vip6 : DirectorBench.vip }
    var server: String { isIPv6 != isMixed ? "fd09::\(isLocal ? 1 : 2)" : "10.9.0.\(isLocal ? 1 : 2)" }
    /// What answers say, of the same length.
    var name: String { isLocal ? "nearby" : "remote" }
    private var rewrites: Bool { kind.hasSuffix("NAT") }
    private var family: String { isIPv6 ? "6" : "4" }

    private func bracketed(_ address: String) -> String { isIPv6 ? "[\(address)]" : address }

    var service: String {
        """
        virtual_server \(isMarked ? "fwmark \(port)" : "\(vip) \(port)") {
            lb_algo rr
            lb_kind \(kind)
            protocol \(transport.rawValue.uppercased())
            ip_family inet\(isIPv6 ? "6" : "")
            real_server \(server) \(port) {
                weight 1
            }
        }

        """
    }

    /// As ipvsadm lists it.
    var identity: String {
        if isMarked { return "FWM \(port)\(isIPv6 ? " IPv6" : "")" }
        return "\(transport.rawValue.uppercased()) \(bracketed(vip)):\(port)"
    }

    var rule: String {
        "-A PREROUTING -d \(vip) -p \(transport) --dport \(port) -j MARK --set-mark \(port)\n"
    }

    /// What answers at the real server: socat, which starts `answer` for every question.
    func listener(_ answer: String) -> [String] {
        let address = bracketed(rewrites ? server : vip)
        let kind = transport.rawValue.uppercased() + family + (transport == .udp ? "-RECVFROM" : "-LISTEN")
        return [
            "\(kind):\(port),bind=\(address),fork,reuseaddr", "EXEC:/bin/sh \(answer) \(name)",
        ]
    }

    /// What asks: it ends with the first answer, or after twenty seconds.
    var question: String {
        let kind = transport == .sctp ? "SCTP\(family)-CONNECT" : transport.rawValue.uppercased() + family
        let target = "\(kind):\(bracketed(vip)):\(port)"
        // SCTP knows no half of a connection: the end of what is said would be the end of it.
        let words = transport == .sctp ? "STDIO,ignoreeof" : "-"
        return "echo you | timeout 30 socat -t20 \(words) \(target),readbytes=7"
            // socat may lose a datagram that comes while it makes a process for the one before.
            + (transport == .udp ? "; sleep 0.3" : "")
    }
}

@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct ForwardingMatrixTests {
    static let vip6 = "2001:db8:2::100"
    private static let questions = 3
    private static let socat = "/usr/bin/socat"

    private let bench: DirectorBench
    private let client: Segment.Host
    private var director: Segment.Host { bench.a }
    private var server: Segment.Host { bench.b }

    init() throws {
        bench = try DirectorBench(withClient: true)
        client = try #require(bench.segment.client)
        let modules = ["-a", "ipip", "ip6_tunnel", "sit", "sctp"]
        _ = try Program("/usr/sbin/modprobe", modules, environment: Tools.environment)
            .run(timeout: .seconds(60))
        try ip(client, "address add 2001:db8:2::9/64 dev br0 nodad")
        try build(
            director,
            [
                "address add \(DirectorBench.vip)/24 dev eth0", "address add 10.9.0.1/24 dev eth0",
                "address add 2001:db8:2::2/64 dev eth0 nodad", "address add \(Self.vip6)/64 dev eth0 nodad",
                "address add fd09::1/64 dev eth0 nodad",
            ],
            [
                "ipv4.ip_forward=1", "ipv4.conf.all.send_redirects=0", "ipv4.conf.eth0.send_redirects=0",
                "ipv6.conf.all.forwarding=1",
            ])
        try build(
            server,
            [
                "address flush dev eth0 scope global", "address add 10.9.0.2/24 dev eth0",
                "address add fd09::2/64 dev eth0 nodad", "route add default via 10.9.0.1",
                "-6 route add default via fd09::1", "address add \(DirectorBench.vip)/32 dev lo",
                "address add \(Self.vip6)/128 dev lo nodad", "link set tunl0 up", "link set ip6tnl0 up",
                "-6 tunnel change ip6tnl0 mode any",
                "link set sit0 up",
                "rule add from \(DirectorBench.vip) table 100", "-6 rule add from \(Self.vip6) table 100",
                "route add 192.0.2.0/24 dev eth0 table 100",
                "-6 route add 2001:db8:2::/64 dev eth0 table 100",
            ],
            [
                "ipv4.conf.all.arp_ignore=1", "ipv4.conf.all.arp_announce=2",
                "ipv4.conf.tunl0.rp_filter=0", "ipv4.conf.ip6tnl0.rp_filter=0",
                "ipv4.conf.all.accept_redirects=0",
                "ipv4.conf.eth0.accept_redirects=0", "ipv6.conf.eth0.accept_redirects=0",
            ])
    }

    private func ip(_ host: Segment.Host, _ words: String) throws {
        try Tools.ip(["-n", host.name] + words.split(separator: " ").map(String.init))
    }

    private func build(_ host: Segment.Host, _ words: [String], _ settings: [String]) throws {
        for setting in settings + ["ipv4.conf.all.rp_filter=0", "ipv4.conf.eth0.rp_filter=0"] {
            try host.run("/usr/sbin/sysctl", "-qw", "net.\(setting)")
        }
        for line in words { try ip(host, line) }
    }

    /// Packets for services by mark get theirs, as an administrator's rules give it to them.
    private func mark(_ cells: [Cell]) throws {
        for isIPv6 in [false, true] {
            let path = "\(bench.directory)/marks\(isIPv6)"
            let rules = cells.filter { $0.isMarked && $0.isIPv6 == isIPv6 }.map(\.rule).joined()
            try Files.replace(path, with: Array("*mangle\n\(rules)COMMIT\n".utf8))
            try director.run("/usr/sbin/ip\(isIPv6 ? "6" : "")tables-restore", "--noflush", path)
        }
    }

    private func listen(_ cells: [Cell]) throws {
        let answer = "\(bench.directory)/answer"
        try Files.replace(answer, with: Array("read question; echo \"$1\"\n".utf8))
        for cell in cells {
            _ = try (cell.isLocal ? director : server).start(
                Self.socat, cell.listener(answer), log: "\(bench.directory)/\(cell.port).log")
        }
    }

    /// What came back.
    private func ask(_ cell: Cell) throws -> [String] {
        let script =
            "for i in \((0..<Self.questions).map(String.init).joined(separator: " ")); do "
            + "\(cell.question); done"
        let end = try client.run("/bin/sh", "-c", script, timeout: .seconds(90))
        return end.output.text.split(separator: "\n").map(String.init)
    }

    /// Connections so far by service, as the kernel counts them.
    private func connections() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for line in try director.run("/usr/sbin/ipvsadm", "-Ln", "--stats", "--exact").output.text
            .split(separator: "\n")
        {
            let words = line.split(separator: " ").map(String.init)
            guard let kind = words.first, ["TCP", "UDP", "SCTP", "FWM"].contains(kind) else { continue }
            let count = kind == "FWM" && words.count > 2 && words[2] == "IPv6" ? 3 : 2
            guard words.count > count, let connections = Int(words[count]) else { continue }
            counts[words.prefix(count).joined(separator: " ")] = connections
        }
        return counts
    }

    @Test func `every method, protocol, family and kind of service carries traffic, and is counted`() throws {
        let cells = fullMatrix ? Cell.all : Cell.pairs
        try mark(cells)
        try listen(cells)
        let source = "fullnat_source 10.9.0.1"
        let text = cells.map { cell in
            cell.kind == "FULLNAT" && !cell.isIPv6
                ? cell.service.replacing("lb_kind FULLNAT", with: "lb_kind FULLNAT\n    \(source)")
                : cell.service
        }
        _ = try bench.start("a", on: director, text.joined())
        let isWhole = try Tools.wait(.seconds(60)) { try connections().count == cells.count } != nil
        #expect(isWhole, "\(bench.log("a"))")
        let rules = try Tools.wait(.seconds(60)) {
            try ["iptables", "ip6tables"].allSatisfy {
                try director.run("/usr/sbin/\($0)-save").output.text.contains("-A HOLDFAST-FULLNAT")
            }
        }
        #expect(rules != nil, "\(bench.log("a"))")
        for cell in cells {
            let answers = try ask(cell)
            #expect(answers.allSatisfy { $0 == cell.name }, "\(cell): \(answers)")
            #expect(answers.count >= Self.questions - (cell.transport == .udp ? 1 : 0), "\(cell): \(answers)")
        }
        // The kernel adds its counters up every other second.
        var counted: [String: Int] = [:]
        let agrees = try Tools.wait(.seconds(60)) {
            counted = try connections()
            return cells.allSatisfy { counted[$0.identity] == Self.questions }
        }
        #expect(agrees != nil, "\(cells.filter { counted[$0.identity] != Self.questions }) \(counted)")
    }
}
