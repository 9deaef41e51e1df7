import ControlProtocol
import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping

/// The file in which the supervisor writes down what operators want of servers, for the daemon that comes
/// after it: JSON. Times are by the wall clock, in milliseconds since 1970.
enum OverrideFile {
    /// Of the form of the file. A daemon reads no other one.
    static let version = 1
    /// Octets that are read; as many overrides as there can be, with the longest texts, fit.
    static let limit = 16 << 20

    /// Why a file is not believed.
    struct Malformed: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    /// The text for overrides in a network namespace.
    static func text(_ list: [ServerOverride], namespace: String, _ times: ReportTimes) -> String {
        func date(_ instant: Instant) -> JSONValue {
            .integer(
                Int(
                    (Interval(nanoseconds: times.wall.nanoseconds) - (times.now - instant)).nanoseconds
                        / 1_000_000))
        }
        let lines = list.map { entry in
            let line: JSONValue = [
                "service": .string("\(entry.name.service)"), "server": .string("\(entry.name.server)"),
                "admin": .string(entry.order.admin),
                "weight": JSONValue(entry.order.weight) { .integer(Int($0)) }, "by": .string(entry.by),
                "reason": JSONValue(entry.reason) { .string($0) }, "since": date(entry.since),
                "until": JSONValue(entry.until) { date($0) },
            ]
            return JSONWriter.line(line)
        }
        let head = "{\"kind\": \"holdfast-overrides\", \"version\": \(version), "
        return head + "\"namespace\": \(JSONWriter.line(.string(namespace))), \"overrides\": [\n"
            + lines.joined(separator: ",\n") + "\n]}\n"
    }

    /// The overrides of a file of this network namespace; none of another one's. All of it must be as it is
    /// written here: half of it would bring servers back that are to stay out.
    static func overrides(
        in octets: [UInt8], namespace: String, _ times: ReportTimes
    ) throws(Malformed) -> [ServerOverride] {
        let value: JSONValue
        do throws(JSONReader.Malformed) {
            value = try JSONReader.read(octets[...])
        } catch {
            throw Malformed(description: "it stops being JSON at octet \(error.at)")
        }
        guard value["kind"] == "holdfast-overrides", let number = value["version"]?.integer,
            let home = value["namespace"]?.text, case .array(let lines)? = value["overrides"]
        else { throw Malformed(description: "it is no file of overrides") }
        guard number == version else {
            throw Malformed(description: "its form is \(number), and this daemon reads \(version)")
        }
        guard home == namespace else { return [] }
        guard lines.count <= ServerOverrides.limit else {
            throw Malformed(description: "it has more than \(ServerOverrides.limit) overrides")
        }
        var list: [ServerOverride] = []
        for (place, line) in lines.enumerated() {
            guard let entry = entry(line, times) else {
                throw Malformed(description: "its override \(place + 1) makes no sense")
            }
            list.append(entry)
        }
        return list
    }

    private static func entry(_ line: JSONValue, _ times: ReportTimes) -> ServerOverride? {
        let names = ["service", "server", "admin", "weight", "by", "reason", "since", "until"]
        guard line.members.map(\.name) == names,
            let service = line["service"]?.text.flatMap(ServiceIdentity.init),
            let server = line["server"]?.text.flatMap(Endpoint.init),
            let order = ServerOrder(admin: line["admin"]?.text, weight: line["weight"]),
            let by = line["by"]?.text, isShort(by), let since = instant(line["since"], times)
        else { return nil }
        let reason = line["reason"]?.text
        let until = instant(line["until"], times)
        guard (reason != nil) == (line["reason"] != .null), (until != nil) == (line["until"] != .null),
            isShort(reason ?? "")
        else { return nil }
        return ServerOverride(
            ServerName(service: service, server: server), order, by: by, reason: reason, since: since,
            until: until)
    }

    private static func isShort(_ text: String) -> Bool { text.utf8.count <= ServerOverride.textLimit }

    private static func instant(_ value: JSONValue?, _ times: ReportTimes) -> Instant? {
        guard let number = value?.integer else { return nil }
        let age = Interval(nanoseconds: times.wall.nanoseconds) - Interval.milliseconds(Int64(number))
        return times.now - age
    }
}

extension ServerOrder {
    /// What the server is to be, in one word: `drain`, `maint` or `ready`.
    var admin: String {
        switch self {
        case .drain: "drain"
        case .maintenance: "maint"
        case .weight: "ready"
        }
    }

    /// The weight that is asked for; nil where there is none.
    var weight: UInt32? { if case .weight(let weight) = self { weight } else { nil } }

    /// Reads the two; nil when they do not belong together.
    init?(admin: String?, weight: JSONValue?) {
        switch (admin, weight) {
        case ("drain", .null): self = .drain
        case ("maint", .null): self = .maintenance
        case ("ready", .integer(let number)):
            guard let number = Int32(exactly: number), let weight = UInt32(exactly: number) else {
                return nil
            }
            self = .weight(weight)
        default: return nil
        }
    }
}
