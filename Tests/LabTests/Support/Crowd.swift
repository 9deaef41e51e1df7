import Glibc
import LinuxIO
import NetTypes
import Timekeeping

/// Many connections from one host to one service, each with a line to say when asked.
final class Crowd {
    private struct Member {
        let socket: StreamSocket
        var registration: Registration?
        var heard: [UInt8] = []
        var answered = 0
    }

    private let loop: EventLoop<Int>
    private var members: [Int: Member] = [:]
    private var round = 0
    /// Who is still connecting, or has no answer yet.
    private var waiting: Set<Int> = []
    /// So many begin at a time: a thousand packets at once are more than the queues of a small host hold,
    /// and no thousand clients speak in the same millisecond.
    private static let portion = 100
    /// After this the next ones begin, though nobody answers.
    private static let pace = Interval.milliseconds(100)

    /// Opens `count` connections to `target` from `host`, all of them within `limit`.
    init(_ count: Int, to target: Endpoint, from host: Segment.Host, limit: Interval) throws {
        _ = try Program(
            "/usr/bin/prlimit", ["--pid", "\(getpid())", "--nofile=40000:40000"],
            environment: Tools.environment
        ).run(timeout: .seconds(60))
        loop = try EventLoop()
        let home = try host.enter()
        defer { try? home.enter() }
        let deadline = Clock.now() + limit
        for number in 0..<count {
            let socket = try StreamSocket(connectingTo: target)
            let registration = try loop.register(socket.descriptor, .write, number)
            members[number] = Member(socket: socket, registration: registration)
            waiting.insert(number)
            if waiting.count >= Self.portion { try serve(until: Clock.now() + Self.pace) }
        }
        try serve(until: deadline)
    }

    /// How many there are still.
    var count: Int { members.count }

    /// Has each say a line; how many got their answer within `limit`.
    func exchange(_ limit: Interval) throws -> Int {
        round += 1
        waiting = []
        let deadline = Clock.now() + limit
        for (place, number) in members.keys.sorted().enumerated() {
            do {
                _ = try members[number]?.socket.write(Array("\(round)\n".utf8)[...])
                waiting.insert(number)
            } catch {
                drop(number)
            }
            if place % Self.portion == Self.portion - 1 { try serve(until: Clock.now() + Self.pace) }
        }
        try serve(until: deadline)
        return members.values.count { $0.answered == round }
    }

    /// Until nobody waits.
    private func serve(until deadline: Instant) throws {
        while !waiting.isEmpty, Clock.now() < deadline {
            for event in try loop.wait(until: deadline) where loop.isCurrent(event.registration) {
                take(event.token)
            }
        }
    }

    private func take(_ number: Int) {
        guard var member = members[number], let registration = member.registration else { return }
        do {
            if member.socket.isConnecting {
                try member.socket.finishConnecting()
                try loop.modify(registration, .read)
                waiting.remove(number)
                return
            }
            switch try member.socket.read(limit: 256) {
            case .octets(let octets): member.heard += octets
            case .wouldBlock: return
            case .ended: return drop(number)
            }
            // `NAME LINE`, perhaps of more than one round.
            while let end = member.heard.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: member.heard[..<end], as: UTF8.self)
                member.answered = line.split(separator: " ").last.flatMap { Int($0) } ?? member.answered
                member.heard.removeFirst(end + 1)
            }
            members[number] = member
            if member.answered == round { waiting.remove(number) }
        } catch {
            drop(number)
        }
    }

    private func drop(_ number: Int) {
        waiting.remove(number)
        if let registration = members.removeValue(forKey: number)?.registration {
            loop.unregister(registration)
        }
    }
}
