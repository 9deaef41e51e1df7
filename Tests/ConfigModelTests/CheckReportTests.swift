import ConfigModel
import ConfigSyntax
import Testing

@Suite struct CheckReportTests {
    private let good = Sample.instance() + Sample.service()
    private let warned = Sample.instance() + Sample.service(servers: Sample.server("192.0.2.21 80", ""))

    @Test func `the exit status tells good, warned and bad files`() {
        #expect(CheckReport([Sample.load(good)]).exitStatus(strict: true) == 0)
        #expect(CheckReport([Sample.load(warned)]).exitStatus(strict: false) == 0)
        #expect(CheckReport([Sample.load(warned)]).exitStatus(strict: true) == 1)
        #expect(CheckReport([Sample.load(good), Sample.load("nonsense")]).exitStatus(strict: false) == 1)
    }

    @Test func `a good file has nothing to say but in JSON`() {
        let report = CheckReport([Sample.load(good)])
        #expect(report.text(.human).isEmpty)
        #expect(report.text(.short).isEmpty)
        #expect(report.text(.json).contains("\"errors\": 0"))
    }

    @Test func `each format says the same`() {
        let report = CheckReport([Sample.load("nonsense\n")])
        #expect(report.text(.short) == "t:1:1: error: unknown keyword \"nonsense\" [E101]\n")
        #expect(report.text(.human).contains("error[E101]"))
        let json = report.text(.json)
        #expect(json.hasPrefix("[\n{") && json.hasSuffix("}\n]\n"))
        #expect(json.contains("\"code\": \"E101\"") && json.contains("\"line\": 1, \"column\": 1"))
    }

    @Test func `the peer is reported on, and the first file against it`() {
        let report = CheckReport([Sample.load(good)], peer: Sample.load(good))
        #expect(report.text(.short).contains("[W602]"))
        #expect(report.exitStatus(strict: false) == 0)
        #expect(CheckReport([Sample.load(good)], peer: Sample.load("x")).exitStatus(strict: false) == 1)
    }

    @Test func `a line may allow what is said of two files`() {
        let allowed = Sample.instance(lines: "priority 100 # holdfast: allow W602") + Sample.service()
        let plain = allowed.replacing("holdfast: allow ", with: "")
        #expect(CheckReport([Sample.load(plain)], peer: Sample.load(plain)).text(.short).contains("[W602]"))
        #expect(CheckReport([Sample.load(allowed)], peer: Sample.load(plain)).text(.short).isEmpty)
    }

    @Test func `a guess of one file is not made where the other is there`() {
        let script = "vrrp_script s {\nscript /bin/true\n}\n"
        func text(_ priority: Int) -> LoadResult {
            Sample.load(
                script + Sample.instance(lines: "priority \(priority)\ntrack_script {\ns weight 2\n}"))
        }
        #expect(CheckReport([text(101)]).text(.short).contains("[W345]"))
        #expect(!CheckReport([text(101)], peer: text(100)).text(.short).contains("[W345]"))
        #expect(!CheckReport([text(101)], peer: text(100)).text(.short).contains("[W624]"))
        #expect(CheckReport([text(104)], peer: text(100)).text(.short).contains("[W624]"))
        #expect(CheckReport([text(104)], peer: Sample.load("x")).text(.short).contains("[W345]"))
    }

    @Test func `a warning that is allowed is not there, and an error is`() {
        let result = Sample.load(warned)
        #expect(result.diagnostics.map(\.code) == [.neverChecked])
        let quiet = CheckReport([result], allowing: [.neverChecked])
        #expect(quiet.text(.human).isEmpty)
        #expect(quiet.exitStatus(strict: true) == 0)
        #expect(CheckReport([result], allowing: [.givenTwice]).exitStatus(strict: true) == 1)
        let bad = CheckReport([Sample.load("nonsense")], allowing: [.unknownKeyword])
        #expect(bad.text(.short).contains("[E101]"))
        #expect(bad.exitStatus(strict: false) == 1)
    }

    @Test func `only the human format has colours`() {
        let report = CheckReport([Sample.load("nonsense\n")])
        #expect(report.text(.human, isColoured: true).contains("\u{1B}[1;31merror[E101]\u{1B}[0m"))
        #expect(!report.text(.human).contains("\u{1B}"))
        #expect(report.text(.short, isColoured: true) == report.text(.short))
        #expect(report.text(.json, isColoured: true) == report.text(.json))
    }

    @Test func `five independent mistakes are five findings`() {
        let text = """
            vrrp_instance VI_1 {
                interfce eth0
                virtual_router_id 300
                virtual_ipaddress {
                    192.0.2.310/24
                }
            }
            virtual_server 192.0.2.100 80 {
                lb_algo roundrobin
                lb_kind DSR
                protocol TCP
                real_server 192.0.2.21 80 {
                    TCP_CHECK {
                    }
                }
            }

            """
        let result = Sample.load(text)
        #expect(result.diagnostics.map(\.primary.span.start).count == 5, "\(result.text)")
        #expect(CheckReport([result]).exitStatus(strict: false) == 1)
    }
}
