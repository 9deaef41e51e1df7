import Testing

@testable import Director

@Suite struct SupportedHostTests {
    @Test(
        arguments: [
            ("6.1.0-18-amd64", 6, 1), ("5.11", 5, 11), ("5.11-rc3", 5, 11), ("2.36", 2, 36),
            ("10.0.1", 10, 0),
        ])
    func `a version is its first two numbers`(text: String, major: Int, minor: Int) {
        #expect(SupportedHost.Version(text) == SupportedHost.Version(major, minor))
    }

    @Test(arguments: ["", "6", "six.one", ".1", "6.", "99999999999999999999.1"])
    func `what is no version is none`(text: String) {
        #expect(SupportedHost.Version(text) == nil)
    }

    @Test func `versions are compared by number`() {
        #expect(SupportedHost.Version(5, 9) < SupportedHost.Version(5, 11))
        #expect(SupportedHost.Version(4, 19) < SupportedHost.Version(5, 0))
        #expect(!(SupportedHost.Version(5, 11) < SupportedHost.Version(5, 11)))
    }

    @Test func `what is older is named, with what is needed`() {
        #expect(
            SupportedHost.objections(kernel: "5.10.0-28-amd64", library: "2.31") == [
                "this kernel is Linux 5.10.0-28-amd64; holdfastd needs Linux 5.11 or later",
                "this C library is glibc 2.31; holdfastd needs glibc 2.35 or later",
            ])
    }

    @Test(arguments: [("5.11.0", "2.35"), ("6.18.44-fc-v595", "2.36"), ("", ""), ("7.0", "3.0")])
    func `what is new enough or unknown is no objection`(kernel: String, library: String) {
        #expect(SupportedHost.objections(kernel: kernel, library: library).isEmpty)
    }

    @Test func `this host is supported`() {
        #expect(SupportedHost.objections().isEmpty)
    }
}
