import NetTypes
import Timekeeping

/// What a probe asks of the process that runs it.
package enum ProbeAction: Hashable, Sendable {
    /// Open a TCP connection; answer `connected`, `failed` or `unavailable`.
    case connect(to: Endpoint, from: ProbeSource = ProbeSource())
    /// Open a socket for datagrams to one target; answer `opened` or `unavailable`.
    case open(DatagramKind, to: Endpoint, from: ProbeSource = ProbeSource())
    /// Speak TLS on the established connection; answer `secured`, `failed` or `unavailable`. From then
    /// on `send` and `received` are about what is inside.
    case secure(TLSRequest)
    /// Write all of this to the connection, in order, or as one datagram.
    case send([UInt8])
    /// Close the connection, established or not, and report nothing more of it.
    case disconnect
    /// Compute a digest; answer `digested` or `unavailable`.
    case digest(DigestAlgorithm, [UInt8])
    /// Look for a pattern; answer `matched`, `failed` or `unavailable`.
    case match(BodyPattern, [UInt8])
    /// Run a program in a process group of its own; answer `exited` or `unavailable`. A program whose former
    /// run has not ended yet MUST be answered with `unavailable`, so that runs cannot pile up.
    case run(ScriptCheck)
    /// End the program: TERM to its process group, KILL 2 s later; report nothing more of it.
    case terminate
}

/// What goes through a socket for datagrams.
package enum DatagramKind: Hashable, Sendable {
    case udp
    /// ICMP echo; the target's port is of no account.
    case echo
}

/// What a probe's TLS connection is to be.
package struct TLSRequest: Hashable, Sendable {
    /// The name in the ClientHello (SNI, RFC 6066 section 3); nil for none.
    package var serverName: String?
    /// The name or address that the certificate must be for.
    package var peer: String
    /// Whether it is looked at, and what is trusted.
    package var settings: TLSSettings

    /// A request for TLS.
    package init(serverName: String? = nil, peer: String, settings: TLSSettings = TLSSettings()) {
        self.serverName = serverName
        self.peer = peer
        self.settings = settings
    }
}

/// How a program ended.
package enum ScriptExit: Hashable, Sendable {
    /// It returned; the status is 0...255.
    case status(Int32)
    /// A signal of this number ended it.
    case signal(Int32)
    /// It is not there, or cannot be executed; says which.
    case unfit(String)
}

/// What can happen to a probe.
package enum ProbeEvent: Hashable, Sendable {
    /// The connection is established.
    case connected
    /// The socket for datagrams is there, and a number that nobody can foresee.
    case opened(nonce: UInt64)
    /// TLS is established on it.
    case secured
    /// The digest that was asked for.
    case digested([UInt8])
    /// The pattern that was asked for is there, or not.
    case matched(Bool)
    /// The network or the peer refused or broke the connection, or what it sent cannot be examined; the text
    /// is errno's ("connection refused"), or says what is wrong.
    case failed(String)
    /// Octets from the peer, in fragments of any size, or one datagram, perhaps cut.
    case received([UInt8])
    /// The peer closed its side in order.
    case closed
    /// The program ended.
    case exited(ScriptExit)
    /// This host could not do what was asked: out of descriptors, ports, memory or processes. Says why.
    case unavailable(String)
    /// The deadline has passed (the check says so, no shell).
    case timedOut
}

/// What a probe does in answer to an event. Once `result` is there the probe is over.
struct ProbeStep: Hashable, Sendable {
    var actions: [ProbeAction] = []
    var result: ProbeResult?

    /// Nothing to do.
    static let none = ProbeStep()

    /// Goes on with `actions`.
    static func perform(_ actions: ProbeAction...) -> ProbeStep { ProbeStep(actions: actions) }

    /// Ends, after the last `actions`.
    static func finish(_ outcome: ProbeOutcome, _ detail: String, _ actions: ProbeAction...) -> ProbeStep {
        ProbeStep(actions: actions, result: ProbeResult(outcome, detail))
    }
}

/// A kind of probe that remembers where it is.
protocol ProbeMachine: Sendable {
    /// Takes an event; one that cannot happen in the present stage changes nothing.
    mutating func handle(_ event: ProbeEvent) -> ProbeStep
}

