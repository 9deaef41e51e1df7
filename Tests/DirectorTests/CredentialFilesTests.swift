import HealthChecks
import LinuxIO
import LoadBalancing
import Testing

@testable import Director

@Suite struct CredentialFilesTests {
    private func assignment(_ identity: TLSIdentity?) -> RoleCommand {
        var http = HTTPCheck(target: endpoint("192.0.2.21", 443), urls: [HTTPURL()])
        http.tls = TLSSettings()
        http.tls?.identity = identity
        let check = CheckSpecification(kind: .http(http), schedule: CheckSchedule())
        return .checker(
            .configure(CheckerAssignment(generation: 1, checks: [tcpCheck("192.0.2.21"), check])))
    }

    private func credentials(_ command: RoleCommand) -> TLSCredentials? {
        guard case .checker(.configure(let assignment)) = command.withCredentials else { return nil }
        return assignment.credentials
    }

    @Test func `what the files hold goes along, and why it cannot`() throws {
        let directory = try ScratchDirectory()
        let certificate = try directory.write("certificate.pem", "C")
        let key = try directory.write("key.pem", "K")
        #expect(
            credentials(assignment(TLSIdentity(certificate: certificate, key: key)))
                == .files(certificate: [67], key: [75]))
        let missing = TLSIdentity(certificate: certificate, key: directory.path + "/none")
        guard case .missing(let why) = credentials(assignment(missing)) else {
            Issue.record("a key that is not there was read")
            return
        }
        #expect(why.contains("/none"))
    }

    @Test func `lvs learns nothing of the certificate`() throws {
        let identity = TLSIdentity(certificate: "/c.pem", key: "/k.pem", password: "secret")
        guard case .checker(.configure(let checker)) = assignment(identity) else { return }
        let verdicts = checker.checks.map { CheckVerdict(check: $0, verdict: .up) }
        var lvs = LVSAssignment()
        lvs.virtualServers = [virtualServer(servers: [realServer("192.0.2.21", checks: checker.checks)])]
        lvs.verdicts = verdicts
        guard case .lvs(.configure(let told)) = RoleCommand.lvs(.configure(lvs)).withCredentials,
            case .lvs(.verdicts(let news)) = RoleCommand.lvs(.verdicts(verdicts)).withCredentials
        else {
            Issue.record("another command came of it")
            return
        }
        let checks = told.virtualServers.flatMap(\.realServers).flatMap(\.checks)
        #expect(checks.map(\.kind.identity) == [nil, nil])
        #expect(told.verdicts.map(\.check) == checks && news.map(\.check) == checks)
        #expect(checks[0] == tcpCheck("192.0.2.21") && checks[1] == checker.checks[1].anonymous)
        let octets = try RoleCommand.lvs(.configure(lvs)).withCredentials.encoded()
        #expect(!String(decoding: octets, as: UTF8.self).contains("secret"))
        #expect(try RoleCommand.lvs(.configure(lvs)).encoded().count > octets.count)
    }

    @Test func `without a certificate nothing is read`() {
        #expect(credentials(assignment(nil)) == nil)
        #expect(RoleCommand.checker(.stop).withCredentials == .checker(.stop))
        #expect(RoleCommand.lvs(.stop).withCredentials == .lvs(.stop))
    }
}
