import ConfigSyntax

/// What keepalived prints of its configuration when it starts with `-d`, cut at its headings.
struct KeepalivedDump {
    /// One thing of the dump: a heading and the lines up to the next one, without blanks around them.
    struct Section {
        var heading: String
        var lines: [String] = []

        /// What stands after `key = `, or `key is `, for the first such line.
        func value(_ key: String) -> String? {
            for line in lines {
                for sign in [" = ", " is "] where line.hasPrefix(key + sign) {
                    return String(line.dropFirst(key.count + sign.count))
                }
            }
            return nil
        }

        /// The addresses under `NAME (count):`. Lines of the other process may stand between them.
        func addresses(_ name: String) -> [String] {
            guard let start = lines.firstIndex(where: { $0.hasPrefix(name + " (") }),
                let count = Int(lines[start].dropFirst(name.count + 2).prefix { $0.isNumber })
            else { return [] }
            return Array(lines[(start + 1)...].filter { $0.contains(" dev ") }.prefix(count))
        }
    }

    /// A virtual server with its real servers.
    struct Service {
        var section: Section
        var servers: [Section] = []
    }

    private(set) var instances: [Section] = []
    private(set) var services: [Service] = []
    /// Headings are `[VIP]:tcp:80 -> [RIP]:tcp:80` or `FWM 1 -> ...`.
    private(set) var checks: [Section] = []

    /// Reads a log; lines that belong to no dump are left out or end up in a section that does not miss them.
    init(log: String) {
        var place = Place.elsewhere
        for raw in log.split(separator: "\n") {
            let line = Self.withoutTime(raw)
            if line.contains("------<") { place = line.contains("Real server") ? .server : .elsewhere }
            if line.hasPrefix("VRRP Instance = ") {
                instances.append(Section(heading: String(line.dropFirst("VRRP Instance = ".count))))
                place = .instance
            } else if ["VS VIP = ", "VS FWMARK = ", "VS GROUP = "].contains(where: line.hasPrefix) {
                services.append(Service(section: Section(heading: line)))
                place = .service
            } else if line.hasPrefix("RIP = "), !services.isEmpty {
                services[services.count - 1].servers.append(Section(heading: line))
                place = .server
            } else if line.contains(" -> ["), line.hasPrefix("[") || line.hasPrefix("FWM ") {
                checks.append(Section(heading: line))
                place = .check
            } else {
                add(line, to: place)
            }
        }
    }

    private enum Place {
        case instance
        case service
        case server
        case check
        case elsewhere
    }

    private mutating func add(_ line: String, to place: Place) {
        switch place {
        case .instance: instances[instances.count - 1].lines.append(line)
        case .service: services[services.count - 1].section.lines.append(line)
        case .server where services.last?.servers.isEmpty == false:
            let last = services[services.count - 1].servers.count - 1
            services[services.count - 1].servers[last].lines.append(line)
        case .check: checks[checks.count - 1].lines.append(line)
        case .server, .elsewhere: break
        }
    }

