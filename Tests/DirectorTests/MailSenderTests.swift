import ConfigModel
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Director

/// The sender against a server that this test plays, on the loopback interface.
@Suite struct MailSenderTests {
    private let loop: EventLoop<Int>
    private let sender: MailSender<Int>
    private let listener: Listener

    init() throws {
        loop = try EventLoop()
        sender = MailSender(in: loop, log: quietLog(), token: 1)
        listener = try Listener(on: endpoint("127.0.0.1", 0))
        _ = try loop.register(listener.descriptor, .read, 0)
        sender.configure(settings(), director: "lvs-a")
    }

    private func settings(timeout: Interval = .seconds(5)) -> MailSettings {
        MailSettings(
            server: listener.endpoint, recipients: ["a@example.com"], sender: "lvs@example.com",
            greeting: "host", timeout: timeout)
    }

    /// Plays the server with `replies` until the sender has nothing more to do; what it was sent, by session.
    private func serve(_ replies: [String], limit: Interval = .seconds(10)) throws -> [String] {
        var sessions: [(socket: StreamSocket, heard: String, replies: ArraySlice<String>)] = []
        let end = Clock.now() + limit
        sender.advance(to: Clock.now())
        while !sender.isIdle, Clock.now() < end {
            let soon = Clock.now() + .milliseconds(10)
            for event in try loop.wait(until: soon) where event.token == 1 {
                sender.handle(event, at: Clock.now())
            }
            while let accepted = try listener.accept() {
                sessions.append((accepted.socket, "", replies[...]))
                try say(&sessions[sessions.count - 1].replies, on: accepted.socket)
            }
            for index in sessions.indices {
                guard case .octets(let octets) = try sessions[index].socket.read() else { continue }
                sessions[index].heard += String(decoding: octets, as: UTF8.self)
                let inText = sessions[index].heard.contains("DATA\r\n")
                guard
                    !inText || octets.starts(with: Array("DATA".utf8))
                        || octets.suffix(5) == [13, 10, 46, 13, 10]
                else { continue }
                try say(&sessions[index].replies, on: sessions[index].socket)
            }
            sender.advance(to: Clock.now())
        }
        return sessions.map(\.heard)
    }

    private func say(_ replies: inout ArraySlice<String>, on socket: StreamSocket) throws {
        guard let reply = replies.popFirst() else { return }
        _ = try socket.write(Array("\(reply)\r\n".utf8)[...])
    }

    private static let good = ["220 hello", "250 ok", "250 ok", "250 ok", "354 go on", "250 queued"]

    @Test func `a mail is delivered, and then the next one`() throws {
        sender.add(Mail(subject: "one", body: "text\n"))
        sender.add(Mail(subject: "two", body: "text\n"))
        let heard = try serve(Self.good)
        #expect(sender.isIdle)
        #expect(heard.count == 2)
        #expect(heard[0].hasPrefix("HELO host\r\nMAIL FROM:<lvs@example.com>\r\nRCPT TO:<a@example.com>\r\n"))
        #expect(
            heard[0].contains("Subject: [lvs-a] one\r\n") && heard[1].contains("Subject: [lvs-a] two\r\n"))
        #expect(heard[0].contains("\r\n\r\ntext\r\n.\r\n"))
    }

    @Test func `a server that refuses, or is not there, costs one mail`() throws {
        sender.add(Mail(subject: "one", body: ""))
        sender.add(Mail(subject: "two", body: ""))
        #expect(try serve(["554 no"]).count == 2)
        #expect(sender.isIdle)
        let nobody = try Listener(on: endpoint("127.0.0.1", 0)).endpoint
        var settings = settings()
        settings.server = nobody
        sender.configure(settings, director: "")
        sender.add(Mail(subject: "three", body: ""))
        #expect(try serve([]).isEmpty)
        #expect(sender.isIdle)
    }

    @Test func `a server that says nothing is left after a while`() throws {
        sender.configure(settings(timeout: .milliseconds(200)), director: "")
        sender.add(Mail(subject: "one", body: ""))
        let start = Clock.now()
        #expect(try serve([]).count == 1)
        #expect(sender.isIdle)
        #expect(Clock.now() - start < .seconds(5))
    }

    @Test func `where mail is not set up nothing is taken`() throws {
        sender.configure(nil, director: "")
        sender.add(Mail(subject: "one", body: ""))
        #expect(sender.isIdle)
        #expect(sender.nextDeadline == nil)
    }
}
