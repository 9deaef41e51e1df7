import ConfigModel
import ControlProtocol
import KernelNet
import LinuxIO
import LoadBalancing
import Timekeeping

// The control socket of the supervisor: who asks, what they are told.

extension SupervisorProcess {
    /// Listens, for those whom the configuration lets in. A daemon that cannot be asked still does its work.
    func openControl(_ global: GlobalDefinitions) {
        let access = ControlAccess(global)
        for refusal in access.refusals { log.warning("control socket: \(refusal)") }
        attempt("open the control socket") { try control.open(access) }
    }

    /// Does what was asked for, or has it done.
    func attend(to call: ControlCall, at now: Instant) {
        switch call.request {
        case .version: control.answer(call.client, report(at: now).head, at: now)
        case .status: perform(desk.show(call.client, asking: answering, at: now), at: now)
        case .events(let since):
            let times = reportTimes(at: now)
            let lines = chronicle.events.after(UInt64(since)).map { $0.line(times) }
            control.answer(
                call.client, ControlLines((lines + [ControlEnd(.done).json]).makeIterator()), at: now)
        case .order(let order): carryOut(order, call, at: now)
        case .recheck(let target): recheck(target, call, at: now)
        case .plan(let file): plan(file, call, at: now)
        case .switchOver(let instance, let back): switchOver(instance, back: back, call, at: now)
        case .reload(let waits, let allowsEmpty):
            log.notice("reload asked for by uid \(call.peer.user), process \(call.peer.process)")
            let findings = reload(allowingEmpty: allowsEmpty, at: now)
            guard findings.isEmpty else {
                let refusal = "the configuration was refused and nothing has changed"
                return control.answer(call.client, ControlEnd(.refused, refusal, findings: findings), at: now)
            }
            drain(at: now)
            guard waits else { return control.answer(call.client, ControlEnd(.done), at: now) }
            perform(desk.hold(call.client, asking: answering, at: now), at: now)
        }
    }

    /// What an operator wants of servers. The answer comes when the kernel's table is so.
    private func carryOut(_ order: ControlOrder, _ call: ControlCall, at now: Instant) {
        let names = ServerTarget(order.target).map(supervisor.servers(meantBy:)) ?? []
        guard !names.isEmpty else {
            let refusal =
                "no real server is called \(order.target): write its address, with its port or without, and "
                + "perhaps @ and its service"
            return control.answer(call.client, ControlEnd(.refused, refusal), at: now)
        }
        let by = "uid \(call.peer.user)"
        let wish = ServerWish(order, by: by)
        let text = [order.reason, order.seconds.map { "for \($0) s" }].compactMap { $0 }
        log.notice(
            LogLine(
                "\(order.words) asked for by \(by), process \(call.peer.process)"
                    + (text.isEmpty ? "" : ": \(text.joined(separator: ", "))"),
                LogEvent(.order, ["ORDER": order.words, "BY": by, "REASON": order.reason ?? ""])))
        pending.append(.ordered(names, wish))
        drain(at: now)
        guard names.allSatisfy({ supervisor.overrides[$0]?.order == wish.order }) else {
            let refusal = "the daemon is stopping, or has \(ServerOverrides.limit) overrides already"
            return control.answer(call.client, ControlEnd(.refused, refusal), at: now)
        }
        perform(desk.hold(call.client, telling: end(of: order, names), asking: answering, at: now), at: now)
    }

    /// Has checks made now, and tells which.
    private func recheck(_ target: String?, _ call: ControlCall, at now: Instant) {
        let rechecks = supervisor.rechecks(meantBy: target)
        guard !rechecks.isEmpty, roles[.checker] != nil else {
            let what = target.map { "of \($0) " } ?? ""
            let refusal =
                "no check \(what)is made here: write a server's address, with its port or without, and "
                + "perhaps @ and its service, or a service; those of a service under ha_suspend rest"
            return control.answer(call.client, ControlEnd(.refused, refusal), at: now)
        }
        log.notice(
            "recheck of \(target ?? "everything") asked for by uid \(call.peer.user), process "
                + "\(call.peer.process)")
        pending.append(.recheck(Set(rechecks.map(\.place)).sorted()))
        drain(at: now)
        let end = ControlEnd(.done, "\(rechecks.count) checks are made now")
        control.answer(call.client, ControlLines.lines(of: rechecks, \.line, end), at: now)
    }

    /// Reads a file as a reload would; the answer comes when the roles have told what runs.
    private func plan(_ file: String?, _ call: ControlCall, at now: Instant) {
        guard file == nil || call.peer.user == 0 else {
            // What is wrong with a file tells what is in it.
            let end = ControlEnd(.denied, "root alone may have another file read than the daemon's own")
            return control.answer(call.client, end, at: now)
        }
        switch readPlan(file) {
        case .failure(let refused):
            let refusal = "a reload would refuse the configuration"
            control.answer(call.client, ControlEnd(.refused, refusal, findings: refused.findings), at: now)
        case .success(let wanted):
            plans[call.client] = wanted
            perform(desk.show(call.client, asking: answering, at: now), at: now)
        }
    }

    /// Signals are no client of the socket, whose numbers begin at 1.
    private static let signals: UInt64 = 0

    /// Has the file of a signal written once the roles have told what they know.
    func want(_ signal: Signal, at now: Instant) {
        guard dumps.want(signal) else { return }
        perform(desk.show(Self.signals, asking: answering, at: now), at: now)
    }

