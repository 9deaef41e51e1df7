import LoadBalancing
import NetTypes
import Testing

@testable import IPVSAdmin

@Suite struct AdminCommandTests {
    @Test func `no word at all lists the table`() throws {
        #expect(try AdminCommand.parse([], names: .none) == .list(ListRequest()))
        #expect(try Sample.command("-L") == .list(ListRequest()))
    }

    @Test func `the small commands`() throws {
        #expect(try Sample.command("-C") == .clear)
        #expect(try Sample.command("--clear") == .clear)
        #expect(try Sample.command("-R") == .restore)
        #expect(try Sample.command("-S") == .save(numeric: false))
        #expect(try Sample.command("-Sn") == .save(numeric: true))
        #expect(try Sample.command("-Z") == .zero(nil))
        let web = ServiceIdentity.address(.tcp, Endpoint(.v4(IPv4Address(10, 9, 0, 1)), port: 80))
        #expect(try Sample.command("-Z -t 10.9.0.1:80") == .zero(web))
        #expect(try Sample.command("-h") == .help)
        #expect(try Sample.command("--help") == .help)
        #expect(try Sample.command("-v extra -k") == .version)
    }

    @Test(
        arguments: [
            "-n -L", "-nL", "-x", "--nosuch", "--", "-t 10.9.0.1:1 -A", "x", "--lis", "-", "--set -1 2 3",
            "--set=1 2 3", "--start-daemon", "-A -t", "-L --num", "-L -k", "-e -t 10.9.0.1:80 -r 10.9.0.4 -w",
            "-A -t 10.9.0.1:4 -p -1",
        ])
    func `a line that cannot be read exits with 255`(line: String) {
        #expect(Sample.status(line) == 255)
    }

    @Test(
        arguments: [
            "-A", "-A -t 10.9.0.1:1 -D", "-AEt 10.9.0.1:94", "-A -A -t 10.9.0.1:1", "-L -h", "-L extra",
            "-S extra", "-C extra", "-Z extra", "-L -- x", "-A -t 10.9.0.1:1 extra", "x -L", "-Lnn",
            "-L --nosort --nosort", "-C -n", "-Z -n", "-S -t 10.9.0.1:80", "-S --exact", "-L -s rr",
            "-L -w 5", "-R -n", "-S --json", "-A -t 10.9.0.1:1 --json",
        ])
    func `a line that makes no sense exits with 2`(line: String) {
        #expect(Sample.status(line) == 2)
    }

    @Test func `an error is met where it stands`() {
        // The address is looked at before the option behind it is read, and not the other way round.
        #expect(Sample.status("-A -t bad --nosuch") == 2)
        #expect(Sample.status("-A --nosuch -t bad") == 255)
        #expect(Sample.status("-A -t 10.9.0.1:80 extra --nosuch") == 255)
    }

    @Test func `an error is a sentence`() {
        func text(_ line: String) -> String? {
            do throws(CommandError) {
                _ = try Sample.command(line)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(text("-a -t 10.9.0.1:80") == "--add-server needs --real-server")
        #expect(text("-A -s rr") == "--add-service needs a virtual service")
        #expect(text("-A -t 10.9.0.1:80 -w 1") == "--weight does not belong to --add-service")
        #expect(text("-D -t 10.9.0.1:80 -m") == "a forwarding method does not belong to --delete-service")
        #expect(text("-L -nn") == "--numeric is given twice")
        #expect(text("-L x") == "x is too much")
        #expect(text("-L -C") == "--list is the command, so --clear cannot be another")
        #expect(text("-n") == "a command comes first, and --numeric is none here")
        #expect(text("x") == "no command is given")
    }

    @Test func `a line to restore is no restoring itself`() {
        #expect(Sample.status("-R", isRestoring: true) == 255)
        #expect(Sample.status("-S", isRestoring: true) == nil)
    }

    @Test func `timeouts of 0 are left alone`() throws {
        #expect(
            try Sample.command("--set 1000 10 20") == .setTimeouts([.tcp: 1000, .tcpFin: 10, .udp: 20]))
        #expect(try Sample.command("--set 0 2678400 0") == .setTimeouts([.tcpFin: 2_678_400]))
        #expect(try Sample.command("--set 0 0 0") == .setTimeouts([:]))
        #expect(try Sample.command("5 --set 0 0") == .setTimeouts([.tcp: 5]))
    }

    @Test(
        arguments: [
            "--set", "--set 1 2", "--set 1", "--set 1 2 3 4", "--set a 2 3", "--set 1 b 3",
            "--set 1 2 2678401",
            "--set 1 2 3 -n", "--set +1 2 x",
        ])
    func `other timeouts are refused`(line: String) { #expect(Sample.status(line) == 2) }

    private func list(_ line: String) throws -> ListRequest {
        guard case .list(let request) = try Sample.command(line) else {
            Issue.record("\(line) lists nothing")
            return ListRequest()
        }
        return request
    }

    @Test func `a listing has a subject`() throws {
        let web = ServiceIdentity.address(.tcp, Endpoint(.v4(IPv4Address(10, 9, 0, 1)), port: 80))
        #expect(try list("-Ln").subject == .services(nil))
        #expect(try list("-L -t 10.9.0.1:80").subject == .services(web))
        #expect(try list("-Lc").subject == .connections)
        #expect(try list("-L --timeout --tun-info").subject == .timeouts)
        #expect(try list("-L --daemon --syncid 4").subject == .daemons)
    }

    @Test(
        arguments: [
            ("-L", .plain), ("-L --stats", .counters), ("-L --rate", .rates),
            ("-L --rate --stats", .counters), ("-L --stats --thresholds", .counters),
            ("-L --thresholds", .thresholds), ("-L --persistent-conn --thresholds", .thresholds),
            ("-L --persistent-conn", .persistence), ("-L --tun-info", .tunnels),
            ("-L --tun-info --stats", .counters), ("-L --tun-info --thresholds", .thresholds),
            ("-L --stats --persistent-conn", .counters), ("-Lc --persistent-conn", .persistence),
        ] as [(String, ListRequest.Columns)])
    func `the first of several tables is shown`(line: String, columns: ListRequest.Columns) throws {
        #expect(try list(line).columns == columns)
    }

    @Test func `how it is shown`() throws {
        let plain = try list("-L --sort --sort")
        #expect(!plain.isNumeric && !plain.isExact && plain.isSorted && !plain.isJSON)
        #expect(try list("-Ln").isNumeric)
        #expect(try list("-LX").isExact && list("-L --exact").isExact)
        #expect(try !list("-L --nosort --sort").isSorted)
        #expect(try list("-L --json").isJSON)
    }

    @Test(
        arguments: [
            "-L --timeout --daemon", "-L -c --timeout", "-Ln -c -t 10.9.0.100:80", "-L --daemon -f 3",
            "-Ln --timeout --stats", "-Ln -c --stats", "-Lc --rate", "-Lc --thresholds", "-L --daemon --rate",
            "-L --timeout --persistent-conn", "-L --daemon --persistent-conn",
        ])
    func `listings that exclude each other are refused`(line: String) { #expect(Sample.status(line) == 2) }
}
