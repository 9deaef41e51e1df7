import ControlProtocol

/// Reads `holdfast status --json` of a director of a soak that should be well.
enum SoakStatus {
    /// What is not as it should be, the first of it; nil for nothing.
    static func trouble(_ status: JSONValue, of director: String) -> String? {
        let isMaster = director == LabPlan.directorA
        for role in status["roles"]?.elements ?? [] where role["state"]?.text != "running" {
            return "role \(role["role"]?.text ?? "?") is \(role["state"]?.text ?? "?")"
        }
        guard let instance = status["vrrp"]?.elements.first(where: { $0["name"]?.text == SoakFiles.instance })
        else { return "no \(SoakFiles.instance)" }
        let wanted = isMaster ? "master" : "backup"
        guard instance["state"]?.text == wanted else {
            return "\(SoakFiles.instance) is \(instance["state"]?.text ?? "?"), not \(wanted)"
        }
        for address in instance["vips"]?.elements ?? [] where address["present"] != .bool(isMaster) {
            return "\(address["address"]?.text ?? "?") is \(isMaster ? "not " : "")present"
        }
        let services = status["virtual_servers"]?.elements ?? []
        guard !services.isEmpty else { return "no virtual server" }
        for service in services {
            let name = service["id"]?.text ?? "?"
            guard service["present"] == .bool(true) else { return "\(name) is not all in the kernel's table" }
            guard service["state"]?.text == "up" else { return "\(name) is \(service["state"]?.text ?? "?")" }
        }
        return nil
    }
}
