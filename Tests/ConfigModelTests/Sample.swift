import ConfigModel
import ConfigSyntax
import LoadBalancing
import VRRP

/// Pieces of configurations for tests: an instance and a service that are good, and what can be put into
/// them.
enum Sample {
    static func load(_ text: String) -> LoadResult {
        ConfigurationLoader.load(path: "t", configID: "a") { path in
            path == "t" ? .success(Array(text.utf8)) : .failure(FileProblem("no such file"))
        }
    }

    /// The codes of what is found, in reading order.
    static func codes(_ text: String) -> [DiagnosticCode] { load(text).diagnostics.map(\.code) }

    /// The codes of the errors alone.
    static func errors(_ text: String) -> [DiagnosticCode] {
        load(text).diagnostics.filter { $0.severity == .error }.map(\.code)
    }

    static func instance(
        _ name: String = "VI_1", id: Int = 51, address: Int = 100, lines: String = ""
    ) -> String {
        """
        vrrp_instance \(name) {
            interface eth0
            virtual_router_id \(id)
            virtual_ipaddress {
                192.0.2.\(address)/24
            }
            \(lines)
        }

        """
    }

    static func server(_ header: String = "192.0.2.21 80", _ lines: String = "TCP_CHECK {\n}") -> String {
        "real_server \(header) {\n\(lines)\n}\n"
    }

    static func service(
        _ header: String = "192.0.2.100 80", kind: String = "DR", lines: String = "protocol TCP",
        servers: String = server()
    ) -> String {
        "virtual_server \(header) {\nlb_algo rr\nlb_kind \(kind)\n\(lines)\n\(servers)}\n"
    }

    /// The only instance of a file that holds one with `lines` in it.
    static func router(_ lines: String, global: String = "") -> RouterConfiguration? {
        load("global_defs {\n\(global)\n}\n" + instance(lines: lines)).model?.instances.first
    }

    /// The only service of a file.
    static func virtualServer(_ text: String) -> VirtualServer? {
        load(text).configuration?.virtualServers.first
    }
}
