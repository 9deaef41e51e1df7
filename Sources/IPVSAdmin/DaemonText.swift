import LoadBalancing

/// The small listings: sync threads and timeouts, to the byte as ipvsadm(8) prints them.
package enum DaemonText {
    /// A line for each thread that runs.
    package static func text(_ state: SyncDaemonState) -> String {
        SyncThread.allCases.compactMap { thread in state[thread].map { line(thread, $0) } }.joined()
    }

    private static func line(_ thread: SyncThread, _ daemon: SyncDaemonConfiguration) -> String {
        var settings = ["mcast=\(daemon.interface)", "syncid=\(daemon.syncID)"]
        // Kernels before 4.3 tell no more.
        if let length = daemon.maximumLength { settings.append("maxlen=\(length)") }
        if let group = daemon.group { settings.append("group=\(group)") }
        if let port = daemon.port { settings.append("port=\(port)") }
        if let ttl = daemon.ttl { settings.append("ttl=\(ttl)") }
        return "\(thread) sync daemon (\(settings.joined(separator: ", ")))\n"
    }

    /// How long idle connections are kept, in seconds.
    package static func text(_ timeouts: [IPVSTimeout: UInt32]) -> String {
        let values = IPVSTimeout.allCases.map { String(timeouts[$0] ?? 0) }
        return "Timeout (tcp tcpfin udp): \(values.joined(separator: " "))\n"
    }
}
