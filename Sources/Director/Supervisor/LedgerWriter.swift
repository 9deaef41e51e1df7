import LinuxIO

/// A role's way of writing claims: it was given the open ledger and needs no access to files.
final class LedgerWriter {
    private let fd: OwnedFD
    /// Everything that is claimed, by this process or its predecessors.
    private(set) var claims: Set<Claim> = []
    /// A write failed, perhaps in the middle of a line.
    private var mayBeCutOff = false
    /// Makes nonsense of a line that was cut off, which might otherwise name something else, and ends it.
    private static let cut = " cut off\n"

    init(adopting fd: consuming OwnedFD) { self.fd = fd }

    /// What predecessors wrote.
    func inherit(_ claims: [Claim]) { self.claims.formUnion(claims) }

    /// Writes down what is not written down yet. It MUST return before the kernel is told; when it throws,
    /// the kernel MUST NOT be told.
    func claim(_ new: some Sequence<Claim>) throws(SystemError) {
        var seen: Set<Claim> = []
        let fresh = new.filter { !claims.contains($0) && seen.insert($0).inserted }
        guard !fresh.isEmpty else { return }
        try append(fresh.map(\.description))
        claims.formUnion(fresh)
    }

    /// Gives up what is claimed of `old`. To be called once the kernel has none of it and nothing configures
    /// it any more: what appears there later is somebody else's. When it throws, all of it is still claimed.
    func unclaim(_ old: some Sequence<Claim>) throws(SystemError) {
        var seen: Set<Claim> = []
        let gone = old.filter { claims.contains($0) && seen.insert($0).inserted }
        guard !gone.isEmpty else { return }
        try append(gone.map { "\(LedgerText.unclaim)\($0)" })
        claims.subtract(gone)
    }

    private func append(_ lines: [String]) throws(SystemError) {
        let text = lines.map { $0 + "\n" }.joined()
        var octets = Array(((mayBeCutOff ? Self.cut : "") + text).utf8)[...]
        mayBeCutOff = true
        try SystemError.naming("write down what is ours") { () throws(Errno) in
            while !octets.isEmpty {
                guard let count = try fd.write(octets) else { throw .wouldBlock }
                octets = octets.dropFirst(count)
            }
        }
        mayBeCutOff = false
    }
}
