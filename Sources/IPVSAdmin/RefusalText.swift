import LoadBalancing

extension AdminCommand {
    /// What was to be done, as it follows "cannot".
    package var purpose: String {
        switch self {
        case .change(.addService(let service)): "add service \(service.identity)"
        case .change(.editService(_, let service)): "change service \(service.identity)"
        case .change(.deleteService(let identity)): "remove service \(identity)"
        case .change(.addDestination(let server, let identity)):
            "add server \(server.endpoint) to \(identity)"
        case .change(.editDestination(_, let server, let identity)):
            "change server \(server.endpoint) of \(identity)"
        case .change(.deleteDestination(let endpoint, let identity)):
            "remove server \(endpoint) from \(identity)"
        case .clear: "clear the table"
        case .zero(let identity): "let the counters of \(identity?.description ?? "all services") begin again"
        case .list(let request): request.purpose
        case .save: "save the table"
        case .restore: "restore the table"
        case .setTimeouts: "set the timeouts"
        case .sync(.start(let thread, let daemon)): "start the \(thread) sync thread on \(daemon.interface)"
        case .sync(.stop(let thread)): "stop the \(thread) sync thread"
        case .help, .version: "tell about this program"
        }
    }

    /// What an error number, told by its symbol, means for this command; nil for one that speaks for itself.
    package func meaning(of errno: String) -> String? {
        switch (self, errno) {
        case (_, "EPERM"): "only root may, in the first user namespace"
        case (.zero, "ESRCH"), (.list, "ESRCH"): "there is no such service"
        case (.sync, "ESRCH"): "it does not run"
        case (.sync, "EEXIST"): "it runs already"
        case (.sync, "ENODEV"): "there is no such interface"
        case (.sync(.start), "EINVAL"): "servers of the other address family are in the table"
        default: nil
        }
    }
}

extension ListRequest {
    fileprivate var purpose: String {
        switch subject {
        case .services(let identity): "list \(identity.map { "service \($0)" } ?? "the services")"
        case .connections: "list the connections"
        case .timeouts: "list the timeouts"
        case .daemons: "list the sync threads"
        }
    }
}
