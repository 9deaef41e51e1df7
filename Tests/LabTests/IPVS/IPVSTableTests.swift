import HealthChecks
import KernelNet
import LinuxIO
import LoadBalancing
import NetTypes
import Testing

/// The table that Holdfast writes, as ipvsadm reads it.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct IPVSTableKernelTests {
    @Test func `the kernel's IPVS tells its version`() throws {
        #expect(try IPVSClient.open().information().version >= 0x01_02_01)
    }

    @Test func `services of every kind are as ipvsadm reads them`() throws {
        try TestNetwork.with { _ in
            let client = try IPVSClient.open()
            let mark = try #require(FirewallMark(0x5000_0003))
            let v6 = try #require(IPAddress("2001:db8::64"))
            let server6 = try #require(IPAddress("2001:db8::15"))
            var nat = labService(
                .masquerade, [lab(21, 5353)], at: .address(.udp, lab(100, 53)), scheduler: "wrr")
            nat.persistence = Persistence(timeoutSeconds: 300, prefixLength: 24)
            let sctp = ServiceIdentity.address(.sctp, Endpoint(v6, port: 443))
            try client.bring(to: [
                labService(.directRouting, [lab(21), lab(22)]), nat,
                labService(.tunnel, [lab(21, 81)], at: .address(.tcp, lab(100, 81)), scheduler: "wlc"),
                labService(.directRouting, [lab(21, 0)], at: .mark(.inet, mark)),
                labService(.directRouting, [Endpoint(server6, port: 0)], at: .mark(.inet6, mark)),
                labService(.masquerade, [Endpoint(server6, port: 8443)], at: sctp, scheduler: "sh"),
            ])
            #expect(
                try Judge.table()
                    == [
                        "-A --sctp-service [2001:db8::64]:443 -s sh",
                        "-A -f 1342177283 -6 -s rr", "-A -f 1342177283 -s rr",
                        "-A -t 192.0.2.100:80 -s rr", "-A -t 192.0.2.100:81 -s wlc",
                        "-A -u 192.0.2.100:53 -s wrr -p 300 -M 255.255.255.0",
                        "-a --sctp-service [2001:db8::64]:443 -r [2001:db8::15]:8443 -m -w 1",
                        "-a -f 1342177283 -6 -r [2001:db8::15]:0 -g -w 1",
                        "-a -f 1342177283 -r 192.0.2.21:0 -g -w 1",
                        "-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w 1",
                        "-a -t 192.0.2.100:80 -r 192.0.2.22:80 -g -w 1",
                        "-a -t 192.0.2.100:81 -r 192.0.2.21:81 -i -w 1 --tun-type ipip",
                        "-a -u 192.0.2.100:53 -r 192.0.2.21:5353 -m -w 1",
                    ].sorted())
            try client.bring(to: [], owned: Set(try client.observe().map(\.identity)))
            #expect(try Judge.table() == [])
        }
    }

    @Test func `verdicts and the guard reach the kernel`() throws {
        try TestNetwork.with { _ in
            let client = try IPVSClient.open()
            let check = CheckSpecification(
                kind: .tcp(TCPCheck(target: lab(21, 8080))), schedule: CheckSchedule())
            var web = VirtualServer(
                identity: .address(.tcp, lab(100)), scheduler: "rr", forwarding: .directRouting,
                realServers: [
                    RealServer(endpoint: lab(21, 8080), weight: 3, inhibitOnFailure: true, checks: [check]),
                    RealServer(endpoint: lab(22, 8080), checks: [check]),
                ], sorryServer: RealServer(endpoint: lab(90)))
            try client.bring(to: Array(ServicePlan.desired([web], verdicts: [:]).values))
            #expect(
                try Judge.table() == [
                    "-A -t 192.0.2.100:80 -s rr", "-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w 3",
                    "-a -t 192.0.2.100:80 -r 192.0.2.22:80 -g -w 1",
                ])
            try client.bring(to: Array(ServicePlan.desired([web], verdicts: [check: .down]).values))
            #expect(
                try Judge.table() == [
                    "-A -t 192.0.2.100:80 -s rr", "-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w 0",
                    "-a -t 192.0.2.100:80 -r 192.0.2.90:80 -g -w 1",
                ])
            web.guardMark = FirewallMark(3)
            try client.bring(
                to: Array(ServicePlan.desired([web], verdicts: [:]).values), owned: [web.identity])
            #expect(
                try Judge.table() == [
                    "-A -f 3 -s rr", "-a -f 3 -r 192.0.2.21:0 -g -w 3", "-a -f 3 -r 192.0.2.22:0 -g -w 1",
                ])
        }
    }

    @Test func `edits are made in place and foreign services stay`() throws {
        try TestNetwork.with { _ in
            try Judge.ipvsadm("-A -t 192.0.2.100:443 -s sh -b sh-port")
            try Judge.ipvsadm("-a -t 192.0.2.100:443 -r 192.0.2.30 -m -x 10 -y 5")
            try Judge.ipvsadm("-A -t 192.0.2.100:80 -s sh -b sh-port")
            try Judge.ipvsadm("-a -t 192.0.2.100:80 -r 192.0.2.21:80 -m -w 9 -x 10 -y 5")
            try Judge.ipvsadm("-a -t 192.0.2.100:80 -r 192.0.2.30:80 -g")
            let client = try IPVSClient.open()
            try client.bring(
                to: [labService(.directRouting, [lab(21)], scheduler: "wlc")], owned: [.address(.udp, lab(1))]
            )
            #expect(
                try Judge.table() == [
                    "-A -t 192.0.2.100:443 -s sh -b sh-port", "-A -t 192.0.2.100:80 -s wlc",
                    "-a -t 192.0.2.100:443 -r 192.0.2.30:443 -m -w 1",
                    "-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w 1",
                ])
            let foreign = try client.observe().first { $0.identity == .address(.tcp, lab(100, 443)) }
            #expect(foreign?.flags == .scheduler2)
            #expect(foreign?.destinations[lab(30, 443)]?.upperThreshold == 10)
        }
    }

    @Test func `refusals are told one by one and the rest is done`() throws {
        try TestNetwork.with { _ in
            let client = try IPVSClient.open()
            let web = ServiceIdentity.address(.tcp, lab(100))
            let zero = Endpoint(.v4(IPv4Address(rawValue: 0)), port: 80)
            func one(_ endpoint: Endpoint) -> ServiceChange {
                .addDestination(
                    IPVSDestination(endpoint: endpoint, forwarding: .directRouting, weight: 1), to: web)
            }
            let strange = labService(at: .address(.tcp, lab(101)), scheduler: "nosuch")
            let failures = try client.apply([
                .addService(labService()), one(lab(21)), one(zero), one(lab(22)), .addService(strange),
                .addService(labService()), one(lab(21)), .deleteDestination(lab(99), from: web),
                .deleteService(.address(.tcp, lab(102))), one(lab(23)),
            ])
            #expect(failures.map(\.change) == [one(zero), .addService(strange)])
            #expect(failures.map(\.errno) == [.invalid, .notFound])
            #expect(failures.last?.description.hasSuffix("(module ip_vs_nosuch)") == true)
            #expect(try Judge.table().count == 4)
        }
    }

    @Test func `a large table takes a few system calls and is read back whole`() throws {
        try TestNetwork.with { _ in
            let client = try IPVSClient.open()
            let endpoints = (0..<600).map { number in
                Endpoint(.v4(IPv4Address(rawValue: 0x0A00_0001 + UInt32(number))), port: 80)
            }
            try client.bring(to: [labService(.directRouting, endpoints)])
            #expect(try client.observe().first?.destinations.count == 600)
            #expect(try Judge.table().count == 601)
            var half = labService(.directRouting, Array(endpoints.prefix(300)))
            for endpoint in endpoints.prefix(150) { half.destinations[endpoint]?.weight = 7 }
            try client.bring(to: [half])
            let table = try Judge.table()
            #expect(table.count == 301 && table.filter { $0.hasSuffix("-w 7") }.count == 150)
        }
    }

    @Test func `without any address of the host the kernel refuses servers and the reason is told`() throws {
        let origin = try Namespace.currentNetwork()
        defer { do { try origin.enter() } catch { Issue.record("\(error)") } }
        try Namespace.unshare(.network)
        let changes: [ServiceChange] = [
            .addService(labService()),
            .addDestination(
                IPVSDestination(endpoint: lab(21), forwarding: .directRouting, weight: 1),
                to: .address(.tcp, lab(100))),
        ]
        let failures = try IPVSClient.open().apply(changes)
        #expect(failures.map(\.errno) == [.invalid])
        #expect(failures.first?.description.contains("not even lo") == true)
    }
}
