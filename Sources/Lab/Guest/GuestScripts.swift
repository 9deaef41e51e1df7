/// What runs inside the guest before the command: process 1 of the initramfs, and the process 1 it becomes
/// on the host's files. Both are interpreted by the static busybox of the initramfs, so they depend on
/// nothing else.
package enum GuestScripts {
    /// Modules the initramfs loads (with their dependencies): the bus, the output ports and the shared files.
    package static let modules = ["virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay"]

    /// Where the guest keeps what belongs to the run; /run is a tmpfs of its own.
    package static let home = "/run/holdfast-guest"

    /// The first line that process 1 writes to the boot log: from here on a guest that ends has a reason of
    /// its own.
    static let started = "holdfast guest: process 1 runs"

    /// Loads modules, mounts the host's files read-only under a tmpfs overlay and changes the root to them.
    /// cache=loose is right because nobody changes the shared tree in ways the guest must notice while it
    /// runs; the writable shares are not cached.
    static let initialize = """
        #!/bin/busybox sh
        fail() { echo "holdfast guest: cannot $*"; /bin/busybox poweroff -f; sleep 9; }
        echo "\(started)"
        /bin/busybox mkdir -p /dev /proc /sys /host /upper /whole
        /bin/busybox --install -s /bin
        mount -t devtmpfs none /dev
        mount -t proc none /proc
        mount -t sysfs none /sys
        for name in $(cat /modules/order); do insmod "/modules/$name" || fail "load $name"; done
        options=trans=virtio,version=9p2000.L,msize=512000
        files() { mount -t 9p -o "$1,$options" "$2" "$3" || fail "mount $3"; }
        files ro,cache=loose host /host
        mount -t tmpfs -o size=75%,mode=755 upper /upper && mkdir /upper/files /upper/work
        mount -t overlay -o lowerdir=/host,upperdir=/upper/files,workdir=/upper/work overlay /whole \\
          || fail "mount the overlay"
        mkdir -p "/whole/lib/modules/$(uname -r)"
        files ro,cache=loose modules "/whole/lib/modules/$(uname -r)"
        mount -t tmpfs -o mode=755 run /whole/run
        mkdir -p /whole/run/lock \(home)
        mkdir -p /whole\(home)
        . /job
        shares
        cp /bin/busybox /job /command /supervise /whole\(home)/
        ln -s /proc/self/fd /dev/fd
        ln -s fd/0 /dev/stdin
        ln -s fd/1 /dev/stdout
        ln -s fd/2 /dev/stderr
        mkdir -p /dev/pts /dev/shm
        mount -t devpts -o ptmxmode=666 none /dev/pts
        mount -t tmpfs none /dev/shm
        for tree in dev proc sys; do mount --move "/$tree" "/whole/$tree"; done
        ip link set lo up
        hostname holdfast-guest
        exec switch_root /whole \(home)/busybox sh \(home)/supervise

        """

    /// Runs the command with its output on two virtio ports, reports its exit status behind the output, and
    /// stops the guest. Output passes through pipes so that /dev/stdout and /dev/stderr can be opened
    /// again; a process that the command left behind holds them open for a second at most.
    static let supervise = """
        home=\(home)
        bb() { $home/busybox "$@"; }
        . $home/job
        ( bb sleep $limit; bb poweroff -f ) >/dev/null 2>&1 &
        bb mkfifo $home/output $home/error
        for port in /dev/vport*p1; do output_port=$port; done
        for port in /dev/vport*p2; do error_port=$port; done
        bb cat $home/output >"$output_port" & output=$!
        bb cat $home/error >"$error_port" & error=$!
        bb setsid $home/busybox sh $home/command </dev/null >$home/output 2>$home/error
        status=$?
        ( bb sleep 1; kill $output $error ) 2>/dev/null &
        wait $output $error
        echo "$nonce $status" >"$output_port"
        echo "$nonce $status" >"$error_port"
        bb sleep 5
        bb poweroff -f

        """
}
