import HealthChecks
import Pattern
import TLS

/// What probes ask that has nothing to do with sockets: digests, patterns, and the settings of TLS. What can
/// be used again is kept.
final class PageExamination {
    private var patterns: [BodyPattern: Result<Pattern, PatternError>] = [:]
    private var contexts: [TLSSettings: Result<TLSContext, TLSError>] = [:]

    private var credentials: TLSCredentials?

    /// Forgets what former checks needed; `credentials` are what new ones show.
    func forget(_ credentials: TLSCredentials? = nil) {
        patterns = [:]
        contexts = [:]
        self.credentials = credentials
    }

    /// The digest of a page, as an event.
    func digest(_ algorithm: DigestAlgorithm, _ octets: [UInt8]) -> ProbeEvent {
        let digest =
            switch algorithm {
            case .md5: MD5.digest(of: octets)
            case .sha256: SHA256.digest(of: octets)
            }
        return digest.map { .digested($0) } ?? .unavailable("OpenSSL refuses \(algorithm.rawValue)")
    }

    /// Whether a page matches, as an event. A pattern that is none says nothing about the server; a page that
    /// cannot be matched within the limits is no good one, and no server stays for its sake.
    func match(_ pattern: BodyPattern, _ octets: [UInt8]) -> ProbeEvent {
        let compiled = patterns[pattern] ?? Self.compiled(pattern)
        patterns[pattern] = compiled
        do throws(PatternError) {
            return .matched(try compiled.get().matches(octets))
        } catch {
            let text = "regex: \(error)"
            return error.isOfPage ? .failed(text) : .unavailable(text)
        }
    }

    /// The context of these settings.
    func context(_ settings: TLSSettings) -> Result<TLSContext, TLSError> {
        if let known = contexts[settings] { return known }
        let made: Result<TLSContext, TLSError>
        do {
            let context = try TLSContext(verifies: settings.verifies, authorities: settings.authorities)
            if let identity = settings.identity { try identify(context, as: identity) }
            made = .success(context)
        } catch {
            made = .failure(error)
        }
        contexts[settings] = made
        return made
    }

    private func identify(_ context: TLSContext, as identity: TLSIdentity) throws(TLSError) {
        switch credentials {
        case .files(let certificate, let key):
            try context.identify(certificate: certificate, key: key, password: identity.password)
        case .missing(let why): throw TLSError(why)
        case nil: throw TLSError("no certificate was given")
        }
    }

    private static func compiled(_ pattern: BodyPattern) -> Result<Pattern, PatternError> {
        do { return .success(try Pattern(pattern)) } catch { return .failure(error) }
    }
}
