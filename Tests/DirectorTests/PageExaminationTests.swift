import HealthChecks
import TLS
import Testing

@testable import Director

@Suite struct PageExaminationTests {
    private let examination = PageExamination()

    @Test func `a page has the digests that everybody computes`() throws {
        let page = Array("hello".utf8)
        let md5 = try #require(BodyDigest("5d41402abc4b2a76b9719d911017c592"))
        #expect(examination.digest(.md5, page) == .digested(md5.octets))
        let sha = try #require(
            BodyDigest("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"))
        #expect(examination.digest(.sha256, page) == .digested(sha.octets))
    }

    @Test func `a page matches or not, as often as it is asked`() {
        for _ in 0..<2 {
            #expect(examination.match(BodyPattern("l+o$"), Array("hello".utf8)) == .matched(true))
            #expect(examination.match(BodyPattern("l+o$"), Array("hell".utf8)) == .matched(false))
        }
        examination.forget()
        #expect(examination.match(BodyPattern("l+o$"), Array("hello".utf8)) == .matched(true))
    }

    @Test func `a pattern that is none says nothing about the server`() {
        let event = examination.match(BodyPattern("("), [])
        guard case .unavailable(let text) = event else {
            Issue.record("\(event)")
            return
        }
        #expect(text.hasPrefix("regex: "))
    }

    @Test func `a page that is too hard to match is no good page`() {
        let pattern = BodyPattern("(a|aa)+$", options: [.noAutoPossess, .noStartOptimize])
        let page = Array((String(repeating: "a", count: 5000) + "!").utf8)
        guard case .failed(let why) = examination.match(pattern, page) else {
            Issue.record("matched within the limits")
            return
        }
        #expect(why.hasPrefix("regex: ") && why.hasSuffix("limit exceeded"))
        let text = BodyPattern("ok", options: [.utf])
        guard case .failed = examination.match(text, [0xFF, 0x6F, 0x6B]) else {
            Issue.record("matched as UTF-8 what is none")
            return
        }
    }

    @Test func `a certificate that could not be read keeps the probe from being made`() {
        var settings = TLSSettings()
        settings.identity = TLSIdentity(certificate: "/c", key: "/k")
        for (credentials, text) in [(nil, "no certificate was given"), (.missing("no /k"), "no /k")]
            as [(TLSCredentials?, String)]
        {
            examination.forget(credentials)
            guard case .failure(let error) = examination.context(settings) else {
                Issue.record("made without a certificate")
                continue
            }
            #expect(error.description == text)
        }
    }

    @Test func `settings of TLS are made once`() throws {
        let first = try examination.context(TLSSettings()).get()
        let second = try examination.context(TLSSettings()).get()
        #expect(first === second)
        examination.forget()
        let third = try examination.context(TLSSettings()).get()
        #expect(first !== third)
        let bad = TLSSettings(verifies: true, authorities: "/nonexistent")
        guard case .failure = examination.context(bad) else {
            Issue.record("a file that is not there is trusted")
            return
        }
    }
}
