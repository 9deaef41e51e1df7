import ConfigSyntax
import VRRP

/// What the lines of addresses, routes and rules have in common.
enum LineGrammar {
    /// Reads the words of a line; the span is all of it.
    typealias ReadLine<Value> = @Sendable (Arguments, Span, inout SchemaReader) -> Value?

    /// A keyword with a block of routes or rules; those of `D` move with a master unless they are static.
    static func lines<D: Draft, Value: TrackableLine & Sendable>(
        _ name: String, _ arguments: String,
        _ path: any WritableKeyPath<D, [Located<Value>]> & Sendable, isStatic: Bool = false,
        _ read: @escaping ReadLine<Value>, _ meaning: String, tier: Tier
    ) -> Keyword<D> {
        Keyword(name, arguments: arguments, body: .lines, repeatable: true, meaning, tier: tier) {
            draft, statement, reader in
            reader.readLines(of: statement, "a line of \(name)") { line, reader in
                // The first word of a line is as good as the others.
                let words = Statement(keyword: statement.keyword, arguments: [line.keyword] + line.arguments)
                guard var value = read(Arguments(words), line.header, &reader),
                    settleGroup(of: &value, line, isStatic: isStatic, &reader)
                else { return false }
                draft[keyPath: path].append(Located(value, at: line.header))
                return true
            }
        }
    }

    /// Who cares about a line: a group only about static ones, and about those that are tracked.
    static func settleGroup(
        of value: inout some TrackableLine, _ line: Statement, isStatic: Bool, _ reader: inout SchemaReader
    ) -> Bool {
        guard value.trackGroup != nil else { return true }
        let place = line.arguments.last { $0.text == "track_group" }?.span ?? line.header
        guard isStatic else {
            reader.report(
                .unexpectedWord, "track_group is for static addresses, routes and rules", at: place,
                help: ["leave it out: an instance tracks its own lines unless they say no_track"])
            return false
        }
        if value.isUntracked {
            reader.report(.keywordWithoutEffect, "track_group has no effect beside no_track", at: place)
            value.trackGroup = nil
        }
        return true
    }
}

extension SchemaReader {
    /// Reads the lines of the block of `statement`, which takes no words beside it, each by `read`; a line
    /// that has a block itself is refused as `what`. False when something was wrong, and reported.
    mutating func readLines(
        of statement: Statement, _ what: String, _ read: (Statement, inout SchemaReader) -> Bool
    ) -> Bool {
        var isGood = Arguments(statement).finish(&self)
        for line in statement.block?.statements ?? [] {
            if let block = line.block {
                report(.unexpectedBlock, "\(what) takes no block", at: block.open)
                isGood = false
            } else if !read(line, &self) {
                isGood = false
            }
        }
        return isGood
    }

    /// Refuses a word of a line that keepalived knows.
    mutating func refuseKnown(_ word: Word) -> Bool {
        report(
            .unsupportedValue, "\(word.text) is known to keepalived, but not supported yet", at: word.span)
        return false
    }

    /// Takes the value of `proto`, which is not the file's to choose.
    mutating func skipProtocol(_ name: String, _ arguments: inout Arguments) -> Bool {
        guard let value = arguments.next(.name("PROTOCOL"), &self) else { return false }
        report(
            .keywordWithoutEffect, "\(name) has no effect", at: value.span,
            notes: ["by the protocol number 72 Holdfast knows its routes and rules again"])
        return true
    }
}
