import Foundation
import Testing

/// Every command of the pages is run: here, on a pair in the lab, or, for the reason given, elsewhere.
@Suite struct PageCommandsTests {
    /// Pages for those who run it.
    static let pages: [String] = {
        func names(_ folder: String) -> [String] {
            let path = Golden.repository.appendingPathComponent(folder).path
            return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
        }
        return ["README.md", "CONTRIBUTING.md"]
            + names("docs").filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
            + names("Examples").map { "Examples/\($0)/README.md" }
    }()

    static let blocks: [PageBlock] = pages.flatMap { page in
        let text = try? String(contentsOf: Golden.repository.appendingPathComponent(page), encoding: .utf8)
        return PageBlock.blocks(of: text ?? "", page: page)
    }

    private static func runs(_ page: String) -> Bool {
        blocks.contains {
            guard $0.page == page else { return false }
            if case .configuration = $0.kind { return true }
            return $0.kind == .anywhere
        }
    }

    /// How commands by hand begin, and what is tested of them, or why nothing is.
    static let byHand = [
        "make deb": "deb-test installs, runs and removes what it makes",
        "make bench-checks": "CheckBenchTests",
        "make bench-config": "ConfigurationBenchTests",
        "make bench-ipvs": "TableBenchTests",
        "make bench-vrrp": "ElectionBenchTests",
        "make drill": "DrillTests",
        "make soak": "SoakHandsTests; SoakRunTests, with the full matrix",
        "make install": "Debian/build installs by it, and deb-test runs that",
        "make simulate": "SimulationTests, with fewer seeds",
        "holdfast drill": "DrillTests, with each of the examples",
        "holdfast status --watch": "does not end; ControlSocketTests asks again and again",
        "holdfast switch": "HandoverTests",
        "journalctl -u holdfast": "needs a machine; UnitFileTests has what the catalog says",
        "holdfast realserver": "RealServerHostTests; it changes the host",
        "holdfast events -f": "does not end; ControlSocketTests follows events",
        "holdfast check --host": "CheckProcessTests; what it finds depends on the host",
        "sudo holdfast check --host": "the same",
        "holdfast ipvs -": "IPVSShellTests, beside ipvsadm",
        "ipvsadm -": "the same",
        "ln -s /usr/bin/holdfast": "makes a link",
        "holdfastd -t": "EntryTests; what it finds depends on the host",
        "holdfastd -n": "SupervisorProcessTests",
        "sudo HOLDFASTD=": "a suite of the lab tests",
        "sudo apt install": "Debian/try installs the package with dpkg",
        "sudo install": "copies a file",
        "mkdir": "makes a folder",
        "cp director-a.conf": "copies files",
        "sudo systemctl": "needs a machine; UnitFileTests has what the unit says",
        "systemctl edit": "opens an editor",
        "sysctl -w": "the lab's servers and directors are set up by the same settings",
        "ip address add": "the lab's servers have the address by the same command",
        "ip link set tunl0": "the lab's servers of Examples/tun have it by the same command",
        "modprobe": "the lab loads the module",
        "iptables -t mangle": "HandMadeRulesTests and the drills of Examples/fwmark-loop-guard",
    ]

    /// Words that only commands begin with.
    private static let programs: Set<Substring> = [
        "holdfast", "holdfastd", "make", "sudo", "sysctl", "ip", "ipvsadm", "iptables", "modprobe",
        "systemctl",
        "swift", "$", "journalctl", "apt",
    ]

    @Test func `every block says what becomes of it`() {
        for block in Self.blocks {
            #expect(block.kind != .unknown, "\(block.testDescription): \(block.info)")
            guard block.kind == .other, block.info != "text" else { continue }
            for line in block.text.split(separator: "\n") {
                let first = line.split(separator: " ").first ?? ""
                // `ip` stands in drawings, too: a command has no blank before it.
                let isCommand = Self.programs.contains(first) && line.hasPrefix(first)
                #expect(!isCommand, "\(block.testDescription): a command without `sh`: \(line)")
            }
        }
        #expect(Self.blocks.count > 50)
        for kind in [PageBlock.Kind.anywhere, .onDirector, .byHand] {
            #expect(Self.blocks.count { $0.kind == kind } > 4, "\(kind)")
        }
    }

