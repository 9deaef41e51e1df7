import ConfigModel
import ConfigSyntax
import Foundation
import NetTypes
import SimulationKit
import Testing

/// What came of a former reading makes the next one faster, and changes nothing of what comes of it.
@Suite struct ReadingAgainTests {
    private static let examples: [String] = PublishedFilesTests.examples.compactMap { name in
        try? String(contentsOf: PublishedFilesTests.folder.appendingPathComponent(name), encoding: .utf8)
    }

    /// Services of many kinds, with something to be said of some of them, and all that they can depend on.
    private static let services = """
        global_defs {
            enable_script_security
        }
        track_file ready { file /run/ready }
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            virtual_ipaddress { 192.0.2.100/24 }
        }
        virtual_server_group web { 192.0.2.101-103 70 }
        virtual_server group web {
            protocol TCP
            real_server 192.0.2.20 70 { TCP_CHECK { } }
        }

        """ + (0..<12).map(service).joined()

    private static let checks = [
        "TCP_CHECK {\n}", "MISC_CHECK {\n misc_path /x\n}", "FILE_CHECK {\n track_file ready\n}",
    ]

    private static func service(_ number: Int) -> String {
        """
        # number \(number)
        virtual_server 192.0.2.\(100 + number / 6) \(80 + number) {
            delay_loop \(number + 1)
            \(number == 3 ? "" : "lb_algo rr")
            \(number == 5 ? "" : "lb_kind DR")
            protocol TCP
            @other quorum 9
            \(number == 7 ? "sorry_server 192.0.2.99" : "quorum \(number + 1)")
            real_server 192.0.2.21 \(80 + number) {
                weight \(number % 3)
                \(number == 2 ? "notify_up /bin/none" : "weight 2 # \"é\"")
                \(checks[number % 3])
            }
            real_server 192.0.2.22 \(80 + number) { }
        }

        """
    }

    private func surroundings(_ files: [String: [UInt8]]) -> Surroundings {
        Surroundings(configID: "director-a") { path in
            files[path].map { .success($0) } ?? .failure(FileProblem("no such file"))
        }
    }

    private func load(_ octets: [UInt8], after former: LoadResult? = nil) -> LoadResult {
        ConfigurationLoader.load(path: "/f", surroundings(["/f": octets]), after: former)
    }

    private func host() -> HostDescription {
        var host = HostDescription()
        host.interfaces = [HostDescription.Interface("eth0", addresses: [])]
        host.settings = ["net/ipv4/ip_forward": "0"]
        host.modules["ip_vs_rr"] = .absent
        host.files["/x"] = .absent
        return host
    }

    /// Everything that anybody can see of the two is equal.
    private func expectEqual(_ again: LoadResult, _ whole: LoadResult, _ text: () -> String) {
        guard again.model == whole.model, again.configuration == whole.configuration,
            again.diagnostics == whole.diagnostics, again.dropped == whole.dropped,
            again.text == whole.text, again.lines == whole.lines, again.questions == whole.questions,
            again.seen(on: host()).text == whole.seen(on: host()).text
        else {
            Issue.record(
                "other than read as a whole:\n\(text())\n\(again.text)\n-- and as a whole\n\(whole.text)")
            return
        }
    }

    /// Reads each of `texts` after the one before that was good.
    private func compare(_ texts: [[UInt8]]) {
        var former: LoadResult?
        for text in texts {
            let (again, whole) = (load(text, after: former), load(text))
            expectEqual(again, whole) { String(decoding: text, as: UTF8.self) }
            if !again.hasErrors { former = again }
        }
    }

    @Test func `the services of these tests are good, and there is something to say`() {
        let result = load(Array(Self.services.utf8))
        #expect(result.configuration?.virtualServers.count == 13, "\(result.text)")
        #expect(result.diagnostics.count > 12)
    }

