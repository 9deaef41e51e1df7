import COpenSSL

/// What went wrong in TLS, in OpenSSL's words.
package struct TLSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `certificate verify failed: certificate has expired`.
    package let description: String

    /// An error with this text.
    package init(_ description: String) { self.description = description }

    /// The first entry of OpenSSL's queue of errors, which is emptied; `fallback` where there is none.
    static func queued(_ fallback: String) -> TLSError {
        let number = ERR_get_error()
        ERR_clear_error()
        guard number != 0, let text = unsafe ERR_reason_error_string(number) else {
            return TLSError(fallback)
        }
        return TLSError(unsafe String(cString: text))
    }
}

/// The settings that many client sessions share. Sessions may outlive it: OpenSSL counts its users.
@safe package final class TLSContext {
    let pointer: OpaquePointer
    let verifies: Bool

    /// For clients. With `verifies` a certificate must be valid and lead to one of the file `authorities`, or
    /// of the system's where that is nil; a file that cannot be read is an error. Without it any certificate
    /// and any version of TLS that OpenSSL still speaks will do.
    package init(verifies: Bool, authorities: String? = nil) throws(TLSError) {
        ERR_clear_error()
        guard let pointer = unsafe SSL_CTX_new(TLS_client_method()) else { throw .queued("no memory") }
        unsafe self.pointer = pointer
        self.verifies = verifies
        unsafe _ = hf_tls_set_oldest_version(pointer, verifies ? 1 : 0)
        unsafe SSL_CTX_set_verify(pointer, verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
        // Probes are short: no session is taken up again.
        guard verifies else { return }
        let status =
            if let authorities {
                unsafe SSL_CTX_load_verify_locations(pointer, authorities, nil)
            } else {
                unsafe SSL_CTX_set_default_verify_paths(pointer)
            }
        guard status == 1 else {
            throw TLSError("\(authorities ?? "the system's authorities"): \(TLSError.queued("unreadable"))")
        }
    }

    /// Shows `certificate` to servers that ask, and proves it with `key`: files of PEM, the first perhaps
    /// with the certificates that lead to it. `password` is what the key is encrypted with.
    package func identify(certificate: [UInt8], key: [UInt8], password: String?) throws(TLSError) {
        ERR_clear_error()
        let status = unsafe certificate.withUnsafeBytes { certificate in
            unsafe key.withUnsafeBytes { key in
                unsafe hf_tls_use_identity(
                    pointer, certificate.baseAddress, CInt(clamping: certificate.count), key.baseAddress,
                    CInt(clamping: key.count), password ?? "")
            }
        }
        switch status {
        case 1: return
        case -1: throw TLSError("certificate: \(TLSError.queued("unreadable"))")
        case -2: throw TLSError("key: \(TLSError.queued("unreadable"))")
        default: throw .queued("the key is not the certificate's")
        }
    }

    deinit { unsafe SSL_CTX_free(pointer) }
}
