import NetTypes

/// Writes the request of `HTTP_GET`: by default HTTP/1.0 with a Host header as keepalived does, so that a
/// server closes the connection after the answer and sends no chunks (RFC 9112).
enum HTTPRequest {
    /// Begins with keepalived's name, because servers tell checks from clients by it in their logs.
    static let userAgent = "KeepAliveClient (Holdfast)"

    /// The octets of a request for `url` from `target`. Octets of path and host that do not belong into a
    /// request line are percent-encoded (RFC 3986 section 2.1): no configured text can end a line early.
    static func text(_ url: HTTPURL, from target: Endpoint, version: HTTPVersion = .v10) -> [UInt8] {
        let path = url.path.isEmpty ? "/" : encoded(url.path)
        let host = url.host.map(encoded) ?? target.description
        let number = version == .v11 ? "1.1" : "1.0"
        let close = version == .v10 ? [] : ["Connection: close"]
        let lines =
            ["\(url.method.rawValue) \(path) HTTP/\(number)", "User-Agent: \(userAgent)", "Host: \(host)"]
            + close + url.headers + [""]
        return Array(lines.map { $0 + "\r\n" }.joined().utf8)
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for octet in text.utf8 {
            if (0x21...0x7E).contains(octet) {
                result.append(octet)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(octet >> 4)], digits[Int(octet & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
