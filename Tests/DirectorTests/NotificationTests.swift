import ConfigModel
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

    @Test func `what is not named is not run`() {
        let nothing = Notification(instance: "VI_1", .master, priority: 7, telling: TransitionScripts())
        #expect(nothing.scripts.isEmpty)
    }
}
