import ConfigModel
import LinuxIO
import NetTypes
import Testing

@testable import KernelNet

@Suite struct HostSurveyTests {
    private func questions(_ text: String) -> HostQuestions {
        ConfigurationLoader.load(path: "t", configID: "a") { _ in .success(Array(text.utf8)) }.questions
    }

    private let text = """
        global_defs {
            script_user nosuchuser_hf
        }
        virtual_server 192.0.2.1 80 {
            lb_algo rr
            lb_kind NAT
            protocol TCP
            real_server 192.0.2.2 80 {
                MISC_CHECK {
                    misc_path "/bin/sh -c true"
                    user root
                }
                MISC_CHECK {
                    misc_path "/bin/no-such-program-hf"
                }
            }
        }
        """

    @Test func `this host is described as far as it was asked`() throws {
        let host = HostSurvey.answer(questions(text))
        let loopback = try #require(host.interfaces?.first { $0.isLoopback })
        #expect(loopback.name == "lo")
        guard case .present(let shell) = host.files["/bin/sh"], case .present(let root) = host.files["/"]
        else {
            Issue.record("no shell: \(host.files)")
            return
        }
        #expect(!shell.isDirectory && shell.mode & 0o111 != 0 && shell.owner == 0)
        #expect(root.isDirectory)
        #expect(host.files["/bin/no-such-program-hf"] == .absent)
        #expect(host.files["/etc"] == nil)
        #expect(host.users == ["nosuchuser_hf": .absent, "root": .present(try rootAccount())])
        #expect(Set(host.modules.keys).isSubset(of: ["ip_vs", "ip_vs_rr"]))
        #expect(host.modules["ip_vs"] != nil)
        #expect(["0", "1"].contains(host.settings["net/ipv4/ip_forward"]))
    }

    private func rootAccount() throws -> HostDescription.Account {
        let account = try #require(try UserAccount.find("root"))
        return HostDescription.Account(user: account.user, groups: Set(account.groups))
    }

    @Test func `groups are looked up, and where one is missing the others are known`() throws {
        func host(_ group: String) -> HostDescription {
            HostSurvey.answer(questions("global_defs {\nscript_user root \(group)\n}\n"))
        }
        let good = host("root")
        #expect(good.groups == ["root": .present(0)] && good.knownGroups.isEmpty)
        let bad = host("nosuchgroup_hf")
        #expect(bad.groups == ["nosuchgroup_hf": .absent] && bad.knownGroups.contains("root"))
    }

    @Test func `nothing asked, nothing looked up but the interfaces`() {
        let host = HostSurvey.answer(questions("vrrp_instance A {\n}\n"))
        #expect(host.interfaces?.isEmpty == false)
        #expect(host.files.isEmpty && host.users.isEmpty && host.groups.isEmpty && host.modules.isEmpty)
    }

    @Test func `modules are found by name in the lists of depmod`() {
        let list = """
            kernel/net/netfilter/ipvs/ip_vs.ko: kernel/net/netfilter/nf_conntrack.ko
            kernel/net/netfilter/ipvs/ip_vs_wrr.ko.xz: kernel/net/netfilter/ipvs/ip_vs.ko
            kernel/fs/nls/nls_iso8859-1.ko.zst:

            """
        let names = ["ip_vs", "ip_vs_wrr", "nls_iso8859_1"]
        #expect(HostSurvey.modules(names + ["ip_vs_rr", "ip", ""], in: Array(list.utf8)) == Set(names))
        #expect(HostSurvey.modules(names, in: Array("\n:\n/\n".utf8)).isEmpty)
        #expect(HostSurvey.modules([], in: Array(list.utf8)).isEmpty)
    }

    @Test func `default routes are those without any bit`() {
        let text = """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   
            eth1\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0   
            eth3\t00000000\t010200C0\t0003\t0\t0\t101\t00000000\t0\t0\t0   
            *\t00000000\t00000000\t0200\t0\t0\t0\t00000000\t0\t0\t0   
            eth2\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0   
            eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0   

            """
        #expect(HostSurvey.defaultInterfaces(in: text) == ["eth1"], "0.0.0.0/1 is not all, eth3 second")
        #expect(HostSurvey.defaultInterfaces(in: "eth1 00000000\n\n").isEmpty)
        #expect(HostSurvey.defaultInterfaces != nil)
    }

    @Test func `what is usable is among what there is`() throws {
        let usable = try #require(HostSurvey.usableInterfaces)
        let all = Set(try RouteSocket().links().map(\.name))
        #expect(usable.isSubset(of: all))
    }

    @Test func `a counter is below its name`() {
        let text = "TcpExt: A IPReversePathFilter B\nTcpExt: 1 4200 3\nIpExt: A C\nIpExt: 7 8\n"
        #expect(HostSurvey.counter("IPReversePathFilter", in: text) == 4200)
        #expect(HostSurvey.counter("C", in: text) == 8)
        for name in ["D", "TcpExt:"] { #expect(HostSurvey.counter(name, in: text) == nil) }
        #expect(HostSurvey.counter("B", in: "TcpExt: A B\nTcpExt: 1\n") == nil, "cut off")
        #expect(HostSurvey.misdirected < .max)
    }
}
