import COpenSSL

/// SHA-256 by the system's OpenSSL (FIPS 180-4).
package enum SHA256 {
    /// The 32 octets of the digest of `octets`; nil when OpenSSL refuses (a provider without SHA-256).
    package static func digest(of octets: [UInt8]) -> [UInt8]? {
        unsafe digested(octets, by: EVP_sha256(), count: 32)
    }
}

/// MD5 by the system's OpenSSL (RFC 1321): keepalived's page digests, not a protection from anybody.
package enum MD5 {
    /// The 16 octets of the digest of `octets`; nil when OpenSSL refuses (as under FIPS).
    package static func digest(of octets: [UInt8]) -> [UInt8]? {
        unsafe digested(octets, by: EVP_md5(), count: 16)
    }
}

/// HMAC-MD5 by the system's OpenSSL (RFC 2104, RFC 2403): what `auth_type AH` of VRRP demands.
package enum HMACMD5 {
    /// The 16 octets that belong to `octets` under `key`; nil when OpenSSL refuses (as under FIPS).
    package static func code(of octets: [UInt8], key: [UInt8]) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let isDone = unsafe key.withUnsafeBytes { key in
            unsafe octets.withUnsafeBufferPointer { input in
                unsafe output.withUnsafeMutableBufferPointer { buffer in
                    unsafe HMAC(
                        EVP_md5(), key.baseAddress, CInt(key.count), input.baseAddress, input.count,
                        buffer.baseAddress, &length) != nil
                }
            }
        }
        return isDone && length == 16 ? Array(output.prefix(16)) : nil
    }
}

private func digested(_ octets: [UInt8], by algorithm: OpaquePointer?, count: Int) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    let status = unsafe octets.withUnsafeBytes { input in
        unsafe output.withUnsafeMutableBufferPointer { buffer in
            unsafe EVP_Digest(input.baseAddress, input.count, buffer.baseAddress, &length, algorithm, nil)
        }
    }
    return status == 1 && length == UInt32(count) ? Array(output.prefix(count)) : nil
}
