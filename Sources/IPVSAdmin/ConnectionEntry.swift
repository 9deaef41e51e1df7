import NetTypes

/// One line of /proc/net/ip_vs_conn: a connection, or the template that keeps a client on its server.
package struct ConnectionEntry: Hashable, Sendable {
    /// `TCP`, `UDP`, `SCTP`, or `IP` for a template of a mark.
    package var protocolName: String
    /// Where packets come from; port 0 in a template.
    package var client: Endpoint
    /// Where they are sent to; in a template of a mark the mark, as an address.
    package var service: Endpoint
    /// Where they go.
    package var destination: Endpoint
    /// The state's name, such as `ESTABLISHED`.
    package var state: String
    /// Seconds until it is forgotten.
    package var expires: UInt32
    /// The persistence engine's name (`sip`), where there is one.
    package var engine: String?
    /// What it remembers the client by, such as a call's id.
    package var engineData: String?

    /// Reads a line; nil for the head and for what makes no sense.
    package init?(line: some StringProtocol) {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count >= 9, let expires = UInt32(words[8]),
            let client = Self.endpoint(words[1], words[2]), let service = Self.endpoint(words[3], words[4]),
            let destination = Self.endpoint(words[5], words[6])
        else { return nil }
        protocolName = String(words[0])
        self.client = client
        self.service = service
        self.destination = destination
        state = String(words[7])
        self.expires = expires
        if words.count >= 11 {
            engine = String(words[9])
            engineData = String(words[10])
        }
    }

    /// Hexadecimal digits: 8 of an IPv4 address, or groups of an IPv6 address, and 4 of a port.
    private static func endpoint(
        _ address: some StringProtocol, _ port: some StringProtocol
    ) -> Endpoint? {
        guard let port = UInt16(port, radix: 16) else { return nil }
        if address.contains(":") { return IPv6Address(address).map { Endpoint(.v6($0), port: port) } }
        guard let number = UInt32(address, radix: 16) else { return nil }
        return Endpoint(.v4(IPv4Address(rawValue: number)), port: port)
    }

    /// TCP, UDP or SCTP; nil for a mark's template.
    var transport: TransportProtocol? {
        TransportProtocol.allCases.first { $0.description.uppercased() == protocolName }
    }
}

/// The list of connections, to the byte as ipvsadm(8) prints it.
package struct ConnectionText {
    private let showsEngine: Bool
    private let naming: AddressNaming

    /// The listing that `request` asks for.
    package init(_ request: ListRequest, names: NameLookup) {
        showsEngine = request.columns == .persistence
        naming = AddressNaming(names: request.isNumeric ? nil : names)
    }

    /// The two lines above it.
    package var head: String {
        "IPVS connection entries\n"
            + "pro expire state       source             virtual            destination"
            + (showsEngine ? "        pe name          pe_data\n" : "\n")
    }

    /// One line.
    package func row(_ entry: ConnectionEntry) -> String {
        let (minutes, seconds) = (entry.expires / 60, entry.expires % 60)
        let time = "\(minutes < 10 ? "0" : "")\(minutes):\(seconds < 10 ? "0" : "")\(seconds)"
        func place(_ endpoint: Endpoint) -> String { naming.text(endpoint, entry.transport) }
        var columns = [
            Column.left(entry.protocolName, 3), time + " ", Column.left(entry.state, 11),
            Column.left(place(entry.client), 18), Column.left(place(entry.service), 18),
        ]
        if showsEngine, let engine = entry.engine, let data = entry.engineData {
            columns += [Column.left(place(entry.destination), 16), Column.left(engine, 18), data]
        } else {
            columns.append(place(entry.destination))
        }
        return columns.joined(separator: " ") + "\n"
    }
}
