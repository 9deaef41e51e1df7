import Testing

@testable import ConfigModel

@Suite struct HostQuestionsTests {
    private func script(_ lines: String) -> String {
        Sample.server("192.0.2.21 80", "MISC_CHECK {\n\(lines)\n}")
    }

    @Test func `a configuration without scripts and services asks for little`() {
        let questions = Sample.load(Sample.instance()).questions
        #expect(questions.paths.isEmpty && questions.users.isEmpty && questions.modules.isEmpty)
        #expect(questions.settings.contains("net/ipv4/conf/eth0/arp_ignore"))
        #expect(Sample.load("").questions == HostQuestions())
    }

    @Test func `programs are asked for with the way to them, and their users`() {
        let text = Sample.service(
            servers: script("misc_path \"/usr/lib/x -v\"") + script("misc_path /b\nuser u"))
        let questions = Sample.load(text).questions
        #expect(questions.paths == ["/", "/usr", "/usr/lib", "/usr/lib/x", "/b"])
        #expect(questions.users == ["keepalived_script", "nobody", "u"])
        let all = Sample.load("global_defs {\nscript_user s\n}\n" + text).questions
        #expect(all.users == ["s", "u"])
    }

    @Test func `groups and the owners of FIFOs are asked for`() {
        let text = """
            global_defs {
                script_user s t
                control_admin_group ops
                notify_fifo /run/f own shared
            }
            """
        let questions = Sample.load(
            text + "\n" + Sample.instance(lines: "notify_master /n u v")
        ).questions
        #expect(questions.groups == ["t", "ops", "shared", "v"])
        #expect(questions.users == ["s", "own", "u"])
    }

    @Test func `a program by name is asked for wherever it may be`() {
        let questions = Sample.load(Sample.service(servers: script("misc_path \"x -v\""))).questions
        #expect(questions.paths.isSuperset(of: ["/", "/usr", "/usr/local/sbin/x", "/usr/bin/x", "/bin/x"]))
        #expect(!questions.paths.contains("x"))
    }

    @Test func `scripts of instances are programs, too`() {
        let text = Sample.instance(lines: "notify_master \"/n x\"\nnotify_fault /f u")
        let questions = Sample.load(text).questions
        #expect(questions.paths == ["/", "/n", "/f"])
        #expect(questions.users == ["keepalived_script", "nobody", "u"])
    }

    @Test func `scripts of services and servers and the readers of FIFOs are programs, too`() {
        let global = "global_defs {\nlvs_notify_fifo /run/f\nlvs_notify_fifo_script /r u\n}\n"
        let server = Sample.server("192.0.2.21 80", "notify_up /v\nnotify_down \"/w x\"\nTCP_CHECK {\n}")
        let service = Sample.service(
            lines: "protocol TCP\nquorum_up /q\nquorum_down /d", servers: server)
        let questions = Sample.load(global + service).questions
        #expect(questions.paths == ["/", "/r", "/q", "/d", "/v", "/w"])
        #expect(questions.users == ["keepalived_script", "nobody", "u"])
    }

    @Test func `services ask for their schedulers, and FTP by NAT for its module`() {
        let servers = Sample.server("192.0.2.21 21")
        let nat = Sample.service("192.0.2.100 21", kind: "NAT", servers: servers)
        #expect(Sample.load(nat).questions.modules == ["ip_vs", "ip_vs_rr", "ip_vs_ftp"])
        let direct = Sample.service("192.0.2.100 21", servers: servers)
        #expect(Sample.load(direct).questions.modules == ["ip_vs", "ip_vs_rr"])
        let full = Sample.service(kind: "FULLNAT")
        #expect(Sample.load(full).questions.modules == ["ip_vs", "ip_vs_rr", "xt_ipvs"])
    }

    @Test func `a refused file asks as well`() {
        #expect(Sample.load(Sample.service() + "nonsense\n").questions.modules == ["ip_vs", "ip_vs_rr"])
    }
}
