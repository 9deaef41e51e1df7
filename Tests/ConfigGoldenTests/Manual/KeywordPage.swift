import ConfigModel

/// holdfast.conf(5), from the schema that drives the parser.
enum KeywordPage {
    /// The page.
    static var text: String {
        var page = Troff("holdfast.conf", section: 5)
        page.name("holdfast.conf", "configuration of holdfastd")
        introduction(&page)
        page.section("Keywords")
        for scope in Scope.allCases {
            page.subsection(scope == .root ? "Outside every block" : scope.rawValue)
            for facts in Schema.keywords where facts.scope == scope { item(facts, &page) }
        }
        page.section("Keywords of keepalived that are not carried out")
        page.prose(
            """
            A file with a keyword that is refused is refused: without it traffic, or who is master, would \
            not be as written. The others are warned about by name, with the reason.
            """)
        var block: String?
        for known in KnownKeywords.rows {
            if known.block != block {
                page.subsection(known.block.isEmpty ? "Not carried out" : "\(known.block), not carried out")
                block = known.block
            }
            item(known, &page)
        }
        page.section("Files")
        page.item("/etc/holdfast/holdfast.conf", "", "The configuration.")
        page.item("/etc/keepalived/keepalived.conf", "", "Read where the former is not there.")
        page.item(
            "/usr/share/doc/holdfast/examples", "", "Complete pairs of directors, and a commented file.")
        page.seeAlso(["holdfastd(8)", "holdfast(1)", "holdfast-check(1)", "holdfast-explain(1)"])
        return page.text
    }

    private static func introduction(_ page: inout Troff) {
        page.section("Description")
        page.prose(
            """
            holdfastd(8) reads one file in the language of keepalived. A statement is a line: a keyword and \
            its values, perhaps with a block in braces. # and ! begin a comment. A word in double quotes may \
            hold blanks. include PATTERN reads other files in place, $NAME=VALUE defines a name that \
            ${NAME} stands for, and a line after @ID holds for that config-id alone (holdfastd -i).

            A keyword that is not known is an error, and a value out of its range too: nothing is ignored. \
            A keyword that counts once and is given twice is warned about, and the last one counts. \
            holdfast check FILE says what is wrong, holdfast explain KEYWORD tells about one, holdfast dump \
            FILE prints every value in force, and holdfast fmt FILE lays it out.

            SECONDS may have six decimals and carry no unit. BOOL is one of on, off, true, false, yes, no.
            """)
        page.section("Example")
        page.verbatim(
            """
            vrrp_instance VI_1 {
                interface eth0
                virtual_router_id 51
                priority 150
                virtual_ipaddress {
                    192.0.2.100/24
                }
            }

            virtual_server 192.0.2.100 80 {
                delay_loop 2
                lb_algo rr
                lb_kind DR
                protocol TCP
                real_server 192.0.2.21 80 {
                    TCP_CHECK {
                        connect_timeout 2
                    }
                }
            }
            """)
    }

    private static func item(_ facts: KeywordFacts, _ page: inout Troff) {
        let block =
            switch facts.body {
            case .none, .names, .lines: ""
            case .keywords: "{ ... }"
            case .addresses: "{ addresses }"
            }
        var body = facts.meaning
        if facts.isRepeatable { body += " May be repeated." }
        if facts.tier == .own { body += " Not in keepalived." }
        if let value = facts.defaultText { body += "\nDefault: \(value)." }
        page.item(
            ([facts.name] + facts.otherSpellings).joined(separator: ", "),
            [facts.arguments, block].filter { !$0.isEmpty }.joined(separator: " "), body)
    }

    private static func item(_ known: KnownKeyword, _ page: inout Troff) {
        let becomes =
            switch known.standing {
            case .refused(let advice): "Refused" + (advice.map { ": \($0)." } ?? ".")
            case .withoutEffect(let reason): "Warned about: \(reason)."
            case .obsolete(let advice): "Warned about, obsolete: \(advice)."
            }
        page.item(known.name, known.arguments, "\(known.meaning)\n\(becomes)")
    }
}
