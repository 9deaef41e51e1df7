import ConfigSyntax

/// The block `SSL` and the checks that use it.
enum TLSChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        let checks = draft.checks.filter { $0.kind == .tls }
        for check in checks { checkNames(check, &reader) }
        guard let block = draft.tls else { return }
        checkIdentity(block, isUsed: !checks.isEmpty, &reader)
        guard let authorities = block.authorities,
            !checks.contains(where: { $0.verifies != nil || !$0.origin.isAbsent("tls_verify") })
        else { return }
        reader.report(
            .optionWithoutKeyword, "ca has no effect: no SSL_GET has tls_verify", at: authorities.span,
            notes: ["keepalived reads the file, but accepts every certificate all the same"],
            help: ["add tls_verify to the SSL_GET whose server must be the right one"])
    }

    private static func checkNames(_ check: CheckDraft, _ reader: inout SchemaReader) {
        guard check.verifies == nil, check.origin.isAbsent("tls_verify") else { return }
        for case (let name, let span?) in [
            ("tls_name", check.peerName?.span), ("tls_ca", check.authorities?.span),
        ] {
            reader.report(
                .optionWithoutKeyword, "\(name) has no effect without tls_verify", at: span,
                related: [Label(check.origin.header, "in this check")], help: ["add: tls_verify"])
        }
    }

    private static func checkIdentity(_ block: TLSDraft, isUsed: Bool, _ reader: inout SchemaReader) {
        let halves = [("certificate", block.certificate), ("key", block.key)]
        for ((name, present), (other, missing)) in zip(halves, halves.reversed()) {
            guard let present, missing == nil, block.origin.isAbsent(other) else { continue }
            reader.report(
                .halfAnIdentity, "\(name) without \(other)", at: present.span,
                help: ["add: \(other) FILE"])
        }
        if let password = block.password, block.key == nil, block.origin.isAbsent("key") {
            reader.report(
                .optionWithoutKeyword, "password has no effect without key", at: password.span,
                related: [Label(block.origin.header, "in this block")], help: ["add: key FILE"])
        }
        guard !isUsed, let certificate = block.certificate, block.key != nil else { return }
        reader.report(
            .optionWithoutKeyword, "certificate has no effect: there is no SSL_GET", at: certificate.span,
            notes: ["nothing else speaks TLS"], help: ["leave it out"])
    }
}
