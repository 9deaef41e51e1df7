import ConfigSyntax
import Testing

@testable import Lab

@Suite struct ConfigFilesTests {
    @Test func `a file is read whole`() throws {
        let octets = try ConfigFiles.read("\(PairFilesTests.examples)/dr-pair/director-a.conf").get()
        #expect(String(decoding: octets, as: UTF8.self).contains("virtual_router_id 51"))
    }

    @Test func `a missing file and a folder have their reasons`() {
        #expect(ConfigFiles.read("/nonexistent") == .failure(FileProblem("no such file")))
        #expect(throws: FileProblem.self) { try ConfigFiles.read("/").get() }
    }
}
