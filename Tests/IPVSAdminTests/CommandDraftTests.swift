import LoadBalancing
import NetTypes
import Testing

@testable import IPVSAdmin

@Suite struct CommandDraftTests {
    private func service(_ line: String) throws -> IPVSService {
        switch try Sample.command(line) {
        case .change(.addService(let service)): return service
        case .change(.editService(let old, let new)):
            #expect(old == new)
            return new
        default:
            Issue.record("\(line) is about no service")
            return IPVSService(identity: .mark(.inet, try #require(FirewallMark(1))), scheduler: "")
        }
    }

    private func server(_ line: String) throws -> IPVSDestination? {
        switch try Sample.command(line, names: Sample.names) {
        case .change(.addDestination(let server, _)): return server
        case .change(.editDestination(let old, let new, _)):
            #expect(old == new)
            return new
        default: return nil
        }
    }

    // MARK: Services

    @Test(arguments: ["-A", "-E"])
    func `a service has defaults`(command: String) throws {
        let one = try service("\(command) -t 10.9.0.1:80")
        #expect(one.identity.description == "10.9.0.1:80/tcp")
        #expect(one.scheduler == "wlc" && one.persistence == nil && one.flags == [])
        #expect(one.persistenceEngine == nil && one.destinations.isEmpty)
    }

    @Test func `a service is told by address or mark`() throws {
        #expect(try service("-A -u 10.9.0.1:53").identity.description == "10.9.0.1:53/udp")
        #expect(try service("-A --sctp-service [::1]:5").identity.description == "[::1]:5/sctp")
        #expect(try service("-A -f 3").identity.description == "fwmark:3")
        #expect(try service("-A -f 3 -6").identity.description == "fwmark:3/inet6")
        #expect(try service("-A -f 020").identity.description == "fwmark:20")
        #expect(try service("-A --fwmark-service 4294967295").identity.description == "fwmark:4294967295")
        #expect(try Sample.command("-D -f 3 -6") == .change(.deleteService(service("-A -f 3 -6").identity)))
    }

    @Test(
        arguments: [
            "-A -f 0", "-A -f -1", "-A -f x", "-A -f 4294967296", "-A -f 0x10", "-A -6 -f 7",
            "-A -6 -t 10.9.0.1:80", "-A -t 10.9.0.1:80 -6", "-A -t 10.9.0.1:x", "-A -t nosuch.invalid:80",
            "-A -t 10.9.0.1:1 -t 10.9.0.1:2", "-A -t 10.9.0.1:1 -u 10.9.0.1:2", "-A -t 10.9.0.1:1 -f 2",
        ])
    func `what names no service is refused`(line: String) { #expect(Sample.status(line) == 2) }

    @Test func `ipvsadm's negative marks are taken when a table is restored`() throws {
        for (text, mark) in [("-1", 4_294_967_295), ("-2147483648", 2_147_483_648)] as [(String, UInt32)] {
            let identity = ServiceIdentity.mark(.inet, try #require(FirewallMark(mark)))
            let command = try Sample.command("-D -f \(text)", isRestoring: true)
            #expect(command == .change(.deleteService(identity)))
            #expect(Sample.status("-D -f \(text)") == 2)
        }
        #expect(Sample.status("-D -f -2147483649", isRestoring: true) == 2)
        #expect(Sample.status("-D -f 0", isRestoring: true) == 2)
    }

    @Test func `a service of every port must be persistent, and only then may be`() throws {
        #expect(Sample.status("-A -t 10.9.0.1") == 2)
        #expect(Sample.status("-E -t 10.9.0.1:0") == 2)
        #expect(try service("-A -t 10.9.0.1 -p").identity.description == "10.9.0.1:0/tcp")
        #expect(Sample.status("-D -t 10.9.0.1") == nil && Sample.status("-Z -t 10.9.0.1") == nil)
        #expect(Sample.status("-L -t 10.9.0.1") == nil && Sample.status("-A -f 3") == nil)
    }

    @Test(
        arguments: [
            ("-p", Persistence(timeoutSeconds: 360, prefixLength: 32)),
            ("-p 1", Persistence(timeoutSeconds: 1, prefixLength: 32)),
            ("-p 2678400", Persistence(timeoutSeconds: 2_678_400, prefixLength: 32)),
            ("-p -M 255.255.255.0", Persistence(timeoutSeconds: 360, prefixLength: 24)),
            ("-M 0.0.0.0 -p9", Persistence(timeoutSeconds: 9, prefixLength: 0)),
            ("-p -M 24", Persistence(timeoutSeconds: 360, mask: 24)),
            ("-p -M 255.0.255.0", Persistence(timeoutSeconds: 360, mask: 0xFF00_FF00)),
            ("-M 255.255.255.0", nil),
        ] as [(String, Persistence?)])
    func `persistence of IPv4`(options: String, persistence: Persistence?) throws {
        #expect(try service("-A -t 10.9.0.1:80 \(options)").persistence == persistence)
    }

    @Test func `persistence of IPv6 has a prefix length`() throws {
        #expect(try service("-A -t [::1]:80 -p").persistence?.prefixLength == 128)
        #expect(try service("-A -t [::1]:80 -p -M 64").persistence?.prefixLength == 64)
        #expect(try service("-A -f 3 -6 -p -M 1").persistence?.prefixLength == 1)
        // What was said of IPv4 does not hold for IPv6.
        #expect(try service("-A -f 3 -p -M 255.0.0.0 -6").persistence?.prefixLength == 128)
        #expect(Sample.status("-A -f 3 -6 -p -M 0") == 2 && Sample.status("-A -f 3 -6 -p -M 129") == 2)
        #expect(Sample.status("-A -t 10.9.0.1:80 -p -M x") == 2)
    }

    @Test(arguments: ["-p 0", "-p 2678401", "-p x", "-p=", "-p 1 -p 2"])
    func `other persistence is refused`(options: String) {
        #expect(Sample.status("-A -t 10.9.0.1:80 \(options)") == 2)
    }

    @Test func `schedulers, flags and engines`() throws {
        let one = try service("-A -u 10.9.0.1:53 -b mh-port -s mh --pe sip -o")
        #expect(one.scheduler == "mh" && one.flags == [.scheduler2, .onePacket])
        #expect(one.persistenceEngine == "sip")
        #expect(try service("-A -f 3 -o --pe=").flags == .onePacket)
        #expect(try service("-A -f 3 -s= --pe=").persistenceEngine == nil)
        #expect(try service("-A -f 3 -s=").scheduler == "wlc")
        for line in [
            "-A -t 10.9.0.1:80 -o", "-A --sctp-service 10.9.0.1:5 -o", "-A -t 10.9.0.1:80 -b sh-port",
            "-A -f 3 -s rr -s rr", "-A -f 3 -b nosuch", "-A -f 3 -b flag-1 -b flag-2",
        ] { #expect(Sample.status(line) == 2) }
    }

    // MARK: Servers

    @Test(arguments: ["-a", "-e"])
    func `a server has defaults`(command: String) throws {
        let one = try #require(try server("\(command) -t 10.9.0.1:80 -r 10.9.0.2"))
        #expect(one.endpoint.description == "10.9.0.2:80" && one.forwarding == .directRouting)
        #expect(one.weight == 1 && one.upperThreshold == 0 && one.lowerThreshold == 0)
        #expect(one.encapsulation == .ipip)
    }

    @Test(
        arguments: [
            ("-t 10.9.0.1:80 -r 10.9.0.2:8080 -m", "10.9.0.2:8080"),
            ("-t 10.9.0.1:80 -r 10.9.0.2 -m", "10.9.0.2:80"),
            ("-t 10.9.0.1:80 -r 10.9.0.2:8080", "10.9.0.2:80"),
            ("-t 10.9.0.1:80 -r 10.9.0.2:8080 -i", "10.9.0.2:80"),
            ("-t 10.9.0.1:81 -r 10.9.0.2:http -m", "10.9.0.2:80"),
            ("-r 10.9.0.2:82 -m -t 10.9.0.1:81", "10.9.0.2:82"),
            ("-t 10.9.0.1:80 -r 10.9.0.2:0 -m", "10.9.0.2:0"),
            ("-t 10.9.0.1:80 -r 10.9.0.2:0", "10.9.0.2:80"), ("-f 3 -r 10.9.0.2:http", "10.9.0.2:80"),
            ("-t 10.9.0.1 -r 10.9.0.2 -m", "10.9.0.2:0"), ("-f 3 -r 10.9.0.2:80 -m", "10.9.0.2:80"),
            ("-f 3 -r 10.9.0.2:80 -g", "10.9.0.2:80"), ("-f 3 -6 -r 2001:db8::2", "[2001:db8::2]:0"),
            ("-t 10.9.0.1:80 -r [2001:db8::9]:80 -i", "[2001:db8::9]:80"),
            ("-t [::1]:80 -r 10.9.0.2 -i", "10.9.0.2:80"), ("-t 10.9.0.1:80 -r localhost", "127.0.0.1:80"),
        ])
    func `the port of a server`(options: String, expected: String) throws {
        #expect(try server("-a \(options)")?.endpoint.description == expected)
    }

    @Test func `a server is removed by the port it has`() throws {
        func removed(_ options: String) throws -> String? {
            switch try Sample.command("-d \(options)") {
            case .change(.deleteDestination(let endpoint, _)): return endpoint.description
            default: return nil
            }
        }
        #expect(try removed("-t 10.9.0.1:80 -r 10.9.0.2:8080") == "10.9.0.2:8080")
        #expect(try removed("-t 10.9.0.1:80 -r 10.9.0.2") == "10.9.0.2:80")
        #expect(try removed("-t 10.9.0.1:80 -r 10.9.0.2:0") == "10.9.0.2:0")
        #expect(try removed("-t 10.9.0.1:80 -r [2001:db8::9]:80") == "[2001:db8::9]:80")
        #expect(Sample.status("-d -t 10.9.0.1:80 -r 10.9.0.2 -g") == 2)
        #expect(Sample.status("-d -t 10.9.0.1:80") == 2)
    }

    @Test func `weights and thresholds`() throws {
        let one = try #require(try server("-a -f 3 -r 10.9.0.2 -w 70000 -x 100 -y 50 -m"))
        #expect(one.weight == 70000 && one.upperThreshold == 100 && one.lowerThreshold == 50)
        #expect(one.forwarding == .masquerade)
        #expect(try server("-a -f 3 -r 10.9.0.2 -w 2147483647")?.weight == 2_147_483_647)
        #expect(try server("-a -f 3 -r 10.9.0.2 -w 0 -x 2147483647")?.weight == 0)
    }

    @Test(
        arguments: [
            "-w -1", "-w 2147483648", "-w x", "-w 0x10", "-x 2147483648", "-y -1", "-w=", "-g -m", "-m -i",
            "-g -g", "-w 1 -w 1", "-s rr", "-p",
        ])
    func `other settings of a server are refused`(options: String) {
        #expect(Sample.status("-a -t 10.9.0.1:80 -r 10.9.0.2 \(options)") == 2)
    }

    @Test func `a port's name needs a service before it`() {
        #expect(Sample.status("-a -r 10.9.0.2:http -m -t 10.9.0.1:81", names: Sample.names) == 2)
        #expect(Sample.status("-a -t 10.9.0.1:81 -r 10.9.0.2:http -m", names: Sample.names) == nil)
    }

    @Test(arguments: ["x", "10.9.0.2:x", "[2001:db8::9]", "2001:db8::9", "[2001:db8::9]:80 -m"])
    func `what is no server of the service is refused`(server: String) {
        #expect(Sample.status("-a -t 10.9.0.1:80 -r \(server)") == 2)
    }

    @Test(
        arguments: [
            ("", Encapsulation.ipip), ("--tun-type ipip", .ipip),
            ("--tun-type gue --tun-port 6080", Encapsulation(type: 1, port: 6080, flags: 0)),
            ("--tun-type gue --tun-port 1 --tun-nocsum", Encapsulation(type: 1, port: 1, flags: 0)),
            ("--tun-type gue --tun-port 1 --tun-csum", Encapsulation(type: 1, port: 1, flags: 1)),
            ("--tun-port 65535 --tun-type gue --tun-remcsum", Encapsulation(type: 1, port: 65535, flags: 2)),
            ("--tun-type gre", Encapsulation(type: 2, port: 0, flags: 0)),
            ("--tun-type gre --tun-csum", Encapsulation(type: 2, port: 0, flags: 1)),
        ] as [(String, Encapsulation)])
    func `tunnels`(options: String, encapsulation: Encapsulation) throws {
        let one = try server("-a -t 10.9.0.1:80 -r 10.9.0.2 -i \(options)")
        #expect(one?.encapsulation == encapsulation && one?.forwarding == .tunnel)
    }

    @Test(
        arguments: [
            "--tun-type ipip", "-i --tun-type gue", "-i --tun-port 6080", "-i --tun-csum",
            "-i --tun-type gue --tun-port 1 --tun-csum --tun-nocsum", "-i --tun-type gre --tun-remcsum",
            "-i --tun-type gre --tun-port 5", "-i --tun-type foo", "-i --tun-type gue --tun-port 0",
            "-i --tun-type gue --tun-port 65536", "--tun-type gue --tun-port 6", "-m --tun-csum",
            "-i --tun-type gre --tun-csum --tun-csum", "-i --tun-type gre --tun-csum --tun-nocsum",
        ])
    func `tunnels that make no sense are refused`(options: String) {
        #expect(Sample.status("-a -t 10.9.0.1:80 -r 10.9.0.2 \(options)") == 2)
    }

    // MARK: Sync threads

    @Test func `sync threads`() throws {
        #expect(
            try Sample.command("--start-daemon master")
                == .sync(.start(.master, SyncDaemonConfiguration(interface: "eth0"))))
        var backup = SyncDaemonConfiguration(interface: "d0", syncID: 3, maximumLength: 1000)
        backup.group = IPAddress("224.1.2.3")
        backup.port = 9999
        backup.ttl = 4
        #expect(
            try Sample.command(
                "--start-daemon=backup --mcast-interface d0 --sync-maxlen 1000 --mcast-group 224.1.2.3 "
                    + "--mcast-port 9999 --mcast-ttl 4 --syncid 3") == .sync(.start(.backup, backup)))
        #expect(try Sample.command("--stop-daemon backup --syncid 3") == .sync(.stop(.backup)))
        #expect(Sample.status("--start-daemon master --mcast-group ff05::3") == nil)
    }

    @Test(
        arguments: [
            "--start-daemon foo", "--stop-daemon foo", "--start-daemon backup --mcast-group 10.0.0.1",
            "--start-daemon backup --mcast-group x", "--start-daemon backup --mcast-ttl 0",
            "--start-daemon backup --mcast-ttl 256", "--start-daemon backup --mcast-port 0",
            "--start-daemon backup --sync-maxlen 65508", "--start-daemon backup --sync-maxlen 0",
            "--start-daemon backup --syncid -1", "--start-daemon backup --syncid 256",
            "--start-daemon backup -n", "--stop-daemon backup --mcast-ttl 1", "--start-daemon= -n",
        ])
    func `sync threads that make no sense are refused`(line: String) { #expect(Sample.status(line) == 2) }
}
