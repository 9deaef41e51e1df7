import ConfigSyntax

/// The block `SSL` and the checks that use it.
enum TLSChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        guard let authorities = draft.tls?.authorities else { return }
        let checks = draft.virtualServers.lazy.flatMap(\.realServers).flatMap(\.checks)
        guard !checks.contains(where: { $0.verifies != nil || !$0.origin.isAbsent("tls_verify") }) else {
            return
        }
        reader.report(
            .optionWithoutKeyword, "ca has no effect: no SSL_GET has tls_verify", at: authorities.span,
            notes: ["keepalived reads the file, but accepts every certificate all the same"],
            help: ["add tls_verify to the SSL_GET whose server must be the right one"])
    }
}
