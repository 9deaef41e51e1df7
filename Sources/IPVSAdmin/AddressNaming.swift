import LoadBalancing
import NetTypes

/// How addresses and ports are shown: as numbers, or by the names the host knows.
struct AddressNaming {
    /// nil for numbers.
    let names: NameLookup?

    /// `10.0.0.1:80`, `web:http`, `[2001:db8::1]:80`. Without a transport the port is a number.
    func text(_ endpoint: Endpoint, _ transport: TransportProtocol?) -> String {
        guard let names else { return endpoint.description }
        let host = names.host(endpoint.address) ?? endpoint.address.description
        let service = transport.flatMap { names.service(endpoint.port, $0) } ?? String(endpoint.port)
        return endpoint.address.family == .inet6 ? "[\(host)]:\(service)" : "\(host):\(service)"
    }

    /// `TCP  10.0.0.1:80` or `FWM  3 IPv6`, as the rows of a listing begin.
    func row(_ identity: ServiceIdentity) -> String {
        switch identity {
        case .address(let transport, let endpoint):
            Column.left(transport.description.uppercased(), 4) + " " + text(endpoint, transport)
        case .mark(let family, let mark): "FWM  \(mark)" + (family == .inet6 ? " IPv6" : "")
        }
    }

    /// `-t 10.0.0.1:80` or `-f 3 -6`, as a command line names a service.
    func option(_ identity: ServiceIdentity) -> String {
        switch identity {
        case .address(.tcp, let endpoint): "-t " + text(endpoint, .tcp)
        case .address(.udp, let endpoint): "-u " + text(endpoint, .udp)
        case .address(.sctp, let endpoint): "--sctp-service " + text(endpoint, .sctp)
        case .mark(let family, let mark): "-f \(mark)" + (family == .inet6 ? " -6" : "")
        }
    }
}

/// Texts of a width; one that is longer stays whole.
enum Column {
    /// Blanks behind.
    static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }

    /// Blanks behind a number.
    static func left(_ number: UInt32, _ width: Int) -> String { left(String(number), width) }

    /// A blank and a count in 8 columns. One of nine digits and more is shortened to thousands (K), millions
    /// (M), 10^9 (G) or 10^12 (T) unless it is to be exact.
    static func count(_ number: UInt64, isExact: Bool) -> String {
        let text: String
        switch number {
        case ..<100_000_000: text = String(number)
        case _ where isExact: text = String(number)
        case ..<1_000_000_000: text = "\(number / 1000)K"
        case ..<100_000_000_000: text = "\(number / 1_000_000)M"
        case ..<100_000_000_000_000: text = "\(number / 1_000_000_000)G"
        default: text = "\(number / 1_000_000_000_000)T"
        }
        return " " + String(repeating: " ", count: max(0, 8 - text.utf8.count)) + text
    }
}
