import ConfigModel
import LinuxIO
import Timekeeping

/// Delivers mails, one connection each (as keepalived does), one at a time. It runs in the checker, which has
/// no privileges, since it hears what the mail server says. A mail that cannot be delivered is given up and
/// logged: it is never tried again, and nothing waits for it.
final class MailSender<Token> {
    private struct Session {
        var socket: StreamSocket
        var registration: Registration
        var dialogue: MailDialogue
        var outgoing: ArraySlice<UInt8> = []
        var interest: Interest
        var mail: Mail
        /// When the server's next word is due.
        var replyBy: Instant
        /// When all of it is to be over.
        var endBy: Instant
    }

    /// A session may take so many times as long as one answer.
    private static var patience: Int64 { 4 }

    private let loop: EventLoop<Token>
    private let log: Log
    private let token: Token
    private var settings: MailSettings?
    private var director = ""
    private var queue = MailQueue()
    private var session: Session?
    private var toldDropped: UInt64 = 0

    init(in loop: EventLoop<Token>, log: Log, token: Token) {
        self.loop = loop
        self.log = log
        self.token = token
    }

    /// Nothing waits and nothing is under way.
    var isIdle: Bool { queue.isIdle }

    var nextDeadline: Instant? { session.map { min($0.replyBy, $0.endBy) } }

    /// Who writes to whom from now on; `director` is the name in subjects. nil: nobody.
    func configure(_ new: MailSettings?, director name: String) {
        settings = new
        director = name
    }

    /// Takes a mail; `advance` begins it.
    func add(_ mail: Mail) {
        guard settings != nil else { return }
        queue.add(mail)
        guard queue.dropped > toldDropped else { return }
        if toldDropped == 0 { log.warning("the mail server is too slow: mails are left out") }
        toldDropped = queue.dropped
    }

    /// Gives up what takes too long, and begins the next.
    func advance(to now: Instant) {
        if let session, min(session.replyBy, session.endBy) <= now { end("the mail server does not answer") }
        while session == nil, let mail = queue.next() {
            guard let settings else {
                queue.finished()
                continue
            }
            begin(mail, settings, at: now)
        }
    }

    private func begin(_ mail: Mail, _ settings: MailSettings, at now: Instant) {
        let host = HostFacts.shortHostName
        let envelope = MailEnvelope(
            sender: settings.sender ?? "keepalived@\(host)", recipients: settings.recipients,
            greeting: settings.greeting ?? host, director: director)
        let text = MailText.data(mail, envelope, date: Clock.wallTime().mailDate)
        do throws(Errno) {
            let socket = try StreamSocket(connectingTo: settings.server)
            let registration = try loop.register(socket.descriptor, [.read, .write], token)
            session = Session(
                socket: socket, registration: registration,
                dialogue: MailDialogue(envelope, text: text), interest: [.read, .write], mail: mail,
                replyBy: now + settings.timeout, endBy: now + settings.timeout * Self.patience)
        } catch {
            log.warning("mail \"\(mail.subject)\" was not sent: \(error)")
            queue.finished()
        }
    }

    /// The connection has something to say.
    func handle(_ ready: Ready<Token>, at now: Instant) {
        guard session?.registration == ready.registration else { return }
        do throws(Errno) {
            try serve(ready, at: now)
        } catch {
            end("\(error)")
        }
        advance(to: now)
    }

    private func serve(_ ready: Ready<Token>, at now: Instant) throws(Errno) {
        guard let current = session else { return }
        if current.socket.isConnecting {
            guard ready.isWritable || ready.hasFailed else { return }
            try current.socket.finishConnecting()
            try flush()
            return
        }
        if ready.isWritable { try flush() }
        guard ready.isReadable else { return }
        switch try current.socket.read(limit: 4096) {
        case .wouldBlock: break
        case .ended: if let step = session?.dialogue.close() { perform(step, at: now) }
        case .octets(let octets):
            guard let step = session?.dialogue.receive(octets) else { return }
            perform(step, at: now)
        }
        if session != nil { try flush() }
    }

    private func perform(_ step: MailDialogue.Step, at now: Instant) {
        switch step {
        case .wait: break
        case .send(let octets):
            session?.outgoing += octets
            if let timeout = settings?.timeout { session?.replyBy = now + timeout }
        case .delivered(let farewell):
            // A courtesy: whether it arrives makes no difference any more.
            _ = try? session?.socket.write(farewell[...])
            log.detail("mail \"\(session?.mail.subject ?? "")\" was taken by the server")
            close()
        case .failed(let why): end("the mail server says: \(why)")
        }
    }

    private func flush() throws(Errno) {
        guard let current = session else { return }
        var rest = current.outgoing
        while !rest.isEmpty, let count = try current.socket.write(rest) { rest = rest.dropFirst(count) }
        session?.outgoing = rest
        let interest: Interest = rest.isEmpty ? .read : [.read, .write]
        guard interest != current.interest else { return }
        try loop.modify(current.registration, interest)
        session?.interest = interest
    }

    private func end(_ why: String) {
        log.warning("mail \"\(session?.mail.subject ?? "")\" was not sent: \(why)")
        close()
    }

    private func close() {
        if let registration = session?.registration { loop.unregister(registration) }
        session = nil
        queue.finished()
    }
}
