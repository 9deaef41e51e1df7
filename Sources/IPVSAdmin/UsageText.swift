/// What `-h` prints.
package enum UsageText {
    /// The page, for a program called `program`.
    package static func text(program: String) -> String {
        """
        Show and change the kernel's IPVS table, with the commands and options of ipvsadm 1.31.

        The command comes first, one of:
          \(program) -A|-E SERVICE [-s SCHEDULER] [-b FLAGS] [-p [SECONDS]] [-M MASK] [--pe NAME] [-o]
          \(program) -D SERVICE
          \(program) -a|-e SERVICE -r SERVER [-g|-i|-m] [-w WEIGHT] [-x UPPER] [-y LOWER] [TUNNEL]
          \(program) -d SERVICE -r SERVER
          \(program) -L [SERVICE | -c | --timeout | --daemon] [LISTING]
          \(program) -Z [SERVICE]
          \(program) -C
          \(program) -S [-n]
          \(program) -R
          \(program) --set TCP TCPFIN UDP
          \(program) --start-daemon master|backup [SYNC]
          \(program) --stop-daemon master|backup [--syncid ID]
          \(program) -h | -v


        """ + options
    }

    private static let options = """
        Commands:
          -A, --add-service      add a service
          -E, --edit-service     give a service new settings; what is not said becomes the default
          -D, --delete-service   remove a service and its servers
          -a, --add-server       add a server to a service
          -e, --edit-server      give a server new settings; what is not said becomes the default
          -d, --delete-server    remove a server
          -L, -l, --list         list services and servers; so does no command at all
          -Z, --zero             let counters begin again, of one service or of all
          -C, --clear            remove every service
          -S, --save             print the table as command lines
          -R, --restore          carry out command lines from the standard input: all are read first, and a
                                 mistake in one of them leaves everything as it is
          --set                  how long idle TCP connections, closing ones and UDP are kept, in seconds, at
                                 most 2678400; 0 leaves one as it is
          --start-daemon         start the sync thread that sends (master) or hears (backup)
          --stop-daemon          stop it
          -h, --help             this page
          -v, --version          the version

        SERVICE:
          -t, --tcp-service      ADDRESS:PORT, NAME:SERVICE or [IPV6]:PORT; without a port, -p is needed
          -u, --udp-service      the same for UDP
          --sctp-service         the same for SCTP
          -f, --fwmark-service   the packets that netfilter gave this mark, 1 to 4294967295
          -6, --ipv6             behind -f: IPv6 packets

        Settings of a service:
          -s, --scheduler        rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf; wlc unless said
          -b, --sched-flags      with commas: sh-fallback sh-port mh-fallback mh-port flag-1 flag-2 flag-3
          -p, --persistent       a client stays with its server for so many seconds; 360 unless said
          -M, --netmask          clients of one network count as one: a mask, for IPv6 a length
          --pe                   the persistence engine: sip
          -o, --ops              every packet is scheduled by itself (UDP and marks)

        Settings of a server:
          -r, --real-server      its address; the port is the service's unless said, and always but with -m
          -g, --gatewaying       direct routing, the default
          -i, --ipip             tunnel
          -m, --masquerading     network address translation
          -w, --weight           0 to 2147483647; 1 unless said, 0 gets no new connections
          -x, --u-threshold      so many connections are enough; 0 is no limit
          -y, --l-threshold      below so many it gets new ones again

        TUNNEL, with -i:
          --tun-type             ipip, gue or gre; ipip unless said
          --tun-port             the UDP port of gue, which it needs
          --tun-nocsum           without a checksum, the default (gue, gre)
          --tun-csum             with one (gue, gre)
          --tun-remcsum          with one that is made at the other end (gue)

        LISTING:
          -n, --numeric          addresses and ports rather than names
          -c, --connection       the connections
          --timeout              the timeouts
          --daemon               the sync threads
          --stats                with what was counted
          --rate                 with how much there is a second
          --thresholds           with -x and -y of each server
          --persistent-conn      with weights and the clients that are bound to a server
          --tun-info             with the tunnels
          -X, --exact            large numbers in full
          --nosort               in the kernel's order
          --sort                 the default
          --json                 everything there is to tell, as JSON

        SYNC:
          --mcast-interface      where datagrams are sent and heard; eth0 unless said
          --syncid               0 to 255; a backup with 0 hears every id
          --sync-maxlen          the longest datagram, 1 to 65507 octets
          --mcast-group          224.0.0.81 unless said
          --mcast-port           8848 unless said
          --mcast-ttl            1 unless said

        Exit status: 0; 1 when a listing cannot be had; 2 for options that make no sense, and without IPVS in
        the kernel; 255 for a command line that cannot be read, and when the kernel refuses.

        """
}
