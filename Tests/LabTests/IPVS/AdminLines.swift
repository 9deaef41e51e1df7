import SimulationKit

/// Command lines of ipvsadm, drawn from a seed: few names, so that most of them meet what others left.
struct AdminLines {
    private var dice: SeededGenerator

    init(seed: UInt64) { dice = SeededGenerator(seed: seed) }

    private static let services = [
        "-t 192.0.2.100:80", "-t 192.0.2.100:80", "-t 192.0.2.100:443", "-u 192.0.2.100:53", "-f 3",
        "-f 3 -6", "-f 2147483647", "-t [2001:db8::64]:80", "-u [2001:db8::64]:53",
        "--sctp-service 10.0.0.1:5", "-t 10.0.0.1", "-t 224.0.0.1:9", "-t 10.0.0.1:http",
        "-u localhost:domain", "-t 1:80",
    ]
    private static let servers = [
        "10.0.0.2", "10.0.0.2:80", "10.0.0.3:8080", "192.0.2.21", "192.0.2.22:81", "[2001:db8::21]:80",
        "2001:db8::22", "127.0.0.1:80", "10.0.0.2:0", "localhost:http", "224.0.0.5:80", "0.0.0.0:80",
        "bad",
    ]
    private static let schedulers = [
        "rr", "wrr", "lc", "wlc", "lblc", "dh", "sh", "mh", "sed", "nq", "fo", "ovf", "none", "nosuch",
    ]
    private static let serviceOptions = [
        "-p", "-p 50", "-p 2678400", "-p 0", "-M 255.255.255.0", "-M 64", "-o", "--pe sip",
        "--pe nosuch", "-b sh-port,sh-fallback", "-b mh-port", "-b flag-1,flag-2,flag-3", "-b nosuch",
        "-n", "-w 5", "extra",
    ]
    private static let serverOptions = [
        "-m", "-i", "-g", "-w 0", "-w 7", "-w 70000", "-w 2147483647", "-w -1", "-x 100", "-y 50",
        "-y 200", "-i --tun-type gue --tun-port 6080", "-i --tun-type gue --tun-port 6080 --tun-csum",
        "-i --tun-type gue --tun-port 6080 --tun-remcsum", "-i --tun-type gre --tun-csum",
        "-i --tun-type gre", "--tun-type gre", "-i --tun-type gue", "-s rr", "--nosuch",
    ]
    private static let others = [
        "-Z", "-C", "--set 900 120 300", "--set 0 60 0", "--set 1 2", "--stop-daemon backup",
        "--start-daemon master --mcast-interface eth0 --syncid 7", "--stop-daemon master",
        "--start-daemon backup --mcast-interface eth0 --mcast-group 224.1.2.3 --mcast-port 9999",
        "--start-daemon master --mcast-interface nosuch0", "--start-daemon backup --syncid 256", "-D",
        "-x",
    ]
    private static let listings = [
        "-Ln", "-L", "-Sn", "-S", "-Ln --nosort", "-Ln --stats", "-Ln --rate", "-Ln --thresholds",
        "-Ln --persistent-conn", "-Ln --tun-info", "-Lnc", "-L --timeout", "-L --daemon",
        "-Ln --stats --exact", "-L --tun-info", "-Ln -c --stats", "-Lnc --persistent-conn",
    ]

    private mutating func some(_ choices: [String], permille: Int) -> [String] {
        choices.filter { _ in dice.chance(permille: permille) }
    }

    /// A line that changes something, or tries to.
    mutating func change() -> String {
        let service = dice.pick(Self.services)
        switch dice.below(20) {
        case 0..<6:
            let scheduler = dice.chance(permille: 700) ? ["-s \(dice.pick(Self.schedulers))"] : []
            let options = some(Self.serviceOptions, permille: 60)
            return ([dice.chance(permille: 800) ? "-A" : "-E", service] + scheduler + options)
                .joined(separator: " ")
        case 6..<15:
            let options = some(Self.serverOptions, permille: 60)
            let command = dice.chance(permille: 800) ? "-a" : "-e"
            return ([command, service, "-r", dice.pick(Self.servers)] + options).joined(separator: " ")
        case 15..<17: return "-d \(service) -r \(dice.pick(Self.servers))"
        case 17: return "-D \(service)"
        case 18: return "-Z \(service)"
        default: return dice.pick(Self.others)
        }
    }

