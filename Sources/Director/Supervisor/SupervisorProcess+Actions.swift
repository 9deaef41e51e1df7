// What the supervisor decides, carried out: roles, scripts, tables, addresses, messages.

import ConfigModel
import HealthChecks
import LinuxIO
import LoadBalancing
import Timekeeping
import VRRP

extension SupervisorProcess {
    /// Feeds what is pending; doing an action may make more.
    func drain(at now: Instant) {
        while !pending.isEmpty {
            let event = pending.removeFirst()
            let actions = supervisor.handle(event, at: now)
            for action in actions { perform(action, at: now) }
            chronicle.observe(event, of: supervisor, at: now)
        }
    }

    private func perform(_ action: Supervisor.Action, at now: Instant) {
        switch action {
        case .start(let role): start(role)
        case .send(let command):
            do {
                try roles[command.role]?.send(command.withCredentials)
            } catch let error as Errno where error == .brokenPipe {
                // It is ending, and has said why; its end is seen by its own descriptor.
                return
            } catch {
                log.error("cannot speak to \(command.role): \(error); killing it")
                roles[command.role]?.kill()
            }
        case .kill(let role): roles[role]?.kill()
        case .ask(let role): attempt("ask \(role) for a sign of life") { try roles[role]?.ask() }
        case .withdraw(let kept, let statics): withdraw(keeping: kept, statics)
        case .runTables(let request):
            if let answer = tables.run(request, at: now) { pending.append(.tablesAnswered(answer)) }
        case .runScript(let run, let script):
            let account = accounts.account(of: script)
            let rootsOwn = accounts.rootsOwn
            if let outcome = scripts.run(run, script, as: account, rootsOwn: rootsOwn, at: now) {
                note(outcome, of: run)
            }
        case .terminateScript(let run): scripts.terminate(run, at: now)
        case .remember(let list): remember(list)
        case .makeSocket(let number, let order): makeSocket(number, order, at: now)
        case .runTrackScript(let run, let script):
            let program = ScriptCheck(command: script.command, timeout: script.timeout)
            let account = accounts.account(of: script.account)
            if let outcome = trackScripts.run(
                run, program, named: script.name, as: account, rootsOwn: accounts.rootsOwn, at: now)
            {
                note(outcome, ofTrack: run)
            }
        case .terminateTrackScript(let run): trackScripts.terminate(run, at: now)
        case .notify(let notification):
            pipes.write(notification)
            notifications.add(notification)
        case .log(let text, let isError, let event):
            let line = LogLine(text, event)
            if isError { log.error(line) } else { log.notice(line) }
        case .announceReady:
            notify("READY=1")
            starter?.tell()
            starter = nil
        case .exit(let status):
            exitStatus = status
            refusal.configure([], at: now)
            notifications.finish(at: now)
            pipes.finish(at: now)
        }
    }

    private func start(_ role: RoleName) {
        do {
            let claims = try reserve.lend {
                let claims = role.hasLedger ? try directory.claims(role.rawValue) : []
                roles[role] = try successor(of: role)
                return claims
            }
            if let path = options.rolePIDFiles[role], let pid = roles[role]?.pid {
                attempt("write \(path)") { try Files.replace(path, with: Array("\(pid)\n".utf8)) }
            }
            if role == .vrrp { dumps.countersBegan() }
            pending.append(.roleStarted(role, claims: claims))
        } catch {
            pending.append(.roleEnded(role, how: "\(error)"))
        }
    }

    private func launch(_ role: RoleName) throws -> RoleProcess {
        try RoleProcess(
            role, options: options, environment: environment,
            ledger: role.hasLedger ? directory.openLedger(role.rawValue) : nil,
            estate: role == .vrrp ? estate.descriptors() : [:], loop: loop)
    }

    /// The first lvs role's program begins while this host is still looked at: of large tables each takes as
    /// long as the other. One that fails is started again, and complained of, when its turn comes.
    func startEarly() { early = try? reserve.lend { try launch(.lvs) } }

    func keepSpare(at now: Instant) {
        guard supervisor.keepsSpare else { return spare.dismiss() }
        guard supervisor.wantsSpare else { return }
        attempt("start a spare vrrp role") {
            try spare.keep(at: now) {
                try reserve.lend {
                    guard try directory.hasWholeLedger(RoleName.vrrp.rawValue) else { throw LedgerInUse() }
                    return try launch(.vrrp)
                }
            }
        }
    }

    private func successor(of role: RoleName) throws -> RoleProcess {
        if role == .lvs, let waiting = early.take() { return waiting }
        guard role == .vrrp else { return try launch(role) }
        // A file that is written anew for the last line's sake is not the one that a spare role has open.
        if try directory.hasWholeLedger(role.rawValue), let waiting = spare.take() { return waiting }
        spare.dismiss()
        return try launch(role)
    }

    /// A spare role would write into the file that is gone.
    func removeLedgerOfVRRP() throws {
        spare.dismiss()
        try directory.removeLedger(RoleName.vrrp.rawValue)
    }

    private func remember(_ list: [ServerOverride]) {
        forgetfulness = nil
        do {
            try directory.remember(list, reportTimes())
        } catch {
            log.error("cannot write down what operators want of servers: \(error)")
            forgetfulness = "\(error)"
        }
    }

    private func makeSocket(_ number: UInt64, _ order: SocketOrder, at now: Instant) {
        do {
            try roles[.checker]?.give(number, order.make())
        } catch {
            let why = "no socket for \(order.target): \(error.message)"
            // No way to the target is what the checker would have found out by itself.
            if case .failed = ProbeConnections<SupervisorWake>.event(for: error) {
                return perform(.send(.checker(.socketRefused(number, why, isTargets: true))), at: now)
            }
            if complaints.count < 100, complaints.insert(why).inserted {
                log.warning("a check was not made, its verdict stays: \(why)")
            }
            perform(.send(.checker(.socketRefused(number, why, isTargets: false))), at: now)
        }
    }

    private func withdraw(keeping kept: [RouterConfiguration], _ statics: Statics) {
        let isDone = reserve.lend {
            do {
                let claims = try directory.claims(RoleName.vrrp.rawValue)
                guard withdrawal.run(claims: claims, keeping: kept, statics) else { return false }
                if kept.isEmpty, statics.isEmpty { try removeLedgerOfVRRP() }
                return true
            } catch {
                log.error("cannot take addresses away: \(error)")
                return false
            }
        }
        if !isDone { pending.append(.withdrawalFailed) }
    }
}
