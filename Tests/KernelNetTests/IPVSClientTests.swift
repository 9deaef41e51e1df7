import KernelNet
import LinuxIO
import LoadBalancing
import NetTypes
import Testing

@Suite struct IPVSClientTests {
    static let web = IPVSRequestsTests.web

    static func destination(_ number: Int, weight: UInt32 = 1) -> IPVSDestination {
        let address = IPv4Address(rawValue: 0x0A00_0000 + UInt32(number))
        return IPVSDestination(
            endpoint: Endpoint(.v4(address), port: 80), forwarding: .directRouting, weight: weight)
    }

    static func service(_ destinations: [IPVSDestination] = [], scheduler: String = "rr") -> IPVSService {
        IPVSService(
            identity: web, scheduler: scheduler,
            destinations: Dictionary(destinations.map { ($0.endpoint, $0) }) { first, _ in first })
    }

    static func make(_ services: [IPVSService] = []) -> (FakeIPVS, IPVSClient) {
        let kernel = FakeIPVS(services)
        return (kernel, IPVSClient(transport: kernel, family: FakeIPVS.family))
    }

    @Test func `the table is read back sorted`() throws {
        let second = IPVSService(identity: try IPVSRequestsTests.mark(3), scheduler: "wlc")
        let first = Self.service((1...5).map { Self.destination($0) })
        let (_, client) = Self.make([first, second])
        #expect(try client.observe() == [second, first])
    }

