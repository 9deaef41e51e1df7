import LoadBalancing
import Testing

@testable import IPVSAdmin

@Suite struct RefusalTextTests {
    @Test(
        arguments: [
            ("-A -t 10.9.0.1:80", "add service 10.9.0.1:80/tcp"),
            ("-E -t 10.9.0.1:80", "change service 10.9.0.1:80/tcp"),
            ("-D -f 3 -6", "remove service fwmark:3/inet6"),
            ("-a -t 10.9.0.1:80 -r 10.9.0.2", "add server 10.9.0.2:80 to 10.9.0.1:80/tcp"),
            ("-e -t 10.9.0.1:80 -r 10.9.0.2", "change server 10.9.0.2:80 of 10.9.0.1:80/tcp"),
            ("-d -t 10.9.0.1:80 -r 10.9.0.2", "remove server 10.9.0.2:80 from 10.9.0.1:80/tcp"),
            ("-C", "clear the table"), ("-Z", "let the counters of all services begin again"),
            ("-Z -f 3", "let the counters of fwmark:3 begin again"), ("-L", "list the services"),
            ("-L -f 3", "list service fwmark:3"), ("-Lc", "list the connections"),
            ("-L --timeout", "list the timeouts"), ("-L --daemon", "list the sync threads"),
            ("-S", "save the table"), ("-R", "restore the table"), ("--set 1 2 3", "set the timeouts"),
            ("--start-daemon backup", "start the backup sync thread on eth0"),
            ("--stop-daemon master", "stop the master sync thread"), ("-v", "tell about this program"),
        ])
    func `what could not be done has words`(line: String, purpose: String) throws {
        #expect(try Sample.command(line).purpose == purpose)
    }

    @Test(
        arguments: [
            ("-L -f 3", "ESRCH", "there is no such service"),
            ("-Z -f 3", "ESRCH", "there is no such service"),
            ("--stop-daemon master", "ESRCH", "it does not run"),
            ("--start-daemon master", "EEXIST", "it runs already"),
            ("--start-daemon master", "ENODEV", "there is no such interface"),
            ("--start-daemon master", "EINVAL", "servers of the other address family are in the table"),
            ("-L", "EPERM", "only root may, in the first user namespace"), ("-C", "ENOMEM", nil),
            ("--stop-daemon master", "EINVAL", nil), ("-A -f 3", "ESRCH", nil),
        ] as [(String, String, String?)])
    func `numbers mean something`(line: String, errno: String, meaning: String?) throws {
        #expect(try Sample.command(line).meaning(of: errno) == meaning)
    }
}
