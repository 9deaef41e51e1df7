import LoadBalancing
import Timekeeping
import VRRP

// The way down.

extension Supervisor {
    mutating func stop(at now: Instant) -> [Action] {
        phase = .stoppingVRRP
        return bringDown(.vrrp, at: now) + proceed(at: now)
    }

    /// Tells a running role to stop; one that is not there and may have left something is cleaned up behind.
    mutating func bringDown(_ role: RoleName, at now: Instant) -> [Action] {
        switch roles[role, default: RoleSlot()].state {
        case .stopping: return []
        // One whose process has just been made does not know yet what is ours: it is told to stop after that.
        case .running where roles[role]?.heardAt == nil: return []
        case .running:
            // Masters may take as long as a handover before they end, and then send what waits in buffers.
            let handover: Interval =
                switch role {
                case .vrrp: MasterDown.handoverLimit
                case .lvs: SyncRole.delivery
                case .checker: .zero
                }
            beginStopping(role, after: Self.patience + handover, at: now)
            return [.send(Self.stopCommand(role))]
        case .absent, .pausing: return clean(role)
        }
    }

    /// It is killed after `patience` without a sign of life. One that shows some, as lvs does while it reads
    /// and writes its table, has as long as it would have for a start, and for each service that was left;
    /// lvs besides what one program takes that hangs, whichever of those that write its rules it is.
    /// The checker leaves nothing, and what it says may be what strangers have it say.
    mutating func beginStopping(
        _ role: RoleName, after patience: Interval, leftovers: Int = 0, at now: Instant
    ) {
        let longest: Interval =
            switch role {
            case .checker: .zero
            case .vrrp: Watch.start(of: 0).patience
            case .lvs: Watch.start(of: rows + leftovers).patience + TablesProgram.timeout + Self.patience
            }
        let deadline = now + patience
        roles[role]?.state = .stopping(deadline: deadline, limit: max(deadline, now + longest))
    }

    /// The role has said something unasked, or answered; it is waited for anew, `longer` where it waits for a
    /// program that the supervisor itself runs for it.
    mutating func bear(with role: RoleName, longer: Interval = .zero, at now: Instant) {
        guard case .stopping(let deadline, let limit) = roles[role]?.state else { return }
        let end = max(deadline, min(now + longer + Self.patience, limit))
        roles[role]?.state = .stopping(deadline: end, limit: limit)
    }

    /// When the last of the roles that are on their way down is gone, whatever it does; nil while none is.
    var stopLimit: Instant? {
        roles.values.compactMap { slot in
            if case .stopping(_, let limit) = slot.state { limit } else { nil }
        }.max()
    }

    private mutating func clean(_ role: RoleName) -> [Action] {
        roles[role]?.state = .absent
        guard owing.contains(role) else { return [] }
        switch role {
        case .checker: return []
        case .vrrp:
            owing.remove(.vrrp)
            return [.withdraw(keeping: [])]
        case .lvs:
            guard roles[role]?.isCleaner == false else {
                exitStatus = 1
                return [.log("lvs has left something in the kernel", isError: true)]
            }
            roles[role]?.isCleaner = true
            return start(role)
        }
    }

    mutating func endedWhileStopping(_ role: RoleName, how: String, at now: Instant) -> [Action] {
        let hasCleanedUp = roles[role]?.hasCleanedUp ?? true
        roles[role]?.state = .absent
        var actions: [Action] = []
        if !hasCleanedUp, role != .checker {
            actions.append(.log("\(role) ended before it had cleaned up: \(how)", isError: true))
            actions += clean(role)
        }
        return actions + proceed(at: now)
    }

    /// The next phase once the roles of this one are gone.
    private mutating func proceed(at now: Instant) -> [Action] {
        var actions: [Action] = []
        if phase == .stoppingVRRP, roles[.vrrp]?.state == .absent {
            phase = .stoppingOthers
            actions += tellStops()
            actions += bringDown(.checker, at: now) + bringDown(.lvs, at: now)
        }
        if phase == .stoppingOthers, roles.values.allSatisfy({ $0.state == .absent }) {
            phase = .ended
            actions.append(.exit(exitStatus))
        }
        return actions
    }
}
