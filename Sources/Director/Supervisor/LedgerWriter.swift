import LinuxIO

/// A role's way of writing claims: it was given the open ledger and needs no access to files.
final class LedgerWriter {
    private let fd: OwnedFD
    /// Everything that is claimed, by this process or its predecessors.
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
        try append(fresh.map(\.description))
        claims.formUnion(fresh)
    }

    /// Gives up what is claimed of `old`. To be called once the kernel has none of it and nothing configures
    /// it any more: what appears there later is somebody else's. When it throws, all of it is still claimed.
    func unclaim(_ old: some Sequence<Claim>) throws(SystemError) {
        var gone: [Claim] = []
        for claim in old where claims.contains(claim) && !gone.contains(claim) { gone.append(claim) }
        guard !gone.isEmpty else { return }
        try append(gone.map { "\(LedgerText.unclaim)\($0)" })
        claims.subtract(gone)
    }

    private func append(_ lines: [String]) throws(SystemError) {
        var octets = Array(lines.map { $0 + "\n" }.joined().utf8)[...]
        try SystemError.naming("write down what is ours") { () throws(Errno) in
            while !octets.isEmpty {
                guard let count = try fd.write(octets) else { throw .wouldBlock }
                octets = octets.dropFirst(count)
            }
        }
    }
}
