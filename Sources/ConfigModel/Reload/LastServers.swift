import LoadBalancing

extension Configuration {
    /// What a reload of `new` would leave nobody to serve, as a sentence; nil when somebody stays, or nobody
    /// serves now. Such a file is more often a mistake than a wish, and is refused unless it is confirmed.
    package func emptying(by new: Configuration) -> String? {
        let servers = virtualServers.reduce(0) { $0 + $1.serving }
        guard servers > 0, new.virtualServers.allSatisfy({ $0.serving == 0 }) else { return nil }
        return new.virtualServers.isEmpty
            ? "it has none of the \(virtualServers.count) virtual servers in force, which would all go"
            : "it has no real server of a weight above 0, and the one in force has \(servers)"
    }
}

extension VirtualServer {
    /// How many of its real servers get connections when they are up.
    fileprivate var serving: Int { realServers.count { $0.weight > 0 } }
}
