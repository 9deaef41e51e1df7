import LinuxIO

/// Collects an agent's lines and writes them in one piece a turn of its loop.
struct AgentOutput: Hashable {
    private var octets: [UInt8] = []

    mutating func add(_ sighting: Sighting) {
        octets += sighting.line.utf8
        octets.append(UInt8(ascii: "\n"))
    }

    mutating func flush() {
        guard !octets.isEmpty else { return }
        StandardStream.write(octets, to: .standardOutput)
        octets.removeAll(keepingCapacity: true)
    }
}