    @Test(arguments: 0..<80) func `services that come, go, move and change`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var lines = Self.services.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var texts = [lines]
        for _ in 0..<12 {
            let place = Int.random(in: 0..<lines.count, using: &generator)
            switch Int.random(in: 0..<9, using: &generator) {
            case 0: lines.insert("# a comment", at: place)
            case 1: lines.insert("", at: place)
            case 2: lines[place] = lines[place].replacing("quorum 1", with: "quorum 2")
            case 3: lines[place] = lines[place].replacing("DR", with: "NAT")
            case 4:
                lines.append(
                    contentsOf: Self.service(Int.random(in: 12..<40, using: &generator)).split(
                        separator: "\n"
                    ).map(String.init))
            case 5: lines = lines.map { $0.replacing("delay_loop 4", with: "delay_loop 14") }
            case 6: lines[place] = "  " + lines[place]
            case 7: lines = lines.map { $0.replacing("192.0.2.100/24", with: "192.0.2.101/24") }
            default:
                // A block changes its place with the next one.
                let blocks = lines.indices.filter { lines[$0].hasPrefix("virtual_server 1") }
                guard let start = blocks.dropLast().randomElement(using: &generator),
                    let next = blocks.first(where: { $0 > start }),
                    let end = lines[next...].firstIndex(of: "}")
                else { continue }
                lines.replaceSubrange(start...end, with: lines[next...end] + lines[start..<next])
            }
            texts.append(lines)
        }
        compare(texts.map { Array($0.joined(separator: "\n").utf8) })
    }

    @Test(arguments: 0..<60) func `files that somebody has damaged`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(7000 + seed))
        for text in Self.examples + [Self.services] {
            let octets = Array(text.utf8)
            var texts = [octets]
            for _ in 0..<3 {
                var damaged = octets
                damaged.damage(atMost: 3, using: &generator) { _, generator in
                    UInt8.random(in: 0x20..<0x7F, using: &generator)
                }
                texts.append(damaged)
            }
            compare(texts)
        }
    }

    @Test(arguments: 0..<20) func `files with a line more, less or twice`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(9000 + seed))
        for text in Self.examples + [Self.services] {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            var texts = [lines]
            for _ in 0..<8 {
                var other = lines
                let (place, from) = (
                    Int.random(in: 0..<lines.count, using: &generator),
                    Int.random(in: 0..<lines.count, using: &generator)
                )
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: other.remove(at: place)
                case 1: other.insert(lines[from], at: place)
                default: other.swapAt(place, from)
                }
                texts.append(other)
            }
            compare(texts.map { Array($0.joined(separator: "\n").utf8) })
        }
    }

    @Test func `more warnings than are kept`() {
        func text(_ count: Int, _ more: String) -> [UInt8] {
            let services = (0..<count).map { number in
                "virtual_server 192.0.2.1 \(1000 + number) {\nprotocol TCP\n"
                    + "real_server 192.0.2.2 80 {\n}\n}\n"
            }
            return Array((more + services.joined()).utf8)
        }
        compare([
            text(400, ""), text(400, "# moved\n"), text(401, ""), text(30, ""), text(31, ""), text(400, ""),
        ])
    }

    @Test func `what is included is known by its text, wherever it stands`() {
        let block = Self.service(1)
        let variable = block.replacing("delay_loop 2", with: "delay_loop $X")
        func files(_ main: String, _ other: String) -> [String: [UInt8]] {
            ["/f": Array(main.utf8), "/o": Array(other.utf8)]
        }
        var former: LoadResult?
        let list = [
            files("include o\n" + Self.service(0), block),
            files("include o\n" + Self.service(2), block),
            files(Self.service(2), ""),
            files(Self.service(2) + block, ""),
            files("include o\n" + Self.service(2), "\n" + block.replacing("delay_loop 2", with: "include p")),
            files("include o\n" + Self.service(2), block.replacing("delay_loop 2", with: "include o")),
            files(
                "$X=1\ninclude o\n" + Self.service(2), variable),
            files(
                "$X=2\ninclude o\n" + Self.service(2), variable),
            files("include o\n" + Self.service(2), "global_defs {\n script_user none\n}\n" + block),
        ]
        for files in list {
            let again = ConfigurationLoader.load(path: "/f", surroundings(files), after: former)
            let whole = ConfigurationLoader.load(path: "/f", surroundings(files))
            expectEqual(again, whole) { "\(files.mapValues { String(decoding: $0, as: UTF8.self) })" }
            if !again.hasErrors { former = again }
        }
    }
}
