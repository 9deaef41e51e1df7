import ConfigSyntax

/// Keywords of the block `SSL`: what every `SSL_GET` shares.
enum TLSGrammar {
    static let table = BlockGrammar<TLSDraft>(
        .tls,
        [
            .value(
                "ca", \.authorities, .path, default: "the system's",
                "The certificates that tls_verify trusts, as a file of PEM.", tier: .rare),
            .value(
                "certificate", \.certificate, .path, default: "none",
                "The certificate that every SSL_GET shows, and those that lead to it, as a file of PEM.",
                tier: .rare),
            .value("key", \.key, .path, default: "none", "Its private key, as a file of PEM.", tier: .rare),
            .value(
                "password", \.password, .password, default: "none", "What the key is encrypted with.",
                tier: .rare),
        ])
}

extension ValueType<String> {
    /// An absolute path.
    static let path = ValueType(name: "FILE") { word, reader in
        if word.text.hasPrefix("/"), !word.text.utf8.contains(0) { return word.text }
        reader.report(
            .invalidName, "\"\(word.text)\" is not an absolute path", at: word.span,
            help: ["the daemon has no directory of its own: begin with \"/\""])
        return nil
    }
}
