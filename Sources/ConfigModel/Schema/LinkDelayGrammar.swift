import ConfigSyntax
import Timekeeping
import VRRP

/// The lines of `interface_up_down_delays`: an interface and its delays.
enum LinkDelayGrammar {
    /// keepalived's.
    private static let delay = ValueType.seconds(microseconds: 0...255_000_000)

    static let keyword = Keyword<ConfigurationDraft>(
        "interface_up_down_delays", arguments: "{ INTERFACE DOWN [UP] ... }", body: .lines,
        repeatable: true, default: "0",
        "How many SECONDS the link of an interface must be down, or up again, before that counts.",
        tier: .rare
    ) { draft, statement, reader in
        reader.readLines(of: statement, "a line of delays") { line, reader in
            guard let value = read(line, &reader) else { return false }
            draft.linkDelays.append(Located(value, at: line.header))
            return true
        }
    }

    /// Without a second delay an interface counts as up at once, whatever keepalived's manual says.
    private static func read(_ line: Statement, _ reader: inout SchemaReader) -> LinkDelay? {
        var arguments = Arguments(line)
        guard let interface = ValueType<String>.interface.parse(line.keyword, &reader),
            let down = arguments.next(delay, &reader)
        else { return nil }
        let up = arguments.nextIfAny(delay, &reader)
        guard up != .bad, arguments.finish(&reader) else { return nil }
        return LinkDelay(interface: interface, down: down.value, up: up.found?.value ?? .zero)
    }
}
