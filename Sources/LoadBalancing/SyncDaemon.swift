import NetTypes

/// `lvs_sync_daemon IF [INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group G]`: the kernel's connection-sync
/// threads.
package struct SyncDaemonConfiguration: Hashable, Sendable, Codable {
    /// The interface datagrams are sent and heard on.
    package var interface: String
    /// The vrrp_instance whose state decides between master and backup; nil runs both threads.
    package var instance: String?
    /// `id`, 0...255; default the instance's VRID, else 0. A backup with 0 accepts every id.
    package var syncID: UInt8
    /// `maxlen`, 1...65507; nil for the kernel's default.
    package var maximumLength: UInt16?
    /// `group`, default 224.0.0.81.
    package var group: IPAddress?
    /// `port`, default 8848.
    package var port: UInt16?
    /// `ttl`, 1...255, default 1.
    package var ttl: UInt8?

    /// A sync daemon setting.
    package init(
        interface: String, instance: String? = nil, syncID: UInt8 = 0, maximumLength: UInt16? = nil,
        group: IPAddress? = nil, port: UInt16? = nil, ttl: UInt8? = nil
    ) {
        self.interface = interface
        self.instance = instance
        self.syncID = syncID
        self.maximumLength = maximumLength
        self.group = group
        self.port = port
        self.ttl = ttl
    }
}
