import COpenSSL

/// SHA-256 by the system's OpenSSL (FIPS 180-4).
package enum SHA256 {
    /// The 32 octets of the digest of `octets`; nil when OpenSSL refuses (a provider without SHA-256).
    package static func digest(of octets: [UInt8]) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let status = unsafe octets.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBufferPointer { buffer in
                unsafe EVP_Digest(
                    input.baseAddress, input.count, buffer.baseAddress, &length, EVP_sha256(), nil)
            }
        }
        return status == 1 && length == 32 ? output : nil
    }
}