    /// Never through a link, whoever else may write into the directory, and for root's eyes.
    private func writeDumps(at now: Instant) {
        let dump = DaemonDump(
            supervisor: supervisor, chronicle: chronicle, facts: desk.survey.findings.instances,
            cleared: dumps.cleared, times: reportTimes(at: now), host: facts.host)
        defer { dumps.written(desk.survey.findings.instances) }
        for file in dumps.take() {
            let path = file.path(supervisor.configuration.global.dumps, in: directory.path)
            attempt("write \(path)") {
                try Files.replace(path, with: Array(dump.text(of: file).utf8), mode: 0o600)
                log.detail("wrote \(path)")
            }
        }
    }

    /// Answers who waited for what the roles know.
    private func tell(_ client: UInt64, at now: Instant) {
        guard client != Self.signals else { return writeDumps(at: now) }
        guard let wanted = plans.removeValue(forKey: client) else {
            return control.answer(client, report(at: now).lines, at: now)
        }
        let lost = chronicle.quorums.filter { !$0.value.value }.keys
        let plan = PlanReport(
            wanted: wanted, supervisor: supervisor, findings: desk.survey.findings, lost: Set(lost),
            usableInterfaces: HostSurvey.usableInterfaces)
        control.answer(client, plan.lines, at: now)
    }

    /// Has a master hand over. The answer comes when another has taken over, or nobody has.
    private func switchOver(_ instance: String, back: Bool, _ call: ControlCall, at now: Instant) {
        let names: [String]
        do throws(Supervisor.SwitchRefusal) {
            names = try supervisor.switched(instance, back: back)
        } catch {
            return control.answer(call.client, ControlEnd(.refused, "\(error)"), at: now)
        }
        let list = names.joined(separator: ", ")
        log.notice(
            "\(back ? "taking back" : "handover") of \(list) asked for by uid \(call.peer.user), process "
                + "\(call.peer.process)")
        if !back { switches.wait(call.client, for: names, at: now) }
        pending.append(.switchOver(names, back: back))
        drain(at: now)
        guard back else { return }
        let text = "\(list): to take over as configured"
        control.answer(call.client, ControlEnd(.done, text), at: now)
    }

    private func tell(_ answers: [SwitchDesk.Answer], at now: Instant) {
        for answer in answers { control.answer(answer.client, answer.end, at: now) }
    }

    private func end(of order: ControlOrder, _ names: [ServerName]) -> ControlEnd {
        let list = names.prefix(10).map { "\($0)" } + (names.count > 10 ? ["\(names.count - 10) more"] : [])
        let text = "\(order.admin.words): \(list.joined(separator: ", "))"
        guard let forgetfulness else { return ControlEnd(.done, text) }
        return ControlEnd(.unfinished, text + "; not for the next daemon: \(forgetfulness)")
    }

    /// This moment by both clocks.
    func reportTimes(at now: Instant = Clock.now()) -> ReportTimes {
        ReportTimes(now: now, wall: Clock.wallTime())
    }

    /// A role has said something, perhaps what was asked for.
    func hearFacts(_ report: RoleReport, at now: Instant) {
        let steps = desk.hear(
            report, checks: supervisor.checks, generation: supervisor.generation, asking: answering, at: now)
        perform(steps, at: now)
        if case .vrrp(let report) = report { tell(switches.hear(report), at: now) }
    }

    /// A role has ended.
    func loseFacts(of role: RoleName, at now: Instant) {
        if role == .vrrp { tell(switches.lose(), at: now) }
        perform(desk.lose(role, asking: answering, at: now), at: now)
    }

    /// Answers and cuts off who has waited long enough.
    func advanceControl(to now: Instant) {
        perform(desk.advance(to: now), at: now)
        tell(switches.advance(to: now), at: now)
        control.advance(to: now)
    }

    /// The roles that can be asked.
    private var answering: Set<RoleName> { Set(roles.keys) }

    private func perform(_ steps: [ControlDesk.Step], at now: Instant) {
        for step in steps {
            switch step {
            case .ask(let names):
                for name in names.sorted(by: { $0.rawValue < $1.rawValue }) {
                    attempt("ask \(name) what it knows") { try roles[name]?.send(.describe(name)) }
                }
            case .tell(let client): tell(client, at: now)
            case .end(let client, let end): control.answer(client, end, at: now)
            }
        }
    }

    private func report(at now: Instant) -> StatusReport {
        var usage: [RoleName?: ProcessUsage] = [:]
        usage[RoleName?.none] = ProcessUsage(of: facts.process)
        for (role, process) in roles { usage[role] = ProcessUsage(of: process.pid) }
        return StatusReport(
            daemon: facts, times: reportTimes(at: now), supervisor: supervisor,
            chronicle: chronicle, findings: desk.survey.findings, lag: loop.lag,
            usage: usage)
    }
}

/// A configuration that a reload refuses.
struct RefusedFile: Error {
    /// `file:line:column: error: text [code]`.
    var findings: [String]
}

extension ServerWish {
    /// What was asked for on the socket.
    init(_ order: ControlOrder, by who: String) {
        let wanted: ServerOrder? =
            switch order.admin {
            case .ready: nil
            case .drain: .drain
            case .maint: .maintenance
            case .weight(let weight): .weight(weight)
            }
        self.init(
            wanted, by: who, reason: order.reason, duration: order.seconds.map { .seconds(Int64($0)) })
    }
}
