import ConfigModel
import HealthChecks
import LoadBalancing

/// The configurations of a soak. All have the same instance, and the same service that clients use; around it
/// something else each time.
enum SoakFiles {
    /// How many there are.
    static let variants = 3
    /// The instance.
    static let instance = "VI_1"
    /// The virtual address.
    static let address = "192.0.2.100"
    /// The real servers.
    static let servers = ["192.0.2.21", "192.0.2.22", "192.0.2.23"]

    /// The file of a director.
    static func text(of director: String, variant: Int) -> String {
        // What differs stands first, so that the places of all the rest differ, too.
        head(director) + extra(variant) + common(director)
    }

    /// A file with all services that are in any of them, from which the lab is built.
    static func everything(of director: String) -> String {
        head(director) + common(director) + (0..<variants).map(extra).joined()
    }

    /// In minutes a client comes back to source ports it has used. Without `lvs_expire_nodest_conn` one whose
    /// connection a dead server has left behind gets no answer until the server is back.
    private static func head(_ director: String) -> String {
        """
        global_defs {
            router_id \(director)
            lvs_expire_nodest_conn
            lvs_sync_daemon eth0 \(instance) id 51
        }

        """
    }

    private static func extra(_ variant: Int) -> String {
        switch variant {
        case 1: service(8001, servers: Array(servers.prefix(2)), weight: 3)
        case 2:
            service(8002, servers: [servers[2]], weight: 1) + service(8003, servers: servers, weight: 2)
        default: ""
        }
    }

    private static func common(_ director: String) -> String {
        """
        vrrp_instance \(instance) {
            state BACKUP
            interface eth0
            virtual_router_id 51
            priority \(director == LabPlan.directorA ? 150 : 100)
            advert_int 1
            virtual_ipaddress {
                \(address)/24
            }
        }

        """ + service(80, servers: servers, weight: 1)
    }

    /// A file that ends in the middle: what an editor has written when the disk was full.
    static func half(of director: String) -> String {
        String(text(of: director, variant: 0).dropLast(40))
    }

    private static func service(_ port: Int, servers: [String], weight: Int) -> String {
        let list = servers.map { server in
            """
                real_server \(server) \(port) {
                    weight \(weight)
                    TCP_CHECK {
                        connect_timeout 2
                        retry 1
                        delay_before_retry 1
                    }
                }

            """
        }
        return """
            virtual_server \(address) \(port) {
                delay_loop 2
                lb_algo rr
                lb_kind DR
                protocol TCP
            \(list.joined())}

            """
    }

    /// All destinations that the kernel is to have while every server is up, as the watcher tells them.
    static func table(of configuration: Configuration) -> [String] {
        ServicePlan.desired(configuration.virtualServers, verdicts: [:]).values
            .flatMap(\.destinations.values).map { "\($0.endpoint)*\($0.weight)" }.sorted()
    }
}
