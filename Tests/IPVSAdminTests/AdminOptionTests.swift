import Testing

@testable import IPVSAdmin

@Suite struct AdminOptionTests {
    @Test func `the letters are those of ipvsadm`() {
        let letters = "AEDCRSaedLlZhvtuf6rsbpMogimwxycXn"
        #expect(Set(AdminOption.letters.keys) == Set(letters))
        #expect(AdminOption.letters["l"] == .list && AdminOption.letters["L"] == .list)
    }

    @Test func `names are told by their raw values`() {
        #expect(AdminOption(rawValue: "u-threshold") == .upperThreshold)
        #expect(AdminOption(rawValue: "fwmark-service") == .markService)
        #expect(AdminOption(rawValue: "weigh") == nil)
        #expect(AdminOption.tunnelRemoteChecksum.description == "--tun-remcsum")
    }

    @Test func `commands are what has a list of what belongs to it`() {
        let commands = AdminOption.allCases.filter(\.isCommand)
        #expect(
            Set(commands) == [
                .addService, .editService, .deleteService, .clear, .restore, .save, .addServer, .editServer,
                .deleteServer, .list, .zero, .setTimeouts, .startDaemon, .stopDaemon, .help, .version,
            ])
        for command in commands {
            #expect(command.permitted?.isSuperset(of: command.compulsory) == true)
            // What belongs to a command is told by subject.
            #expect(command.permitted?.allSatisfy { $0.subject == $0 && !$0.isCommand } == true)
        }
    }

    @Test func `several ways to say one thing are one subject`() {
        for option in [AdminOption.tcpService, .udpService, .sctpService, .markService] {
            #expect(option.subject == .tcpService && option.subjectText == "a virtual service")
        }
        for option in [AdminOption.directRouting, .tunnel, .masquerade] {
            #expect(option.subject == .directRouting && option.subjectText == "a forwarding method")
        }
        #expect(AdminOption.weight.subject == .weight && AdminOption.weight.subjectText == "--weight")
    }

    @Test func `every option belongs to a command`() {
        let belonging = AdminOption.allCases.reduce(into: Set<AdminOption>()) {
            $0.formUnion($1.permitted ?? [])
        }
        let others = AdminOption.allCases.filter { !$0.isCommand && !belonging.contains($0.subject) }
        #expect(others == [.ipv6, .sorted])
    }

    @Test func `values are needed where there is something to tell`() {
        #expect(AdminOption.persistent.value == .optional)
        #expect(AdminOption.weight.value == .required && AdminOption.startDaemon.value == .required)
        #expect(AdminOption.numeric.value == .none && AdminOption.setTimeouts.value == .none)
        #expect(AdminOption.allCases.filter { $0.value == .optional } == [.persistent])
    }
}
