import Testing

@testable import IPVSAdmin

@Suite struct OptionReaderTests {
    private func items(_ line: String) throws -> [OptionReader.Item] {
        var reader = OptionReader(line.split(separator: " ").map(String.init))
        var items: [OptionReader.Item] = []
        while let item = try reader.next() { items.append(item) }
        return items
    }

    private func refusal(_ words: [String]) -> CommandError? {
        var reader = OptionReader(words)
        do throws(CommandError) {
            while try reader.next() != nil {}
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            "-L -n -c", "-Lnc", "--list --numeric --connection", "-l --numeric -c", "-lnc", "-L -nc",
        ])
    func `flags stand alone, in a group or by their names`(line: String) throws {
        let options: [AdminOption] = [.list, .numeric, .connections]
        #expect(try items(line) == options.map { .option($0, value: nil) })
    }

    @Test(arguments: ["-s rr", "-srr", "-s=rr", "--scheduler rr", "--scheduler=rr"])
    func `a value comes in five ways`(line: String) throws {
        #expect(try items(line) == [.option(.scheduler, value: "rr")])
    }

    @Test func `the rest of a group is a value`() throws {
        #expect(
            try items("-at10.0.0.1:94 -mw5 -r10.0.0.2") == [
                .option(.addServer, value: nil), .option(.tcpService, value: "10.0.0.1:94"),
                .option(.masquerade, value: nil), .option(.weight, value: "5"),
                .option(.realServer, value: "10.0.0.2"),
            ])
    }

    @Test func `a value may begin with a dash, one that may be missing may not`() throws {
        #expect(try items("-w -1") == [.option(.weight, value: "-1")])
        #expect(
            try items("-p -s rr") == [.option(.persistent, value: nil), .option(.scheduler, value: "rr")])
        #expect(try items("-p") == [.option(.persistent, value: nil)])
        #expect(try items("--persistent 5") == [.option(.persistent, value: "5")])
        #expect(try items("-p5") == [.option(.persistent, value: "5")])
        #expect(try items("--persistent=5") == [.option(.persistent, value: "5")])
    }

    @Test func `an empty value is one`() throws {
        #expect(try items("--scheduler=") == [.option(.scheduler, value: "")])
        #expect(try items("-s=") == [.option(.scheduler, value: "")])
        var reader = OptionReader(["-s", ""])
        #expect(try reader.next() == .option(.scheduler, value: ""))
    }

    @Test func `words are told apart from options`() throws {
        #expect(
            try items("a -n - b -- -n --x") == [
                .word("a"), .option(.numeric, value: nil), .word("-"), .word("b"), .word("-n"), .word("--x"),
            ])
        #expect(try items("") == [])
        var reader = OptionReader([""])
        #expect(try reader.next() == .word(""))
    }

    @Test(
        arguments: [
            ["-k"], ["--nosuch"], ["--numeri"], ["--scheduler-"], ["-s"], ["--scheduler"], ["-nk"], ["-nw"],
            ["--numeric=1"], ["-n=1"], ["-1"], ["---"], ["-é"],
        ])
    func `what cannot be read exits with 255`(words: [String]) throws {
        #expect(try #require(refusal(words)).status == 255)
    }

    @Test func `an error names the option`() throws {
        #expect(refusal(["-k"])?.description == "there is no option -k")
        #expect(refusal(["--weigh=5"])?.description == "there is no option --weigh=5")
        #expect(refusal(["-w"])?.description == "-w needs a value")
        #expect(refusal(["--weight"])?.description == "--weight needs a value")
        #expect(refusal(["--numeric=1"])?.description == "--numeric takes no value")
    }

    @Test func `any octets end in words, options or an error`() {
        var seed: UInt64 = 1
        let alphabet = Array("-=AaLnpswt0:[] é\u{0}")
        for _ in 0..<2000 {
            var words: [String] = []
            for _ in 0..<4 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                var bits = seed >> 33
                var word = ""
                for _ in 0..<(bits % 6) {
                    bits = bits / 7 &+ seed >> 40
                    word.append(alphabet[Int(bits % UInt64(alphabet.count))])
                }
                words.append(word)
            }
            let error = refusal(words)
            #expect(error == nil || error?.status == 255)
        }
    }
}
