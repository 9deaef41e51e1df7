import FoundationEssentials
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Lab

/// An agent as the lab runs it, a process of its own, and what it has told so far.
final class AgentProcess {
    private let child: ChildProcess
    private var lines = LineBuffer()
    private(set) var sightings: [Sighting] = []

    static let loopback = Endpoint(.v4(IPv4Address(127, 0, 0, 1)), port: 0)

    /// With `openFiles` the agent may open no more descriptors than that.
    init(_ command: AgentCommand, openFiles: Int? = nil) throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = own[..<(own.lastIndex(of: "/") ?? own.startIndex)]
        var words = ["\(folder)/holdfast", "lab-agent"] + command.arguments
        if let openFiles {
            let prlimit = try HostPrograms.require("prlimit", package: "util-linux")
            words = [prlimit, "--nofile=\(openFiles):\(openFiles)"] + words
        }
        child = try ChildProcess(
            Program(words[0], Array(words.dropFirst()), environment: HostPrograms.environment),
            ChildStreams(input: .pipe, output: .pipe))
    }

    deinit {
        kill()
        _ = try? end()
    }

    /// A little server on a port of this host that was free.
    static func server(
        _ name: String, openFiles: Int? = nil
    ) throws -> (agent: AgentProcess, endpoint: Endpoint) {
        // Somebody else may take the port between the look and the server's start: then another one is tried.
        for _ in 0..<4 {
            let endpoint = try Listener(on: loopback).endpoint
            let agent = try AgentProcess(.serve(name: name, ports: [endpoint.port]), openFiles: openFiles)
            let isReady = try agent.wait(for: "a server") { seen in
                seen.contains(.ready(name)) ? true : agent.hasEnded ? false : nil
            }
            if isReady { return (agent, endpoint) }
        }
        throw LabError("no server could be started")
    }

    private var hasEnded: Bool { (try? child.reap()) != nil }

    /// Reads what the agent tells until `body` finds what it looks for; fails after half a minute.
    func wait<Found>(for what: String, _ body: ([Sighting]) throws -> Found?) throws -> Found {
        let deadline = Clock.now() + .seconds(30)
        while true {
            if let found = try body(sightings) { return found }
            try #require(Clock.now() < deadline, "\(what) did not come; last: \(sightings.suffix(3))")
            guard case .octets(let octets) = try child.readOutput() else {
                Scheduling.sleep(.milliseconds(5))
                continue
            }
            for line in lines.take(octets) {
                sightings.append(try #require(Sighting(line: line), "no line of an agent: \(line)"))
            }
        }
    }

    /// The first `count` requests of a client.
    func probes(_ count: Int = 1) throws -> [Trace.Probe] {
        try wait(for: "\(count) requests") { seen in
            var trace = Trace()
            for sighting in seen { trace.add(sighting, service: Sample.virtualAddress) }
            return trace.probes.count >= count ? trace.probes : nil
        }
    }

    func kill() { child.send(.kill) }

    /// Ends the agent's input, which is how the lab ends it; its exit status.
    func end() throws -> Termination? {
        child.closeInput()
        let deadline = Clock.now() + .seconds(20)
        while try child.reap() == nil, Clock.now() < deadline {
            // Who waits to write does not see the end of its input.
            if case .octets = try child.readOutput() { continue }
            Scheduling.sleep(.milliseconds(5))
        }
        return child.exitStatus
    }
}

/// A connection of a test's own.
final class LoopbackClient {
    let socket: StreamSocket

    init(_ endpoint: Endpoint) throws {
        socket = try StreamSocket(connectingTo: endpoint)
        let loop = try EventLoop<Int>()
        let registration = try loop.register(socket.descriptor, .write, 0)
        _ = try loop.wait(until: Clock.now() + .seconds(20))
        loop.unregister(registration)
        try socket.finishConnecting()
    }

    /// Sends `text`; what comes back until `isEnough`, or until the end of the connection.
    func ask(_ text: String, until isEnough: (String) -> Bool = { $0.hasSuffix("\n") }) throws -> String {
        _ = try socket.write(Array(text.utf8)[...])
        var answer: [UInt8] = []
        let deadline = Clock.now() + .seconds(20)
        while Clock.now() < deadline {
            switch try socket.read() {
            case .octets(let octets): answer += octets
            case .wouldBlock: Scheduling.sleep(.milliseconds(2))
            case .ended: return String(decoding: answer, as: UTF8.self)
            }
            if isEnough(String(decoding: answer, as: UTF8.self)) { break }
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
