import ConfigModel
import ControlProtocol
import LinuxIO

/// Who may ask on the control socket, and who may act (`control_reader_group`, `control_admin_group`).
struct ControlAccess: Hashable {
    /// Members of this group may act; nil when there is no such group.
    private(set) var admin: UInt32?
    /// Members of this group may look.
    private(set) var reader: UInt32?
    /// Why a group cannot be used, one line each.
    private(set) var refusals: [String] = []

    /// root alone.
    init() {}

    /// Looks up the groups of `configuration`: at start and at each reload, since a name service may take its
    /// time. A group that is not there gives nobody anything.
    init(
        _ global: GlobalDefinitions,
        find: (String) throws -> UInt32? = { name throws in try UserAccount.group(name) }
    ) {
        admin = look(for: global.controlAdminGroup, find)
        reader = look(for: global.controlReaderGroup, find)
    }

    private mutating func look(for name: String?, _ find: (String) throws -> UInt32?) -> UInt32? {
        guard let name else { return nil }
        do {
            if let group = try find(name) { return group }
            refusals.append("there is no group \(name)")
        } catch {
            refusals.append("\(error)")
        }
        return nil
    }

    /// What somebody may do; nil for nothing.
    func right(of peer: LocalPeer) -> ControlRight? {
        if peer.user == 0 { return .act }
        if let admin, peer.groups.contains(admin) { return .act }
        if let reader, peer.groups.contains(reader) { return .look }
        return nil
    }

    /// The permissions of the socket: where only root may ask, the kernel turns everybody else away.
    var mode: UInt32 { admin == nil && reader == nil ? 0o600 : 0o666 }
}