    @Test func `one service's servers are read alone`() throws {
        let (_, client) = Self.make([Self.service((1...3).map { Self.destination($0) })])
        #expect(
            try Set(client.destinations(of: Self.web).map(\.endpoint))
                == Set((1...3).map { Self.destination($0).endpoint }))
    }

    @Test func `changes go out in batches with one acknowledgement each`() throws {
        let (kernel, client) = Self.make()
        let wanted = Self.service((1...600).map { Self.destination($0) })
        let changes = PlanDiff.changes(observed: [], desired: [Self.web: wanted], owned: [])
        #expect(changes.count == 601)
        #expect(try client.apply(changes) == [])
        #expect(kernel.datagrams == [256, 256, 89])
        #expect(kernel.services == [Self.web: wanted])
        #expect(try client.apply([]) == [])
        #expect(kernel.datagrams.count == 3)
    }

    @Test func `who waits is told after each batch and each service`() throws {
        let (_, client) = Self.make([
            Self.service((1...3).map { Self.destination($0) }),
            IPVSService(identity: try IPVSRequestsTests.mark(3), scheduler: "wlc"),
        ])
        var told = 0
        client.progress = { told += 1 }
        let wanted = Self.service((1...600).map { Self.destination($0) })
        let changes = PlanDiff.changes(observed: [], desired: [Self.web: wanted], owned: [])
        #expect(try client.apply(changes) == [] && told == 3)
        told = 0
        _ = try client.observe()
        #expect(told == 4, "two services, read twice")
    }

    @Test func `timeouts are read, and set one by one`() throws {
        let (kernel, client) = Self.make()
        #expect(try client.timeouts() == [.tcp: 900, .tcpFin: 120, .udp: 300])
        try client.set([.udp: 10, .tcp: 3600])
        #expect(kernel.timeouts == [.tcp: 3600, .tcpFin: 120, .udp: 10])
        #expect(try client.timeouts() == kernel.timeouts)
    }

    @Test func `a refusal is told by its change and stops nothing`() throws {
        let (kernel, client) = Self.make([Self.service()])
        let missing = try IPVSRequestsTests.mark(9)
        let changes: [ServiceChange] = [
            .addDestination(Self.destination(1), to: Self.web),
            .addDestination(Self.destination(2), to: missing),
            .addDestination(Self.destination(3), to: Self.web),
        ]
        let failures = try client.apply(changes)
        #expect(failures == [ServiceChangeFailure(change: changes[1], errno: .noProcess)])
        #expect(
            failures.map(\.description) == [
                "cannot add server 10.0.0.2:80 to fwmark:9, DR weight 1: the service is not there (ESRCH)"
            ])
        #expect(kernel.services[Self.web]?.destinations.count == 2)
    }

    @Test func `a refused last change counts as the acknowledgement`() throws {
        let (_, client) = Self.make()
        let change = ServiceChange.addDestination(Self.destination(1), to: Self.web)
        #expect(try client.apply([change]).map(\.errno) == [.noProcess])
    }

    @Test func `what is there already is edited and what is gone stays gone`() throws {
        let (kernel, client) = Self.make([Self.service([Self.destination(1, weight: 9)], scheduler: "wlc")])
        let failures = try client.apply([
            .addService(Self.service()), .addDestination(Self.destination(1), to: Self.web),
            .deleteDestination(Self.destination(2).endpoint, from: Self.web),
            .deleteService(try IPVSRequestsTests.mark(4)),
            .editDestination(from: Self.destination(3), to: Self.destination(3, weight: 2), of: Self.web),
        ])
        #expect(failures == [])
        #expect(
            kernel.services == [
                Self.web: Self.service([Self.destination(1), Self.destination(3, weight: 2)])
            ])
    }

    @Test func `a service that vanished is added by its edit`() throws {
        let (kernel, client) = Self.make()
        #expect(
            try client.apply([.editService(from: Self.service(), to: Self.service(scheduler: "wlc"))]) == [])
        #expect(kernel.services == [Self.web: Self.service(scheduler: "wlc")])
    }

    @Test func `a missing scheduler is named and its servers are not complained about`() throws {
        let (kernel, client) = Self.make()
        let failures = try client.apply([
            .addService(Self.service(scheduler: "mh")), .addDestination(Self.destination(1), to: Self.web),
        ])
        #expect(
            failures.map(\.description) == [
                "cannot add service 192.0.2.100:80/tcp, scheduler mh: "
                    + "the kernel has no scheduler mh (module ip_vs_mh)"
            ])
        #expect(kernel.services.isEmpty)
    }

    @Test func `lost answers are made up for by reading the table`() throws {
        let (kernel, client) = Self.make([Self.service()])
        kernel.overruns = 1
        #expect(try client.apply((1...3).map { .addDestination(Self.destination($0), to: Self.web) }) == [])
        #expect(kernel.services[Self.web]?.destinations.count == 3)
        kernel.overruns = 1
        let impossible = ServiceChange.addService(
            IPVSService(identity: try IPVSRequestsTests.mark(5), scheduler: "mh"))
        #expect(
            try client.apply([impossible]) == [ServiceChangeFailure(change: impossible, errno: .noBuffers)])
    }

    @Test func `the table is read until two readings agree`() throws {
        let (kernel, client) = Self.make()
        var tables: [[IPVSService]] = [[], [Self.service()], [Self.service([Self.destination(1)])]]
        kernel.beforeDump = { kernel in if !tables.isEmpty { kernel.set(tables.removeFirst()) } }
        #expect(try client.observe() == [Self.service([Self.destination(1)])])
    }

    @Test func `a table that is as it is believed to be is read once`() throws {
        let (kernel, client) = Self.make([Self.service([Self.destination(1)])])
        let believed = [Self.web: Self.service([Self.destination(1)])]
        var dumps = 0
        kernel.beforeDump = { _ in dumps += 1 }
        #expect(try client.observe(believing: believed) == believed)
        let once = dumps
        #expect(once > 0)
        #expect(try client.observe(believing: nil) == believed)
        #expect(dumps == 3 * once)
        #expect(try client.observe(believing: [Self.web: Self.service([Self.destination(2)])]) == believed)
        #expect(dumps == 5 * once)
    }

    @Test func `a table that never rests is an error`() {
        let (kernel, client) = Self.make()
        var weight: UInt32 = 0
        kernel.beforeDump = { kernel in
            weight += 1
            kernel.set([Self.service([Self.destination(1, weight: weight)])])
        }
        #expect(throws: IPVSError.unstable) { try client.observe() }
        #expect("\(IPVSError.unstable)" == "cannot read the IPVS table: it changed during each of 8 readings")
    }

    @Test func `a kernel that does not answer is an error with its number`() {
        let client = IPVSClient(transport: SilentTransport(), family: 1)
        let error = IPVSError.failed(SystemError("read the IPVS services", .wouldBlock))
        #expect(throws: error) { try client.observe() }
        #expect(throws: IPVSError.failed(SystemError("write the IPVS table", .wouldBlock))) {
            try client.apply([.deleteService(Self.web)])
        }
    }

    @Test func `sync threads are started, seen and stopped`() throws {
        let (kernel, client) = Self.make()
        let configuration = SyncDaemonConfiguration(interface: "eth0")
        try client.apply(SyncDaemonChange.start(.backup, configuration))
        #expect(try client.syncDaemon() == SyncDaemonState(backup: configuration))
        #expect(
            throws: IPVSError.failed(SystemError("start the backup sync thread on eth0, id 0", .exists))
        ) { try client.apply(SyncDaemonChange.start(.backup, configuration)) }
        try client.apply(SyncDaemonChange.stop(.backup))
        try client.apply(SyncDaemonChange.stop(.backup))
        #expect(kernel.daemons.isEmpty)
    }

    @Test func `the version is asked for`() throws {
        let (_, client) = Self.make()
        #expect(try client.information().description == "1.2.1")
    }

    @Test func `a command is carried out as it is told`() throws {
        let (kernel, client) = Self.make([Self.service([Self.destination(1)])])
        #expect(try client.attempt(.addService(Self.service()))?.errno == .exists)
        #expect(try client.attempt(.addDestination(Self.destination(1), to: Self.web))?.errno == .exists)
        #expect(try client.attempt(.deleteDestination(lab(9), from: Self.web))?.errno == .notFound)
        #expect(try client.attempt(.deleteService(IPVSRequestsTests.mark(9)))?.errno == .noProcess)
        #expect(try client.attempt(.addDestination(Self.destination(2), to: Self.web)) == nil)
        #expect(kernel.services[Self.web]?.destinations.count == 2)
    }

    private func lab(_ number: Int) -> Endpoint { Self.destination(number).endpoint }

    @Test func `a sync thread that does not run cannot be stopped by a command`() throws {
        let (kernel, client) = Self.make()
        #expect(throws: IPVSError.failed(SystemError("stop the master sync thread", .noProcess))) {
            try client.attempt(.stop(.master))
        }
        try client.attempt(.start(.master, SyncDaemonConfiguration(interface: "eth0")))
        #expect(kernel.daemons == [1])
        try client.attempt(.stop(.master))
        #expect(kernel.daemons == [])
    }

    @Test func `a table is cleared, its counters begin again`() throws {
        let (kernel, client) = Self.make([Self.service([Self.destination(1)])])
        try client.zero(Self.web)
        try client.zero()
        #expect(kernel.zeroed == 2)
        let missing = try IPVSRequestsTests.mark(9)
        #expect(
            throws: IPVSError.failed(SystemError("set the counters of fwmark:9 to zero", .noProcess))
        ) { try client.zero(missing) }
        #expect(kernel.zeroed == 2)
        try client.flush()
        #expect(kernel.services.isEmpty)
    }
}

final class SilentTransport: IPVSTransport {
    func send(_ datagram: [UInt8]) throws(Errno) {}
    func receive() throws(Errno) -> [UInt8] { throw .wouldBlock }
}