/// One attempt of a check, as a machine that is fed with what happens to its connection or program. It knows
/// no time: the check that owns it owns its deadline, which starts again with each `connect` or `run`.
struct Probe: Sendable {
    private enum Machine: Sendable {
        case tcp(TCPConnect)
        indirect case http(HTTPGet)
        indirect case smtp(SMTPDialogue)
        indirect case dns(DNSQuery)
        indirect case udp(UDPExchange)
        indirect case ping(EchoRequest)
        case script(ScriptRun)
        /// What is judged without a probe.
        case none
    }

    private var machine: Machine

    init(_ kind: CheckSpecification.Kind) {
        switch kind {
        case .tcp(let check): machine = .tcp(TCPConnect(check))
        case .http(let check): machine = .http(HTTPGet(check))
        case .smtp(let check): machine = .smtp(SMTPDialogue(check))
        case .dns(let check): machine = .dns(DNSQuery(check))
        case .udp(let check): machine = .udp(UDPExchange(check))
        case .ping(let check): machine = .ping(EchoRequest(check))
        case .script(let check): machine = .script(ScriptRun(check))
        case .file: machine = .none
        }
    }

    /// The first actions. Called once.
    func start() -> ProbeStep {
        switch machine {
        case .tcp(let probe): probe.start()
        case .http(let probe): probe.start()
        case .smtp(let probe): probe.start()
        case .dns(let probe): probe.start()
        case .udp(let probe): probe.start()
        case .ping(let probe): probe.start()
        case .script(let probe): probe.start()
        case .none: .finish(.notProbed, "not a matter of probes")
        }
    }

    /// Takes an event; an event that cannot happen in the probe's present stage changes nothing.
    mutating func handle(_ event: ProbeEvent) -> ProbeStep {
        switch machine {
        case .tcp(let probe): return advance(probe, event) { .tcp($0) }
        case .http(let probe): return advance(probe, event) { .http($0) }
        case .smtp(let probe): return advance(probe, event) { .smtp($0) }
        case .dns(let probe): return advance(probe, event) { .dns($0) }
        case .udp(let probe): return advance(probe, event) { .udp($0) }
        case .ping(let probe): return advance(probe, event) { .ping($0) }
        case .script(let probe): return probe.handle(event)
        case .none: return .none
        }
    }

    private mutating func advance<Attempt: ProbeMachine>(
        _ attempt: Attempt, _ event: ProbeEvent, as make: (Attempt) -> Machine
    ) -> ProbeStep {
        var attempt = attempt
        let step = attempt.handle(event)
        machine = make(attempt)
        return step
    }

    /// What takes back the resources of a probe that is given up.
    var abandonment: ProbeAction {
        switch machine {
        case .tcp, .http, .smtp, .dns, .udp, .ping, .none: .disconnect
        case .script: .terminate
        }
    }
}

extension CheckSpecification {
    /// The check without the certificate that it shows: for who needs to know it again, and makes no probe.
    package var anonymous: CheckSpecification {
        guard kind.identity != nil, case .http(var check) = kind else { return self }
        check.tls?.identity = nil
        return CheckSpecification(kind: .http(check), schedule: schedule)
    }
}

extension CheckSpecification.Kind {
    /// The certificate that the probe shows; nil for none.
    package var identity: TLSIdentity? {
        if case .http(let check) = self { check.tls?.identity } else { nil }
    }

    /// The target's weight comes from its probes.
    package var isDynamic: Bool { if case .script(let check) = self { check.isDynamic } else { false } }

    /// What it says of the weight is a change, and not a weight.
    package var addsToWeight: Bool { if case .file = self { true } else { false } }

    /// How long one connection, one exchange or one run of a probe may take.
    package var timeout: Interval {
        switch self {
        case .tcp(let check): check.timeout
        case .http(let check): check.timeout
        case .smtp(let check): check.timeout
        case .dns(let check): check.timeout
        case .udp(let check): check.timeout
        case .ping(let check): check.timeout
        case .script(let check): check.timeout
        case .file: .zero
        }
    }
}