    @Test func `a command is in a fenced block`() throws {
        for page in Self.pages {
            let text = try String(
                contentsOf: Golden.repository.appendingPathComponent(page), encoding: .utf8)
            var isFenced = false
            for line in text.split(separator: "\n") {
                if line.drop(while: { $0 == " " }).hasPrefix("```") { isFenced.toggle() }
                guard !isFenced, line.hasPrefix("    ") else { continue }
                let first = line.split(separator: " ").first ?? ""
                #expect(!Self.programs.contains(first), "\(page): \(line)")
            }
        }
    }

    @Test(arguments: pages.filter(runs)) func `commands do what the page says, and its files are right`(
        page: String
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["Examples", "Etc"] {
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent(name),
                withDestinationURL: Golden.repository.appendingPathComponent(name))
        }
        let path = try BuiltProgram.folder().path + ":/usr/sbin:/usr/bin:/sbin:/bin"
        for block in Self.blocks where block.page == page {
            let script: String
            switch block.kind {
            case .configuration(let name):
                try block.text.write(
                    to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
                script = "holdfast check --strict \(name)"
            case .anywhere: script = block.text
            case .onDirector, .byHand, .other, .unknown: continue
            }
            let outcome = try BuiltProgram.run(
                at: "/usr/bin/timeout", ["60", "/bin/bash", "-euo", "pipefail", "-c", script], in: folder,
                environment: ["PATH": path])
            #expect(
                outcome.status == 0, "\(block.testDescription):\n\(script)\(outcome.output)\(outcome.error)")
        }
    }

    @Test func `commands by hand are in the list, and the list has no other`() {
        var used: Set<String> = []
        for block in Self.blocks where block.kind == .byHand {
            for command in block.commands {
                let found = Self.byHand.keys.filter { command.hasPrefix($0) }
                #expect(!found.isEmpty, "\(block.testDescription): \(command)")
                used.formUnion(found)
            }
        }
        #expect(Set(Self.byHand.keys).subtracting(used).isEmpty)
    }

    @Test func `what troubleshooting quotes is what the programs say`() throws {
        let page = try String(
            contentsOf: Golden.repository.appendingPathComponent("docs/troubleshooting.md"), encoding: .utf8)
        let sources = try #require(
            FileManager.default.enumerator(
                at: Golden.repository.appendingPathComponent("Sources"), includingPropertiesForKeys: nil))
        let text = sources.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
            .compactMap { try? String(contentsOf: $0, encoding: .utf8) }.joined()
        var count = 0
        for line in page.split(separator: "\n") where line.hasPrefix("| ") {
            let symptom = line.dropFirst(2).prefix { $0 != "|" }
            for (index, quoted) in symptom.split(separator: "`", omittingEmptySubsequences: false)
                .enumerated()
            where index % 2 == 1 {
                #expect(text.contains(quoted), "\(quoted)")
                count += 1
            }
        }
        #expect(count > 8)
    }
}

@Suite struct PageBlockTests {
    private let page = """
        # A page
        ```conf a.conf
        vrrp_instance VI_1 {
        }
        ```
        text
           ```sh
        holdfast check a.conf   # a comment
            # another
        sysctl -w a=1 \\
            b=2

           ```
        ```
        drawing
        ```
        ```sh by-hand
        make
        """

    @Test func `blocks have their line, kind and text`() throws {
        let blocks = PageBlock.blocks(of: page, page: "p.md")
        #expect(blocks.map(\.line) == [2, 7, 14, 17])
        #expect(blocks.map(\.kind) == [.configuration("a.conf"), .anywhere, .other, .byHand])
        #expect(blocks.first?.text == "vrrp_instance VI_1 {\n}\n")
        #expect(blocks.last?.text == "make")
        #expect(blocks.first?.testDescription == "p.md:2")
    }

    @Test func `a command is a line that is no comment and begins something`() {
        let blocks = PageBlock.blocks(of: page, page: "p.md")
        #expect(blocks[1].commands == ["holdfast check a.conf   # a comment", "sysctl -w a=1 \\"])
    }

    @Test(arguments: [
        ("conf", PageBlock.Kind.unknown), ("conf a b", .unknown), ("sh anywhere", .unknown),
        ("bash", .unknown),
        ("sh on-a", .onDirector), ("sh on-b", .onDirector), ("text", .other), ("mermaid", .other),
        ("", .other),
    ])
    func `what a block is told by is closed`(info: String, kind: PageBlock.Kind) {
        #expect(PageBlock(page: "p", line: 1, info: info, text: "").kind == kind)
    }
}
