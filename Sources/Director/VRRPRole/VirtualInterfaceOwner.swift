import KernelNet
import LinuxIO
import NetTypes
import VRRP

/// The one writer of interfaces with virtual Ethernet addresses, and of what must change about those they
/// stand on.
final class VirtualInterfaceOwner {
    private let routes: RouteSocket
    /// What the kernel refused.
    var refusals: UInt64 { routes.refusals }
    private let settings: InterfaceSettings
    private let log: Log
    /// What was said, until it is no longer so.
    private var said: Set<String> = []

    init(log: Log, settings: InterfaceSettings = InterfaceSettings()) throws(RouteError) {
        routes = try RouteSocket()
        self.log = log
        self.settings = settings
    }

    /// The kernel refused something the last time.
    private var wasRefused = false
    /// A setting of an interface below could not be made.
    private var lacksSettings = false
    /// The interfaces, by their indices, that this process has given their settings.
    private var prepared: Set<Int32> = []
    /// How often that failed of others.
    private var failures: [Int32: Int] = [:]

    /// Something is to be tried again.
    var hasFailed: Bool { wasRefused || lacksSettings || !failures.isEmpty }

    /// Makes the kernel have what `configurations` want: makes what is missing, and has those called `raised`
    /// up. With `lowering` the first that is not wanted goes, or the first other one goes down: the kernel
    /// waits for all its processors then. True when more are to go. `table` follows. A failure is logged once
    /// and does not stop the rest.
    func reconcile(
        _ configurations: [RouterConfiguration], raised: Set<String>, lowering: Bool,
        table: inout InterfaceTable, ledger: LedgerWriter
    ) -> Bool {
        let wanted = configurations.compactMap(\.virtualInterface)
        guard !wanted.isEmpty || ledger.claims.contains(where: \.isOfInterface) else { return false }
        (wasRefused, lacksSettings) = (false, false)
        prepareAll(wanted, in: table, ledger.claims)
        let plan = VirtualInterfacePlan(
            wanted: wanted, raised: raised, table: table, claims: ledger.claims)
        for interface in plan.foreign where said.insert(interface.name).inserted {
            log.error(
                "there is an interface \(interface.name) that is not ours: it is left alone, and who needs "
                    + "one of that name waits until it is gone")
        }
        for change in plan.switches where change.isUp { set(change.link, up: true, in: &table) }
        let lowered = plan.switches.filter { !$0.isUp }
        if lowering, let link = plan.removals.first {
            remove(link, from: &table)
        } else if lowering, let change = lowered.first {
            set(change.link, up: false, in: &table)
        }
        do throws(SystemError) {
            try claimSettings(configurations, ledger)
            // One whose predecessor has not gone yet waits for that.
            let additions = plan.additions.filter { table.link($0.name) == nil }
            try ledger.claim(additions.map { .interface(name: $0.name, $0.mac) })
            for interface in additions {
                add(interface, up: raised.contains(interface.name), to: &table)
            }
            try ledger.unclaim(plan.settled + restored(but: bases(configurations), ledger.claims))
        } catch {
            wasRefused = true
            log.error("\(error)")
        }
        return !wasRefused && plan.removals.count + lowered.count > 1
    }

    /// Has the interface of a master up, before it speaks; false when it cannot be had.
    func raise(_ interface: VirtualInterface, table: inout InterfaceTable, ledger: LedgerWriter) -> Bool {
        guard let link = table.link(interface.name) else { return false }
        if link.isUp { return true }
        guard isReady(interface, in: table, ledger.claims) else { return false }
        set(link, up: true, in: &table)
        return table.link(link.index)?.isUp ?? false
    }

    /// True when it is there, and ours.
    func isReady(_ interface: VirtualInterface, in table: InterfaceTable, _ claims: Set<Claim>) -> Bool {
        VirtualInterfacePlan.isReady(interface, in: table, claims: claims)
    }

    /// True when nothing of ours is left.
    func isClean(_ table: InterfaceTable, _ claims: Set<Claim>) -> Bool {
        let plan = VirtualInterfacePlan(wanted: [], raised: [], table: table, claims: claims)
        return plan.removals.isEmpty && !claims.contains(where: \.isOfSetting)
    }

    /// Takes away what `claims` say is ours and the masters `kept` do not have. False when something of it is
    /// left.
    func withdraw(
        _ claims: Set<Claim>, keeping kept: [RouterConfiguration], from table: inout InterfaceTable
    ) -> Bool {
        let wanted = kept.compactMap(\.virtualInterface)
        let raised = Set(wanted.map(\.name))
        let plan = VirtualInterfacePlan(wanted: wanted, raised: raised, table: table, claims: claims)
        let isGone = plan.removals.map { remove($0, from: &table) }.allSatisfy { $0 }
        let kept = bases(kept)
        let back = restored(but: kept, claims)
        return isGone
            && claims.allSatisfy { claim in
                guard case .setting(_, let interface, _) = claim else { return true }
                return kept.contains(interface) || back.contains(claim)
            }
    }

    // MARK: Interfaces

