import Testing

@testable import ConfigSyntax

@Suite struct BuiltInDefinitionTests {
    private func value(_ text: String, path: String = "/etc/a.conf", seed: UInt64 = 1) -> String? {
        let octets = Array(text.utf8)
        guard let reference = DefinitionReference.first(in: octets, from: 0),
            let builtIn = BuiltInDefinition(rawValue: reference.name)
        else { return nil }
        var state = ExpansionState(seed: seed)
        let surroundings = Surroundings(
            configID: "me", environment: { ["HOME": "/root", "BAD": "a\nb"][$0] }, read: { _ in .success([]) }
        )
        return try? builtIn.value(reference, path: path, surroundings, &state).get()
    }

    @Test(arguments: [
        ("${_PWD}", "/etc"), ("${_INSTANCE}", "me"), ("${_ENV HOME}", "/root"), ("${_HASH}", "\\#"),
        ("${_BANG}", "\\!"), ("\"${_HASH}\"", "#"), ("\"${_BANG}\"", "!"), ("${_RANDOM 3 3}", "3"),
    ])
    func `each has its value`(text: String, expected: String) {
        #expect(value(text) == expected)
    }

    @Test(arguments: [("a.conf", "."), ("/a.conf", "/"), ("d/e/a.conf", "d/e")])
    func `the directory is that of the file`(path: String, expected: String) {
        #expect(value("${_PWD}", path: path) == expected)
    }

    @Test(arguments: [
        "${_ENV}", "${_ENV NONE}", "${_ENV BAD}", "${_PWD x}", "${_RANDOM 5 1}", "${_RANDOM a}",
        "${_RANDOM -1}", "${_RANDOM 1 2 3}", "${_INSTANCE x}",
    ])
    func `what makes no sense has none`(text: String) {
        #expect(value(text) == nil)
    }

    @Test func `a random number is in its range, depends on the seed and only on it`() throws {
        for seed in 0..<50 as Range<UInt64> {
            let number = try #require(value("${_RANDOM 10 20}", seed: seed).flatMap { Int($0) })
            #expect((10...20).contains(number))
            #expect(value("${_RANDOM 10 20}", seed: seed) == String(number))
        }
        #expect(Set((0..<50 as Range<UInt64>).compactMap { value("${_RANDOM}", seed: $0) }).count > 40)
    }
}
