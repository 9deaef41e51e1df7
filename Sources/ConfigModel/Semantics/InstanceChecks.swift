import ConfigSyntax
import NetTypes
import Timekeeping
import VRRP

/// One `vrrp_instance` on its own.
enum InstanceChecks {
    static func run(_ instance: InstanceDraft, _ global: GlobalDraft, _ reader: inout SchemaReader) {
        checkInterval(instance, instance.version(global), &reader)
        checkAuthentication(instance, instance.version(global), &reader)
        checkPreemption(instance, &reader)
        checkSyncPreemption(instance, &reader)
        checkPriority(instance, &reader)
        checkAddresses(instance, &reader)
        TransportChecks.run(instance, &reader)
    }

    private static func checkInterval(
        _ instance: InstanceDraft, _ version: ProtocolVersion, _ reader: inout SchemaReader
    ) {
        guard let interval = instance.interval, instance.origin.isAbsent("version") else { return }
        let written = ValueType.seconds(interval.value.nanoseconds / 1000)
        switch version {
        case .v2 where interval.value.nanoseconds % 1_000_000_000 != 0:
            reader.report(
                .advertisementInterval,
                "VRRP version 2 sends adverts at whole seconds, not every \(written) s",
                at: interval.span, related: related(instance.version, "version 2 is asked for here"),
                notes: ["keepalived would round it, and drop the adverts of a peer that rounds otherwise"],
                help: ["write whole seconds, or version 3"])
        case .v3 where interval.value > .centiseconds(4095):
            reader.report(
                .advertisementInterval, "VRRP version 3 cannot say \(written) s", at: interval.span,
                help: ["at most 40.95 s"])
        case .v3 where interval.value.nanoseconds % 10_000_000 != 0:
            reader.report(
                .advertisementInterval, "VRRP version 3 counts in steps of 0.01 s", at: interval.span,
                help: ["round \(written) to two decimals"])
        default: break
        }
    }

    private static func related<Value>(_ value: Located<Value>?, _ text: String) -> [Label] {
        value.map { [Label($0.span, text)] } ?? []
    }

    private static func checkAuthentication(
        _ instance: InstanceDraft, _ version: ProtocolVersion, _ reader: inout SchemaReader
    ) {
        guard let block = instance.authentication else { return }
        if version == .v3, instance.origin.isAbsent("version") {
            reader.report(
                .authenticationIgnored, "VRRP version 3 has no authentication; the block has no effect",
                at: block.origin.header, related: related(instance.version, "version 3 is asked for here"))
        }
        if let password = block.password, password.value.utf8.count > 8 {
            reader.report(
                .passwordCut, "auth_pass is cut to its first 8 octets", at: password.span,
                notes: ["no more are used; the peer must cut alike"])
        }
        for (name, isThere) in [("auth_type", block.type != nil), ("auth_pass", block.password != nil)]
        where !isThere && block.origin.isAbsent(name) {
            reader.report(
                .incompleteAuthentication, "authentication has no \(name)", at: block.origin.header,
                help: ["give both auth_type and auth_pass, or leave the block out"])
        }
    }

    private static func checkPreemption(_ instance: InstanceDraft, _ reader: inout SchemaReader) {
        if let nopreempt = instance.nopreempt, let preempt = instance.preempt {
            reader.report(
                .preemptionCleared, "nopreempt and preempt contradict each other; nopreempt counts",
                at: preempt.span, related: [Label(nopreempt.span)])
        }
        if let state = instance.startsAsMaster, state.value {
            for (name, span) in [
                ("nopreempt", instance.nopreempt?.span), ("preempt_delay", instance.preemptDelay?.span),
            ] {
                guard let span else { continue }
                reader.report(
                    .preemptionCleared, "\(name) has no effect with state MASTER", at: span,
                    related: [Label(state.span, "it needs state BACKUP")],
                    notes: ["keepalived clears it, too"])
            }
        } else if let nopreempt = instance.nopreempt, let delay = instance.preemptDelay {
            reader.report(
                .preemptionCleared, "preempt_delay has no effect with nopreempt", at: delay.span,
                related: [Label(nopreempt.span)])
        }
    }

    private static func checkSyncPreemption(_ instance: InstanceDraft, _ reader: inout SchemaReader) {
        guard let flag = instance.preemptsAfterSync, flag.value else { return }
        if instance.effectivePriority == 255, instance.origin.isAbsent("priority") {
            reader.report(
                .preemptionCleared, "preempt_after_sync has no effect with priority 255", at: flag.span,
                related: related(instance.priority, "an owner waits for nobody"))
        } else if let nopreempt = instance.nopreempt, instance.startsAsMaster?.value != true {
            reader.report(
                .preemptionCleared, "preempt_after_sync has no effect with nopreempt", at: flag.span,
                related: [Label(nopreempt.span)])
        }
    }

    private static func checkPriority(_ instance: InstanceDraft, _ reader: inout SchemaReader) {
        if let priority = instance.priority, priority.value == 255 {
            reader.report(
                .claimsOwnership, "priority 255 claims the addresses for this director's interface",
                at: priority.span, notes: ["an owner takes over at once and never yields"],
                help: ["write 1...254, unless the interface has the addresses of its own"])
        }
        if let word = instance.extras.refusesTraffic, word.value, instance.effectivePriority == 255,
            instance.origin.isAbsent("priority")
        {
            reader.report(
                .keywordWithoutEffect, "no_accept has no effect with priority 255", at: word.span,
                notes: ["the owner accepts what is sent to its addresses (RFC 9568 section 6.1)"])
        }
        guard let state = instance.startsAsMaster, state.value, instance.priority == nil,
            instance.origin.isAbsent("priority")
        else { return }
        reader.report(
            .impliedOwner, "state MASTER without a priority means 255, the owner of the addresses",
            at: state.span, help: ["write the priority"])
    }

    private static func checkAddresses(_ instance: InstanceDraft, _ reader: inout SchemaReader) {
        if instance.addresses.count > 255 {
            reader.report(
                .tooManyAddresses, "\(instance.origin.title) has \(instance.addresses.count) addresses",
                at: instance.origin.header, notes: ["an advert counts them in one octet"],
                help: ["move some to virtual_ipaddress_excluded"])
        }
        for address in instance.addresses + instance.excluded {
            let prefix = address.value.prefix
            // With a peer the length is that of the peer's network.
            guard address.value.options.peer == nil, prefix.length < 31,
                case .v4(let number) = prefix.address,
                case .v4(let network) = Prefix(network: prefix.address, length: prefix.length).address
            else { continue }
            let isNetwork = number == network
            let isBroadcast = number.rawValue == network.rawValue | (UInt32.max >> prefix.length)
            guard isNetwork || isBroadcast else { continue }
            reader.report(
                .addressOfNetwork,
                "\(prefix.address) is the \(isNetwork ? "network" : "broadcast") address of "
                    + "\(Prefix(network: prefix.address, length: prefix.length))",
                at: address.span, notes: ["hosts of that network send nothing to it, or to all of them"])
        }
    }
}
