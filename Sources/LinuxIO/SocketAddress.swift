import CLinux
import NetTypes

/// Room for an address that the C shim fills in.
struct AddressBuffer {
    private var octets = [UInt8](repeating: 0, count: 16)
    private var length = 0
    private var port: UInt16 = 0

    /// Runs one call that fills the buffer.
    mutating func fill(
        _ call: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>, UnsafeMutablePointer<UInt16>) ->
            CInt
    ) -> CInt {
        unsafe octets.withUnsafeMutableBufferPointer { unsafe call($0.baseAddress, &length, &port) }
    }

    /// The endpoint that was filled in; nil for a socket of another family.
    var endpoint: Endpoint? {
        if length == 4 {
            return Endpoint(.v4(IPv4Address(octets[0], octets[1], octets[2], octets[3])), port: port)
        }
        guard length == 16, let address = IPv6Address(octets: octets) else { return nil }
        return Endpoint(.v6(address), port: port)
    }
}

extension AddressFamily {
    /// AF_INET or AF_INET6.
    var number: CInt { self == .inet ? 2 : 10 }
}

extension Endpoint {
    /// Calls the C shim with the address in pieces.
    func passed(to call: (UnsafePointer<UInt8>?, Int, UInt16) -> CInt) -> CInt {
        unsafe address.octets.withUnsafeBufferPointer { unsafe call($0.baseAddress, $0.count, port) }
    }
}
