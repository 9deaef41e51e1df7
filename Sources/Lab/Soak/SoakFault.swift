import Timekeeping

/// What a soak does to the pair: one fault of the catalogue (docs/faults.md) at a time, always while the
/// first director is master.
package enum SoakFault: Hashable, Sendable, Codable {
    /// These roles of a director are killed at one moment.
    case killRoles(director: String, roles: [String])
    /// One role of a director stops running, and is not continued.
    case hangRole(director: String, role: String)
    /// The supervisor alone is killed, and started again as the unit would.
    case killSupervisor(director: String)
    /// Every process of a director is killed at once, and started again as the unit would.
    case killAll(director: String)
    /// SIGTERM, the unit's clean-up, and a start.
    case restart(director: String)
    /// Every process of a director stops for so long.
    case freeze(director: String, Interval)
    /// The cable of a director is out for so long.
    case cable(director: String, Interval)
    /// The cable of a director goes out and in so often.
    case flap(director: String, times: Int)
    /// No advert reaches the other director for so long.
    case partition(Interval)
    /// So many percent of what is sent to a director are lost for so long, the rest is late.
    case loss(director: String, percent: Int, Interval)
    /// `ipvsadm -C`.
    case clearTable(director: String)
    /// Somebody gives a server another weight.
    case changeWeight(director: String)
    /// Somebody takes the address away from the master.
    case removeAddress
    /// SIGHUP so often, with another configuration each time.
    case reloadStorm(director: String, times: Int)
    /// `holdfast reload --wait` with this one of the configurations.
    case reload(director: String, variant: Int)
    /// A reload of half a file.
    case badFile(director: String)
    /// A real server dies, these roles of the master too while it is dead for so long, and it comes back.
    case killServer(Interval, roles: [String])
    /// `holdfast switch`, and back.
    case switchOver

    /// The roles of a daemon.
    static let roles = ["vrrp", "lvs", "checker"]

    /// The director that it is done to; nil for both, or for none.
    var director: String? {
        switch self {
        case .killRoles(let name, _), .hangRole(let name, _), .killSupervisor(let name), .killAll(let name),
            .restart(let name), .freeze(let name, _), .cable(let name, _), .flap(let name, _),
            .loss(let name, _, _), .clearTable(let name), .changeWeight(let name),
            .reloadStorm(let name, _), .reload(let name, _), .badFile(let name):
            name
        case .removeAddress, .killServer, .switchOver: LabPlan.directorA
        case .partition: nil
        }
    }

    /// One sentence without a full stop.
    package var sentence: String {
        let name = director ?? "both directors"
        switch self {
        case .killRoles(_, let roles): return "\(name): \(roles.joined(separator: ", ")) killed"
        case .hangRole(_, let role): return "\(name): \(role) hangs"
        case .killSupervisor: return "\(name): the supervisor killed"
        case .killAll: return "\(name): every process killed"
        case .restart: return "\(name): stopped and started"
        case .freeze(_, let time): return "\(name): does not run for \(time)"
        case .cable(_, let time): return "\(name): its cable out for \(time)"
        case .flap(_, let times): return "\(name): its cable out and in \(times) times"
        case .partition(let time): return "no advert for \(time)"
        case .loss(_, let percent, let time): return "\(name): \(percent) % lost towards it for \(time)"
        case .clearTable: return "\(name): ipvsadm -C"
        case .changeWeight: return "\(name): a weight changed by hand"
        case .removeAddress: return "\(name): the address removed by hand"
        case .reloadStorm(_, let times): return "\(name): \(times) reloads, one configuration after the other"
        case .reload(_, let variant): return "\(name): reloaded with configuration \(variant)"
        case .badFile: return "\(name): reloaded with half a file"
        case .killServer(let time, let roles):
            let also = roles.isEmpty ? "" : ", and \(roles.joined(separator: ", ")) of \(name) meanwhile"
            return "a real server dead for \(time)\(also)"
        case .switchOver: return "\(name): switched over, and back"
        }
    }
}

/// What a fault may lead to. Nothing else may happen, and nothing of it much longer than the fault.
struct SoakPromise: Hashable, Sendable {
    /// The address may go to the other director.
    var mayMove = false
    /// Both directors may have the address while the fault lasts.
    var mayDouble = false
    /// Requests may fail while the fault lasts and so long after; nil: see `lostRequests`.
    var outage: Interval?
    /// So many requests may fail: those whose packets meet two directors while the address moves, with a
    /// connection that is too young to be known to both (docs/connection-sync.md).
    var lostRequests = 0

    /// How long a pair may take to be as it was, and the longest that nobody may have the address: three
    /// adverts, the skew, and as much again for a machine that others use too.
    static let failover = Interval.seconds(8)
    /// The lvs role looks every few seconds.
    static let repair = Interval.seconds(12)
    /// A frozen master that is awake again before this has been missed by nobody.
    static let patience = Interval.seconds(2)
    /// Requests that may meet two directors in one move of the address.
    static let crossing = 3
}

extension SoakFault {
    /// What it may lead to.
    var promise: SoakPromise {
        let hitsMaster = director == LabPlan.directorA
        var promise = SoakPromise()
        switch self {
        case .killRoles, .hangRole, .changeWeight, .reloadStorm, .reload, .badFile: break
        case .restart:
            promise.mayMove = hitsMaster
            promise.mayDouble = true
            promise.lostRequests = hitsMaster ? 2 * SoakPromise.crossing : 0
        case .switchOver:
            promise.mayMove = true
            promise.mayDouble = true
            promise.lostRequests = 2 * SoakPromise.crossing
        case .killSupervisor, .killAll, .cable, .flap:
            guard hitsMaster else { break }
            promise = SoakPromise(mayMove: true, mayDouble: true, outage: SoakPromise.failover)
        case .freeze(_, let time):
            guard hitsMaster, time > SoakPromise.patience else { break }
            promise = SoakPromise(mayMove: true, mayDouble: true, outage: SoakPromise.failover)
        case .partition, .loss:
            promise = SoakPromise(mayMove: true, mayDouble: true, outage: SoakPromise.failover)
        case .clearTable: promise.outage = hitsMaster ? SoakPromise.repair : nil
        case .removeAddress: promise.outage = .seconds(2)
        case .killServer: promise.outage = .milliseconds(500)
        }
        return promise
    }
}