    /// A line that shows something.
    mutating func listing() -> String {
        dice.chance(permille: 150) ? "-Ln \(dice.pick(Self.services))" : dice.pick(Self.listings)
    }

    /// Lines that ipvsadm reads in ways of its own, or not at all.
    static let odd = [
        "-A", "-A -t", "-A -t 10.9.0.1", "-A -t 10.9.0.1:x", "-A -t 10.9.0.1:65536", "-A -t 10.9:80",
        "-A -t nosuch.invalid:80", "-A -f 0", "-A -f -1", "-A -f 4294967296", "-A -6 -f 7",
        "-A -t 10.9.0.1:80 -6", "-A -t 10.9.0.1:1 -u 10.9.0.1:2", "-A -t 10.9.0.1:1 extra",
        "-A -t 10.9.0.1:1 -D", "-t 10.9.0.1:1 -A", "-n -L", "-nL", "-Lnn", "-Lnc --exact", "-L -h",
        "-L -v", "foo", "foo -L", "-A -t 10.9.0.1:4 -p -1", "-A -t 10.9.0.1:6 -p300",
        "-A -t 10.9.0.1:8 --persistent=301", "-A -t 10.9.0.1:9 -p x", "-A -t 10.9.0.1:12 -p -M 24",
        "-A -t 10.9.0.1:14 -p -M 255.0.255.0", "-A -f 8 -6 -p -M 0", "-A -f 9 -p -M 64",
        "-A -f 10 -p -M 64 -6", "-A -M 255.255.0.0 -t 10.9.0.1:31 -p",
        "-A -M 255.255.0.0 -t [2001:db8::5]:31 -p", "-A -t 10.9.0.1:16 -b sh-port",
        "-A -t 10.9.0.1:18 -s sh -b sh-port,,sh-port", "-A -t 10.9.0.1:19 -b flag-1 -s mh",
        "-A -t 10.9.0.1:101 -s sh -b ,sh-port,", "-A --sctp-service 10.9.0.1:5 -o", "-A -f 33 -o",
        "-At10.9.0.1:93 -srr", "-At=10.9.0.1:95", "-at 10.9.0.1:93 -r10.9.0.2:94 -mw5",
        "-AEt 10.9.0.1:94", "-a -r 10.9.0.2:http -m -t 10.9.0.1:93", "-a -f 33 -r 10.9.0.3:8080 -g",
        "-a -f 33 -r 10.9.0.4:8080 -m", "-a -f 33 -r 10.9.0.4:http -m",
        "-a -t 10.9.0.1:93 -r 10.9.0.5:0 -m", "-a -t 10.9.0.1:93 -r 10.9.0.5:94",
        "-e -t 10.9.0.1:93 -r 10.9.0.2:94 -w 3", "-d -t 10.9.0.1:93 -r 10.9.0.5:94",
        "-d -t 10.9.0.1:93 -r 10.9.0.2:94", "-d -t 10.9.0.1:93 -r 10.9.0.5", "-A -t [10.9.0.1]:40",
        "-a -t 10.9.0.1:93 -r 2001:db8::9 -i", "-d -t 10.9.0.1:93 -r [2001:db8::9]:93",
        "-A -t 192.168.0.1:80", "-A -t 127.0.0.1:80", "-A -t 203.0.113.1:80", "-A -t 10.0.0.1:80",
        "-a -t 10.0.0.1:80 -r 192.168.0.1", "-a -t 10.0.0.1:80 -r 10.0.0.3",
        "-a -t 10.0.0.1:80 -r 203.0.113.2", "-A -t 1 -p", "-A -t [::1]:80", "-a -t [::1]:80 -r ::1",
        "--set -1 2 3", "--set 1 2 3 4", "--set 1", "--set 5 6 7", "--set", "--start-daemon",
        "--start-daemon foo", "--stop-daemon=foo", "-L --sort --sort", "-L --numeri", "-L --numeric=1",
        "-L --", "-L -- x", "--", "-", "-Z -n", "-S -t 10.9.0.1:80", "-R -n", "-L --rate --thresholds",
        "-L --persistent-conn --tun-info", "-L --timeout --persistent-conn", "-L -t 10.9.0.77:80",
        "-L --daemon -t 10.9.0.1:80", "-Z -t 10.9.0.77:80", "-C -n", "-L --timeout -c",
        "-A -f 40 -s averyveryverylongscheduler", "-A -f 41 -p --pe averyveryverylongengine",
        "--start-daemon master --mcast-interface averyveryverylonginterface",
    ]
}
