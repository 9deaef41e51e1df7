import Foundation
import LoadBalancing
import NetTypes
import Testing

@testable import IPVSAdmin

/// Words for the tests of this target.
enum Sample {
    /// The command of a line, its words between blanks; names are not known unless told.
    static func command(
        _ line: String, names: NameLookup = .none, isRestoring: Bool = false
    ) throws(CommandError) -> AdminCommand {
        try AdminCommand.parse(
            line.split(separator: " ").map(String.init), names: names, isRestoring: isRestoring)
    }

    /// What a line is refused with; nil when it is not.
    static func status(_ line: String, names: NameLookup = .none, isRestoring: Bool = false) -> Int32? {
        do throws(CommandError) {
            _ = try command(line, names: names, isRestoring: isRestoring)
            return nil
        } catch {
            return error.status
        }
    }

    /// A table as its command lines would make it, in the order of the lines.
    static func table(_ lines: String) throws -> [ServiceRecord] {
        var records: [ServiceRecord] = []
        for line in lines.split(separator: "\n") {
            switch try command(String(line)) {
            case .change(.addService(let service)): records.append(ServiceRecord(service))
            case .change(.addDestination(let destination, let identity)):
                let index = try #require(records.firstIndex { $0.settings.identity == identity })
                records[index].destinations.append(DestinationRecord(destination))
            default: Issue.record("\(line) adds nothing")
            }
        }
        return records
    }

    /// Some names, as a host may know them.
    static var names: NameLookup {
        NameLookup(
            address: { $0 == "localhost" ? IPv4Address(127, 0, 0, 1) : nil },
            port: { name, transport in
                switch (name, transport) {
                case ("http", .tcp): 80
                case ("domain", .tcp), ("domain", .udp): 53
                default: nil
                }
            },
            host: { $0 == .v4(IPv4Address(127, 0, 0, 1)) || $0 == IPAddress("::1") ? "localhost" : nil },
            service: { port, transport in
                switch (port, transport) {
                case (80, .tcp): "http"
                case (53, .tcp), (53, .udp): "domain"
                case (8080, .tcp): "http-alt"
                case (5060, .udp): "sip"
                case (5353, .udp): "mdns"
                default: nil
                }
            })
    }

    /// What ipvsadm 1.31 printed on Linux 6.1 when it had been given `everything`: a file of Golden.
    static func golden(_ name: String) throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        return try String(contentsOf: folder.appending(path: "Golden/\(name).txt"), encoding: .utf8)
    }

    /// One of everything.
    static let everything = """
        -A -t 10.9.0.100:80
        -A -t 10.9.0.100:81 -s sh -b sh-port,sh-fallback -p
        -A -t 10.9.0.100:82 -s mh -b mh-port -p 300 -M 255.255.255.0
        -A -t 10.9.0.100:0 -s rr -p
        -A -u 10.9.0.100:5060 -s rr -p 100 --pe sip -o
        -A -u 10.9.0.100:53 -s rr -o -b flag-1,flag-2,flag-3
        -A -u 10.9.0.100:54 -s sh -b flag-1,flag-3
        -A --sctp-service 10.9.0.100:90 -s wrr
        -A -f 3 -s rr
        -A -f 3 -6 -s rr -p 60 -M 64
        -A -t [2001:db8::64]:80 -s lc
        -A -t 2001:db8::65 -s lc -p 7
        -A -u [2001:db8::64]:53 -s lc -p 99 -M 128
        -a -t 10.9.0.100:80 -r 10.9.0.2
        -a -t 10.9.0.100:80 -r 10.9.0.3:80 -i -w 3
        -a -t 10.9.0.100:80 -r 10.9.0.4:8080 -m -w 70000 -x 100 -y 50
        -a -t 10.9.0.100:80 -r 10.9.0.5:8080 -g
        -a -t 10.9.0.100:80 -r 10.9.0.6 -i --tun-type gue --tun-port 6080
        -a -t 10.9.0.100:80 -r 10.9.0.7 -i --tun-type gue --tun-port 6080 --tun-csum
        -a -t 10.9.0.100:80 -r 10.9.0.8 -i --tun-type gue --tun-port 6080 --tun-remcsum
        -a -t 10.9.0.100:80 -r 10.9.0.9 -i --tun-type gre --tun-csum
        -a -t 10.9.0.100:80 -r 10.9.0.10 -i --tun-type gre
        -a -t 10.9.0.100:80 -r 10.9.0.1 -m
        -a -t 10.9.0.100:80 -r 2001:db8::9 -i
        -a -f 3 -r 10.9.0.2 -g -w 0
        -a -f 3 -6 -r 2001:db8::2 -g -w 0
        -a -f 3 -6 -r [2001:db8::2]:80 -m
        -a -t [2001:db8::64]:80 -r [2001:db8:1111:2222:3333:4444:5555:6666]:80 -g
        -a --sctp-service 10.9.0.100:90 -r 10.9.0.2 -m
        -a -u 10.9.0.100:53 -r 10.9.0.2 -m
        -a -u 10.9.0.100:53 -r 10.9.0.3:5353 -m -w 0
        """
}