    /// The line without `Sat Nov 21 15:03:25 2026: ` and without blanks around it.
    private static func withoutTime(_ line: Substring) -> String {
        let rest =
            line.firstMatch(of: /^\w+ \w+ +\d+ [0-9:]+ \d+:/).map { line[$0.range.upperBound...] } ?? line
        return String(rest.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

/// Our dump beside keepalived's, keyword by keyword.
struct DumpComparison {
    /// What differs, for people.
    private(set) var differences: [String] = []
    /// How many values were compared.
    private(set) var compared = 0
    private let theirs: KeepalivedDump

    /// Compares our dump, as statements, with theirs.
    init(ours: [Statement], theirs: KeepalivedDump) {
        self.theirs = theirs
        for statement in ours where statement.keyword.text == "vrrp_instance" { compareInstance(statement) }
        let services = ours.filter { $0.keyword.text == "virtual_server" }
        for (index, statement) in services.enumerated() { compareService(statement, index) }
    }

    private mutating func expect(_ what: String, _ ours: String?, _ theirs: String?) {
        compared += 1
        if ours != theirs {
            differences.append("\(what): ours \(ours ?? "(none)"), theirs \(theirs ?? "(none)")")
        }
    }

    // MARK: Instances

    private static let instanceKeywords = [
        ("state", "Wantstate"), ("interface", "Interface"), ("virtual_router_id", "Virtual Router ID"),
        ("priority", "Priority"), ("version", "VRRP Version"), ("garp_master_delay", "Gratuitous ARP delay"),
        ("garp_master_repeat", "Gratuitous ARP repeat"), ("garp_master_refresh", "Gratuitous ARP refresh"),
        ("garp_master_refresh_repeat", "Gratuitous ARP refresh repeat"),
    ]

    private mutating func compareInstance(_ ours: Statement) {
        let name = ours.arguments.first?.text ?? ""
        guard let theirs = theirs.instances.first(where: { $0.heading == name }) else {
            differences.append("keepalived has no instance \(name)")
            return
        }
        for (keyword, label) in Self.instanceKeywords {
            // keepalived starts an instance with AH, or in a group, as a backup: both may be refused here.
            if keyword == "state", theirs.value("Authentication type") == "IPSEC_AH" { continue }
            if keyword == "state", theirs.value("Sync group") != nil { continue }
            // On a VMAC it names the VMAC first, then the interface that is written.
            let value = theirs.value(label)?.components(", vmac on ").last
            expect("\(name) \(keyword)", ours.words(keyword), value)
        }
        expect(
            "\(name) advert_int", ours.words("advert_int"), theirs.value("Advert interval").map(Self.seconds))
        let preempts = ours.child("nopreempt") == nil
        expect("\(name) preempt", preempts ? "enabled" : "disabled", theirs.value("Preempt"))
        // Of AH keepalived dumps no password.
        if let authentication = ours.child("authentication"), authentication.words("auth_type") != "AH",
            let password = authentication.words("auth_pass")
        {
            expect("\(name) auth_pass", password, theirs.value("Password"))
        }
        let interface = ours.words("interface") ?? ""
        for (keyword, label) in [
            ("virtual_ipaddress", "Virtual IP"), ("virtual_ipaddress_excluded", "Virtual IP Excluded"),
        ] {
            let lines = theirs.addresses(label)
            let addresses = (ours.child(keyword)?.block?.statements ?? []).map { Self.address($0, interface) }
            expect(
                "\(name) \(keyword)", addresses.joined(separator: ", "),
                lines.map(Self.address).joined(separator: ", "))
        }
    }

    /// `1 sec` and `12000 milli-sec` in seconds.
    private static func seconds(_ text: String) -> String {
        let words = text.split(separator: " ")
        guard words.last == "milli-sec", let number = words.first.flatMap({ Int($0) }) else {
            return String(words.first ?? "")
        }
        return number % 1000 == 0 ? String(number / 1000) : "\(Double(number) / 1000)"
    }

    /// `ADDRESS/LENGTH dev IF`, from either side; keepalived leaves the length of a single host out.
    private static func address(_ ours: Statement, _ interface: String) -> String {
        let words = ours.arguments.map(\.text)
        let device = words.firstIndex(of: "dev").map { words[$0 + 1] } ?? interface
        return "\(ours.keyword.text) dev \(device)"
    }

    private static func address(_ theirs: String) -> String {
        let words = theirs.split(separator: " ").map(String.init)
        let device = words.firstIndex(of: "dev").map { words[$0 + 1].components("@").last ?? "" } ?? ""
        let length = words[0].contains("/") ? "" : (words[0].contains(":") ? "/128" : "/32")
        return "\(words[0])\(length) dev \(device)"
    }

    // MARK: Services

    private mutating func compareService(_ ours: Statement, _ index: Int) {
        let header = ours.arguments.map(\.text)
        let heading =
            header.first == "fwmark"
            ? "VS FWMARK = \(header[1])"
            : header[0] == "group"
                ? "VS GROUP = [\(header[1])]:0"
                : "VS VIP = \(header[0]), VPORT = \(header.count > 1 ? header[1] : "0")"
        guard let theirs = theirs.services.first(where: { $0.section.heading == heading }) else {
            differences.append("keepalived has no \(heading)")
            return
        }
        let section = theirs.section
        let name = header.joined(separator: " ")
        expect("\(name) lb_algo", ours.words("lb_algo"), section.value("lvs_sched"))
        expect("\(name) lb_kind", ours.words("lb_kind"), section.value("default forwarding method"))
        expect("\(name) protocol", ours.words("protocol") ?? "none", section.value("protocol"))
        expect(
            "\(name) quorum", ours.words("quorum"),
            section.value("quorum").map { String($0.prefix { $0 != "," }) })
        expect("\(name) persistence", ours.words("persistence_timeout"), section.value("persistence timeout"))
        expect(
            "\(name) sorry_server", ours.child("sorry_server").map(Self.endpoint),
            section.value("sorry server").map(Self.endpoint))
        let servers = ours.children("real_server")
        expect("\(name) servers", String(servers.count), String(theirs.servers.count))
        for (server, section) in zip(servers, theirs.servers) { compareServer(server, section, in: ours) }
    }

    private mutating func compareServer(
        _ ours: Statement, _ theirs: KeepalivedDump.Section, in service: Statement
    ) {
        let name = ours.arguments.map(\.text).joined(separator: " ")
        let port = ours.arguments.count > 1 ? ours.arguments[1].text : "0"
        let heading = theirs.heading.split(separator: ",").prefix(2).joined(separator: ",")
        expect(name, "RIP = \(ours.arguments[0].text), RPORT = \(port)", heading)
        expect("\(name) weight", ours.words("weight"), theirs.value("initial weight"))
        let method = ours.words("lb_kind") ?? service.words("lb_kind")
        expect("\(name) lb_kind", method, theirs.value("forwarding method"))
        let inhibits = ours.child("inhibit_on_failure") != nil
        expect("\(name) inhibit_on_failure", inhibits ? "ON" : "OFF", theirs.value("Inhibit on failure"))
        for kind in ["TCP_CHECK", "HTTP_GET", "SSL_GET"] { compareChecks(of: ours, in: service, kind) }
    }

    /// Checks of one kind in their order; keepalived names the service and the server of each.
    private mutating func compareChecks(of server: Statement, in service: Statement, _ kind: String) {
        let ours = server.children(kind)
        guard !ours.isEmpty else { return }
        let header = service.arguments.map(\.text)
        let start =
            header[0] == "fwmark"
            ? "FWM \(header[1]) -> " : "[\(header[0] == "group" ? header[1] : header[0])]:"
        let end = "-> [\(server.arguments[0].text)]:"
        let port = server.arguments.count > 1 ? server.arguments[1].text : "0"
        let found = theirs.checks.filter { section in
            section.heading.hasPrefix(start) && section.heading.contains(end)
                && section.heading.hasSuffix(":\(port)")
                && section.value("Keepalive method")?.hasPrefix(kind) == true
        }
        let name = "\(server.arguments.map(\.text).joined(separator: " ")) \(kind)"
        expect(name, String(ours.count), String(found.count))
        for (check, section) in zip(ours, found) { compareCheck(check, section, name) }
    }

    private mutating func compareCheck(
        _ ours: Statement, _ theirs: KeepalivedDump.Section, _ name: String
    ) {
        for (keyword, label) in [
            ("delay_loop", "Delay loop"), ("delay_before_retry", "Delay before retry"), ("warmup", "Warmup"),
        ] {
            let value = theirs.value(label).flatMap { Self.number($0) }
            expect(
                "\(name) \(keyword)", ours.words(keyword).flatMap { Self.number($0, times: 1_000_000) }, value
            )
        }
        expect("\(name) retry", ours.words("retry"), theirs.value("Retries"))
        expect("\(name) alpha", ours.child("alpha") == nil ? "no" : "yes", theirs.value("Alpha"))
        let target = "[\(ours.words("connect_ip") ?? "")]:\(ours.words("connect_port") ?? "")"
        expect("\(name) connect_ip", target, theirs.value("Dest"))
        expect(
            "\(name) connect_timeout",
            ours.words("connect_timeout").flatMap { Self.number($0, times: 1_000_000) },
            theirs.value("Timeout").flatMap { Self.number($0, times: 1_000_000) })
        let pages = ours.children("url").compactMap { $0.words("path") }
        let checked = theirs.lines.filter { $0.hasPrefix("Checked url = ") }
        expect(
            "\(name) url", pages.joined(separator: " "),
            checked.map { String($0.dropFirst(14)) }.joined(separator: " "))
    }

    /// The first word as a whole number, after multiplication.
    private static func number(_ text: String, times factor: Double = 1) -> String? {
        text.split(separator: " ").first.flatMap { Double($0) }.map { String(Int(($0 * factor).rounded())) }
    }

    private static func endpoint(_ ours: Statement) -> String {
        "[\(ours.arguments[0].text)]:\(ours.arguments.count > 1 ? ours.arguments[1].text : "0")"
    }

    /// `[ADDRESS]:tcp:PORT` without the protocol.
    private static func endpoint(_ theirs: String) -> String {
        let end = theirs.firstIndex(of: "]").map(theirs.index(after:)) ?? theirs.endIndex
        return theirs[..<end] + ":" + (theirs.split(separator: ":").last.map(String.init) ?? "")
    }
}

extension Statement {
    /// The statements of its block with that keyword.
    fileprivate func children(_ keyword: String) -> [Statement] {
        block?.statements.filter { $0.keyword.text == keyword } ?? []
    }

    /// The first of them.
    fileprivate func child(_ keyword: String) -> Statement? { children(keyword).first }

    /// The words behind that keyword in its block.
    fileprivate func words(_ keyword: String) -> String? {
        child(keyword)?.arguments.map(\.text).joined(separator: " ")
    }
}

extension String {
    /// The parts around a separator.
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
