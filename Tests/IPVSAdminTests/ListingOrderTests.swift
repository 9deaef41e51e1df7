import LoadBalancing
import NetTypes
import Testing

@testable import IPVSAdmin

@Suite struct ListingOrderTests {
    private func order(_ lines: String) throws -> [String] {
        ListingOrder.sorted(try Sample.table(lines)).map(\.settings.identity.description)
    }

    @Test func `addresses come before marks, IPv4 before IPv6, then protocol, address and port`() throws {
        #expect(
            try order(
                """
                -A -f 3 -6
                -A -u [::1]:53
                -A -f 3
                -A -t [::2]:80
                -A --sctp-service 10.0.0.1:5
                -A -t [::1]:80
                -A -u 10.0.0.1:53
                -A -t 10.0.0.10:80
                -A -f 2
                -A -t 10.0.0.2:443
                -A -t 10.0.0.2:80
                """) == [
                    "10.0.0.2:80/tcp", "10.0.0.2:443/tcp", "10.0.0.10:80/tcp", "10.0.0.1:53/udp",
                    "10.0.0.1:5/sctp", "[::1]:80/tcp", "[::2]:80/tcp", "[::1]:53/udp", "fwmark:2",
                    "fwmark:3", "fwmark:3/inet6",
                ])
    }

    @Test func `differences of 32 bits have a sign, as in ipvsadm`() throws {
        // From ipvsadm itself: 224.0.0.1, 0.0.0.0, 10.9.0.1; 0.0.0.1, 10.0.0.9, 127.0.0.1; mark -1 first.
        #expect(
            try order("-A -t 10.9.0.1:80\n-A -t 0.0.0.0:80\n-A -t 224.0.0.1:80") == [
                "224.0.0.1:80/tcp", "0.0.0.0:80/tcp", "10.9.0.1:80/tcp",
            ])
        #expect(
            try order("-A -t 127.0.0.1:80\n-A -t 10:80\n-A -t 0.0.0.1:80") == [
                "0.0.0.1:80/tcp", "0.0.0.10:80/tcp", "127.0.0.1:80/tcp",
            ])
        #expect(
            try order("-A -f 3\n-A -t 10.9.0.1:80\n-A -f 4294967295") == [
                "fwmark:4294967295", "10.9.0.1:80/tcp", "fwmark:3",
            ])
        #expect(
            try order("-A -t 10.0.0.1:80\n-A -t 192.168.0.1:80") == ["192.168.0.1:80/tcp", "10.0.0.1:80/tcp"])
    }

    @Test func `servers are sorted within their service`() throws {
        let table = try Sample.table(
            """
            -A -t 10.0.0.1:80
            -a -t 10.0.0.1:80 -r [::9]:80 -i
            -a -t 10.0.0.1:80 -r 10.0.0.10:80 -m
            -a -t 10.0.0.1:80 -r 10.0.0.9:81 -m
            -a -t 10.0.0.1:80 -r 10.0.0.9:80 -m
            """)
        #expect(
            ListingOrder.sorted(table).first?.destinations.map(\.destination.endpoint.description) == [
                "10.0.0.9:80", "10.0.0.9:81", "10.0.0.10:80", "[::9]:80",
            ])
    }

    @Test func `equal elements keep their order`() {
        let pairs = (0..<100).map { (key: Int32($0 % 7), place: $0) }
        let sorted = ListingOrder.mergeSorted(pairs) { $0.key - $1.key }
        #expect(sorted.map(\.key) == pairs.map(\.key).sorted())
        for (one, next) in zip(sorted, sorted.dropFirst()) where one.key == next.key {
            #expect(one.place < next.place)
        }
    }

    @Test func `every length is sorted`() {
        for count in 0..<40 {
            let numbers = (0..<count).map { Int32(($0 * 17 + 5) % 23) }
            #expect(ListingOrder.mergeSorted(numbers) { $0 - $1 } == numbers.sorted())
        }
    }
}
