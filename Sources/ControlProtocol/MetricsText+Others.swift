// Names of gen2brain's keepalived_exporter for services and servers: its dashboards read them. Its labels
// have the protocol's number, and no service for a server, so that one in two services would be one sample
// twice: `vip` is added.

extension MetricsText {
    private static let counters: [(suffix: String, name: String)] = [
        ("in_packets", "packets_in"), ("out_packets", "packets_out"), ("in_bytes", "bytes_in"),
        ("out_bytes", "bytes_out"), ("conn", "connections"),
    ]

    /// The protocol's number by its word at the end of a service's name; 0 for a mark.
    private static let protocols = ["tcp": "6", "udp": "17", "sctp": "132"]

    /// Adds what they tell of a line; nothing for one that is no service and no server.
    mutating func addForeign(_ line: JSONValue) {
        let isServer = line["kind"] == "server"
        guard let service = (isServer ? line["service"] : line["id"])?.text,
            isServer || line["kind"] == "service"
        else { return }
        let parts = service.split(separator: "/", maxSplits: 1)
        let number = parts.count < 2 ? nil : Self.protocols[String(parts[1])]
        let vip = number == nil ? service : String(parts[0])
        var labels: Labels = isServer ? [("vip", vip)] : []
        labels += [("addr", isServer ? line["address"]?.text ?? "" : vip), ("proto", number ?? "0")]
        for (suffix, name) in Self.counters {
            counter(
                "keepalived_lvs_\(isServer ? "rs" : "vip")_\(suffix)", "As gen2brain's exporter names it.",
                line["counters"]?[name]?.double, labels)
        }
    }
}
