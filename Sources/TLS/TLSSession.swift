import COpenSSL

/// One TLS connection of a client that touches no socket: octets from the peer go in, octets for it come out,
/// and between them what is inside. It does not know how long anything takes.
@safe package final class TLSSession {
    /// What is inside the octets that came.
    package enum Content: Hashable, Sendable {
        /// So far nothing, or this.
        case octets([UInt8])
        /// The peer has said that no more will come (close_notify).
        case ended
    }

    private let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer

    /// True once the handshake is over.
    package private(set) var isSecured = false

    /// A session that asks for `serverName` (SNI; nil for none) and, where the context verifies, accepts a
    /// certificate for `peer`, a name or an address, alone.
    package init(_ context: TLSContext, serverName: String?, peer: String) throws(TLSError) {
        ERR_clear_error()
        guard let ssl = unsafe SSL_new(context.pointer) else { throw .queued("no memory") }
        guard let input = unsafe BIO_new(BIO_s_mem()), let output = unsafe BIO_new(BIO_s_mem()) else {
            unsafe SSL_free(ssl)
            throw .queued("no memory")
        }
        // Both now belong to the session.
        unsafe SSL_set_bio(ssl, input, output)
        unsafe (self.ssl, self.input, self.output) = (ssl, input, output)
        unsafe SSL_set_connect_state(ssl)
        if let serverName, unsafe hf_tls_set_server_name(ssl, serverName) != 1 {
            throw .queued("a name that TLS cannot ask for")
        }
        guard context.verifies else { return }
        let parameters = unsafe SSL_get0_param(ssl)
        guard
            unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, peer) == 1
                || SSL_set1_host(ssl, peer) == 1
        else { throw .queued("a name that no certificate can have") }
        ERR_clear_error()
    }

    deinit { unsafe SSL_free(ssl) }

    /// Octets from the peer; as many as a connection gives in one turn.
    package func feed(_ octets: [UInt8]) throws(TLSError) {
        guard !octets.isEmpty else { return }
        let count = unsafe octets.withUnsafeBytes { unsafe BIO_write(input, $0.baseAddress, CInt($0.count)) }
        guard count == octets.count else { throw TLSError("no memory") }
    }

    /// Goes on with the handshake as far as the octets reach; true when it is over.
    package func handshake() throws(TLSError) -> Bool {
        guard !isSecured else { return true }
        ERR_clear_error()
        let status = unsafe SSL_do_handshake(ssl)
        if status == 1 {
            isSecured = true
            return true
        }
        guard unsafe SSL_get_error(ssl, status) != SSL_ERROR_WANT_READ else { return false }
        let result = unsafe SSL_get_verify_result(ssl)
        guard result == X509_V_OK else {
            ERR_clear_error()
            throw TLSError(unsafe String(cString: X509_verify_cert_error_string(result)))
        }
        throw .queued("the peer broke off")
    }

    /// What came inside since the last call, at most some more octets than were fed.
    package func read() throws(TLSError) -> [Content] {
        var octets: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            ERR_clear_error()
            var count = 0
            let status = unsafe buffer.withUnsafeMutableBytes { room in
                unsafe SSL_read_ex(ssl, room.baseAddress, room.count, &count)
            }
            if status == 1 {
                octets += buffer.prefix(count)
                continue
            }
            let content: [Content] = octets.isEmpty ? [] : [.octets(octets)]
            switch unsafe SSL_get_error(ssl, status) {
            case SSL_ERROR_WANT_READ: return content
            case SSL_ERROR_ZERO_RETURN: return content + [.ended]
            default:
                let error = TLSError.queued("the peer broke off")
                // What is whole counts, whatever follows it.
                guard octets.isEmpty else { return content }
                throw error
            }
        }
    }

    /// Puts octets inside; `takeOutput` then has what to send.
    package func write(_ octets: [UInt8]) throws(TLSError) {
        guard !octets.isEmpty else { return }
        ERR_clear_error()
        var count = 0
        let status = unsafe octets.withUnsafeBytes { bytes in
            unsafe SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count)
        }
        guard status == 1, count == octets.count else { throw .queued("the peer broke off") }
    }

    /// Says that no more will come (close_notify), where there is somebody to tell.
    package func end() {
        guard isSecured else { return }
        ERR_clear_error()
        unsafe _ = SSL_shutdown(ssl)
        ERR_clear_error()
    }

    /// The octets for the peer that have gathered.
    package func takeOutput() -> [UInt8] {
        let count = unsafe BIO_ctrl_pending(output)
        guard count > 0 else { return [] }
        var octets = [UInt8](repeating: 0, count: count)
        let taken = unsafe octets.withUnsafeMutableBytes { room in
            unsafe BIO_read(output, room.baseAddress, CInt(room.count))
        }
        return Array(octets.prefix(max(0, Int(taken))))
    }
}