    private func add(_ interface: VirtualInterface, up isUp: Bool, to table: inout InterfaceTable) {
        guard let base = table.link(interface.base) else { return }
        let isDone = attempt(interface.name) { () throws(RouteError) in
            try routes.addMACVLAN(named: interface.name, on: base.index, at: interface.mac)
            for link in try routes.links() { _ = table.apply(.linkChanged(link)) }
        }
        guard isDone, let link = table.link(interface.name) else { return }
        prepare(interface, link)
        if isUp { set(link, up: true, in: &table) }
        log.notice("made interface \(interface.name) (\(interface.mac)) on \(interface.base)")
    }

    /// Gives those that are there their settings: what a predecessor made may lack them, too.
    private func prepareAll(
        _ wanted: [VirtualInterface], in table: InterfaceTable, _ claims: Set<Claim>
    ) {
        var present: Set<Int32> = []
        for interface in wanted where isReady(interface, in: table, claims) {
            guard let link = table.link(interface.name) else { continue }
            present.insert(link.index)
            prepare(interface, link)
        }
        prepared.formIntersection(present)
        failures = failures.filter { present.contains($0.key) }
    }

    private func prepare(_ interface: VirtualInterface, _ link: Link) {
        guard !prepared.contains(link.index) else { return }
        do throws(SystemError) {
            try settings.prepare(interface.name, on: interface.base)
            prepared.insert(link.index)
            guard let times = failures.removeValue(forKey: link.index) else { return }
            log.notice("interface \(interface.name) has its settings now, after \(times) failed attempts")
        } catch {
            let before = failures.updateValue(failures[link.index, default: 0] + 1, forKey: link.index)
            if before == nil { log.error("\(error); trying again") }
        }
    }

    private func set(_ link: Link, up isUp: Bool, in table: inout InterfaceTable) {
        var isGone = false
        let isDone = attempt("\(link.name) \(isUp)") { () throws(RouteError) in
            do throws(RouteError) {
                try routes.set(link, up: isUp)
            } catch {
                guard error.errno == .noDevice else { throw error }
                isGone = true
            }
        }
        // Of one that is gone the kernel tells later.
        guard isDone, !isGone else { return }
        var changed = link
        changed.flags = isUp ? link.flags | 0x1 : link.flags & ~0x1
        _ = table.apply(.linkChanged(changed))
    }

    @discardableResult
    private func remove(_ link: Link, from table: inout InterfaceTable) -> Bool {
        let isDone = attempt(link.name) { () throws(RouteError) in
            do throws(RouteError) {
                try routes.remove(link)
            } catch {
                guard error.errno == .noDevice else { throw error }
            }
        }
        guard isDone else { return false }
        _ = table.apply(.linkRemoved(link))
        log.notice("removed interface \(link.name)")
        return true
    }

    /// False when it failed, which is said once until it works.
    private func attempt(_ what: String, _ body: () throws(RouteError) -> Void) -> Bool {
        do throws(RouteError) {
            try body()
            said.remove(what)
            return true
        } catch {
            wasRefused = true
            if said.insert(what).inserted { log.error("\(error)") }
            return false
        }
    }

    // MARK: Settings of the interfaces below

    /// Those that would answer for virtual addresses: of IPv4, since over IPv6 an interface answers for its
    /// own addresses alone.
    private func bases(_ configurations: [RouterConfiguration]) -> Set<String> {
        var names: Set<String> = []
        for configuration in configurations {
            guard let interface = configuration.virtualInterface,
                configuration.heldAddresses.contains(where: { $0.prefix.address.family == .inet })
            else { continue }
            names.insert(interface.base)
        }
        return names
    }

    private func claimSettings(
        _ configurations: [RouterConfiguration], _ ledger: LedgerWriter
    ) throws(SystemError) {
        for base in bases(configurations).sorted() {
            for setting in InterfaceSetting.allCases where !settings.isMet(setting, by: base) {
                guard let before = settings.value(setting.rawValue, of: base) else { continue }
                if !ledger.claims.contains(where: { $0.isOf(setting, base) }) {
                    try ledger.claim([.setting(setting, interface: base, before: before)])
                }
                let what = "\(setting.rawValue) \(base)"
                do throws(SystemError) {
                    try settings.set(setting, of: base, to: setting.least)
                    said.remove(what)
                    log.notice("net.ipv4.conf.\(base).\(setting.rawValue) set to \(setting.least)")
                } catch {
                    lacksSettings = true
                    if said.insert(what).inserted { log.error("\(error); trying again") }
                }
            }
        }
    }

    /// Puts back what is not needed any more, unless somebody has changed it since; the claims that have
    /// served.
    private func restored(but kept: Set<String>, _ claims: Set<Claim>) -> [Claim] {
        var served: [Claim] = []
        for case .setting(let setting, let interface, let before) in claims where !kept.contains(interface) {
            do throws(SystemError) {
                if settings.value(setting.rawValue, of: interface) == setting.least {
                    try settings.set(setting, of: interface, to: before)
                    log.notice("net.ipv4.conf.\(interface).\(setting.rawValue) put back to \(before)")
                }
                served.append(.setting(setting, interface: interface, before: before))
            } catch {
                log.error("\(error)")
            }
        }
        return served
    }
}

extension Claim {
    fileprivate var isOfInterface: Bool { if case .interface = self { true } else { isOfSetting } }

    fileprivate var isOfSetting: Bool { if case .setting = self { true } else { false } }

    fileprivate func isOf(_ setting: InterfaceSetting, _ interface: String) -> Bool {
        guard case .setting(setting, interface, _) = self else { return false }
        return true
    }
}
