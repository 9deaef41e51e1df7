import ConfigModel
import LoadBalancing
import NetTypes
import Testing

@testable import Director

@Suite struct NotificationTests {
    private static let scripts: TransitionScripts = {
        var scripts = TransitionScripts()
        scripts.master = NotifyScript(["/bin/master", "x"], as: ScriptUser("www"))
        scripts.backup = NotifyScript(["/bin/backup"])
        scripts.fault = NotifyScript(["/bin/fault"])
        scripts.stop = NotifyScript(["/bin/stop"])
        scripts.any = NotifyScript(["/bin/any", "own"], as: ScriptUser("log", group: "adm"))
        return scripts
    }()

    private func commands(_ notification: Notification) -> [[String]] { notification.scripts.map(\.command) }

    @Test(
        arguments: [
            (.master, ["/bin/master", "x"], "MASTER"), (.backup, ["/bin/backup"], "BACKUP"),
            (.fault, ["/bin/fault"], "FAULT"), (.stop, ["/bin/stop"], "STOP"),
        ] as [(Notification.Transition, [String], String)])
    func `the fixed command runs first, then notify with what happened`(
        transition: Notification.Transition, specific: [String], word: String
    ) {
        let notification = Notification(
            instance: "VI 1", transition, priority: 150, telling: Self.scripts)
        #expect(
            commands(notification) == [specific, ["/bin/any", "own", "INSTANCE", "VI 1", word, "150"]])
        #expect(notification.subject == .instance("VI 1"))
        #expect(notification.scripts.last?.account == ScriptUser("log", group: "adm"))
    }

    @Test func `an instance that is removed is a fault, told to notify alone, or DELETED if it asks`() {
        let silent = Notification(instance: "VI_1", .deleted, priority: 7, telling: Self.scripts)
        #expect(commands(silent) == [["/bin/any", "own", "INSTANCE", "VI_1", "FAULT", "7"]])
        var scripts = Self.scripts
        scripts.reportsDeletion = true
        let told = Notification(instance: "VI_1", .deleted, priority: 7, telling: scripts)
        #expect(commands(told) == [["/bin/any", "own", "INSTANCE", "VI_1", "DELETED", "7"]])
        scripts.deleted = NotifyScript(["/bin/gone"])
        let run = Notification(instance: "VI_1", .deleted, priority: 7, telling: scripts)
        #expect(commands(run).first == ["/bin/gone"])
    }

    @Test func `another priority is a line, with keepalived's word for who is master`() {
        for (isMaster, word) in [(true, "MASTER_PRIORITY"), (false, "BACKUP_PRIORITY")] {
            let notification = Notification(priority: 170, of: "VI 1", isMaster: isMaster)
            #expect(notification.line == "INSTANCE \"VI 1\" \(word) 170")
            #expect(notification.scripts.isEmpty && notification.mail == nil && !notification.isFault)
            #expect(notification.subject == .instance("VI 1"), "in order with its transitions")
        }
    }

    @Test func `what is not named is not run`() {
        let nothing = Notification(instance: "VI_1", .master, priority: 7, telling: TransitionScripts())
        #expect(nothing.scripts.isEmpty)
    }

    @Test(arguments: Notification.Transition.allCases) func `a FIFO gets a line of keepalived's form`(
        transition: Notification.Transition
    ) {
        var scripts = TransitionScripts()
        scripts.reportsDeletion = true
        let notification = Notification(instance: "VI 1", transition, priority: 150, telling: scripts)
        #expect(notification.line == "INSTANCE \"VI 1\" \(transition.rawValue) 150")
        let again = Notification(repeating: transition, of: "VI_1", priority: 7)
        #expect(again.scripts.isEmpty)
    }

    private static let three = FirewallMark(3).map { ServiceIdentity.mark(.inet, $0) }

    @Test(
        arguments: [
            (.address(.tcp, endpoint("192.0.2.100", 80)), "[192.0.2.100]:tcp:80", "[192.0.2.21]:tcp:8080"),
            (.address(.udp, endpoint("2001:db8::1", 53)), "[2001:db8::1]:udp:53", "[192.0.2.21]:udp:8080"),
            (three ?? .address(.tcp, endpoint("192.0.2.9", 1)), "FWM 3", "[192.0.2.21]:none:8080"),
        ] as [(ServiceIdentity, String, String)])
    func `services and servers are named as keepalived names them`(
        service: ServiceIdentity, name: String, server: String
    ) {
        let target = endpoint("192.0.2.21", 8080)
        let lost = Notification(service: service, isUp: false, telling: ServiceNotifications())
        #expect(lost.line == "VS \(name) DOWN")
        #expect(lost.subject == .service(service))
        let back = Notification(server: target, of: service, isUp: true, telling: ServerScripts())
        #expect(back.line == "RS \(server) \(name) UP")
        #expect(back.subject == .server(target, of: service))
    }

    @Test func `a mail says what a FIFO says, where it is asked for`() {
        var scripts = TransitionScripts()
        #expect(Notification(instance: "VI_1", .master, priority: 1, telling: scripts).mail == nil)
        scripts.mails = true
        let mail = Notification(instance: "VI_1", .master, priority: 1, telling: scripts).mail
        #expect(mail?.subject == "VRRP Instance VI_1 - Entering MASTER state")
        let backup = Notification(instance: "VI_1", .backup, priority: 1, telling: scripts).mail
        #expect(backup?.body == "=> VRRP Instance is no longer owning VRRP VIPs <=\n")
        let service = ServiceIdentity.address(.tcp, endpoint("192.0.2.100", 80))
        var names = ServiceNotifications()
        #expect(Notification(service: service, isUp: true, telling: names).mail == nil)
        names.mails = true
        #expect(
            Notification(service: service, isUp: true, telling: names).mail?.subject
                == "Virtualserver [192.0.2.100]:tcp:80 - UP")
        var server = ServerScripts()
        let target = endpoint("192.0.2.21", 80)
        #expect(Notification(server: target, of: service, isUp: false, telling: server).mail == nil)
        server.mails = true
        #expect(
            Notification(server: target, of: service, isUp: false, telling: server).mail?.subject
                == "Realserver [192.0.2.21]:tcp:80 of virtual server [192.0.2.100]:tcp:80 - DOWN")
    }

    @Test(arguments: Notification.Transition.allCases) func `a fault is known as one`(
        transition: Notification.Transition
    ) {
        let notification = Notification(
            instance: "a FAULT b", transition, priority: 1, telling: TransitionScripts())
        #expect(notification.isFault == [.fault, .deleted].contains(transition))
    }

    @Test func `a group is told like an instance, with priority 0`() {
        let notification = Notification(group: "G", .fault, telling: Self.scripts)
        #expect(
            commands(notification) == [["/bin/fault"], ["/bin/any", "own", "GROUP", "G", "FAULT", "0"]])
        #expect(notification.subject == .group("G"))
        #expect(notification.line == "GROUP \"G\" FAULT 0")
        #expect(notification.isFault && notification.mail == nil)
        var scripts = TransitionScripts()
        scripts.mails = true
        let mail = Notification(group: "G", .master, telling: scripts).mail
        #expect(mail?.subject == "VRRP Group G - Entering MASTER state")
        #expect(mail?.body == "=> All VRRP group instances are now in MASTER state <=\n")
    }
}
