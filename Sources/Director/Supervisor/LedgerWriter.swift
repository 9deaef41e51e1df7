import LinuxIO

/// A role's way of writing claims: it was given the open ledger and needs no access to files.
final class LedgerWriter {
    private let fd: OwnedFD
    /// Everything that is written down, by this process or its predecessors.
    private(set) var claims: Set<Claim> = []

    init(adopting fd: consuming OwnedFD) { self.fd = fd }

    /// What predecessors wrote.
    func inherit(_ claims: [Claim]) { self.claims.formUnion(claims) }

    /// Writes down what is not written down yet. It MUST return before the kernel is told; when it throws,
    /// the kernel MUST NOT be told.
    func claim(_ new: some Sequence<Claim>) throws(SystemError) {
        var fresh: [Claim] = []
        for claim in new where !claims.contains(claim) && !fresh.contains(claim) { fresh.append(claim) }
        guard !fresh.isEmpty else { return }
        var octets = Array(fresh.map { "\($0)\n" }.joined().utf8)[...]
        try SystemError.naming("write down what is ours") { () throws(Errno) in
            while !octets.isEmpty {
                guard let count = try fd.write(octets) else { throw .wouldBlock }
                octets = octets.dropFirst(count)
            }
        }
        claims.formUnion(fresh)
    }
}
