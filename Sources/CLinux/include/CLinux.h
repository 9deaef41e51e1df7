// System calls that Swift's Glibc module lacks or makes awkward, behind prototypes of our own.
//
// Conventions:
// - A function that returns int or int64_t answers a negative error number (-EPERM) on failure, never sets errno.
// - Every descriptor made here is close-on-exec; sockets, pipes, signalfds and pidfds are also non-blocking.
// - An interrupted call (EINTR) is repeated, except for waiting, where it ends the wait with nothing ready.
// - An address is its octets in network order and their count, 4 or 16; a port is a host-order number.
// - Nothing here defines _GNU_SOURCE: that would change types that Swift's own modules have already seen.
#ifndef HOLDFAST_CLINUX_H
#define HOLDFAST_CLINUX_H

#include <stddef.h>
#include <stdint.h>

// MARK: errors, versions and clocks (errors.c)

/// "EPERM", or NULL for a number the C library does not know.
const char *hf_error_name(int number);
/// "Operation not permitted", or NULL.
const char *hf_error_text(int number);
/// The running C library's version: "2.36".
const char *hf_library_version(void);
/// Nanoseconds of CLOCK_BOOTTIME.
int64_t hf_clock_boottime(void);
/// Nanoseconds of CLOCK_MONOTONIC.
int64_t hf_clock_monotonic(void);
/// Nanoseconds of CLOCK_THREAD_CPUTIME_ID.
int64_t hf_clock_thread(void);
/// Nanoseconds since 1970 of CLOCK_REALTIME.
int64_t hf_clock_realtime(void);
/// 1 when something keeps CLOCK_REALTIME right (adjtimex(2)), 0 when nothing does; -errno.
int hf_clock_follows(void);
/// A descriptor that is readable after CLOCK_REALTIME was set or the machine was suspended; -errno.
int hf_clock_watch(void);

// MARK: waiting (loop.c)

enum { HF_READABLE = 1, HF_WRITABLE = 2, HF_HUNG_UP = 4, HF_FAILED = 8, HF_EDGE = 16 };

/// One ready descriptor: what the caller registered, and HF_ bits.
struct hf_ready {
    uint64_t data;
    uint32_t events;
};

void hf_sleep(int64_t nanoseconds);
int hf_epoll_open(void);
int hf_epoll_add(int epoll, int fd, uint32_t events, uint64_t data);
int hf_epoll_modify(int epoll, int fd, uint32_t events, uint64_t data);
int hf_epoll_remove(int epoll, int fd);
/// Waits for at most `timeout` nanoseconds (negative: for ever); the number of entries filled, at most `capacity`
/// and never more than 256. Without epoll_pwait2 (kernels before 5.11) the timeout is rounded up to milliseconds.
int hf_epoll_wait(int epoll, struct hf_ready *ready, int capacity, int64_t timeout);

/// Blocks `count` signals for this thread and opens a descriptor that delivers them.
int hf_signals_open(const int *signals, size_t count);
/// The next signal's number, with the sender's process id in `sender`; -EAGAIN when there is none.
int hf_signals_next(int fd, int *sender);
/// Ignores `signal` from now on (SIG_IGN).
int hf_signal_ignore(int signal);
int hf_signal_default(int signal);
int hf_kill(int pid, int signal);

// MARK: processes (process.c)

/// What to start. `arguments` and `environment` are NUL-terminated strings back to back.
struct hf_program {
    const char *path;
    const char *directory;  // NULL: the caller's
    const char *arguments;
    size_t argument_count;
    const char *environment;
    size_t environment_count;
    const int *sources;  // descriptor sources[i] becomes targets[i]; every other one is closed
    const int *targets;
    size_t descriptor_count;
    int new_group;    // non-zero: the child leads a process group of its own
    int new_session;  // non-zero: the child leads a session, and with it a group, of its own
};

/// Starts a child with default signal dispositions and an empty signal mask; its process id, and its pidfd in
/// `pidfd`. A child whose pidfd cannot be had is killed and reaped, and the call fails.
/// What a process took: processor time in nanoseconds, and the most memory it had resident, in octets.
struct hf_usage {
    int64_t processor_time;
    int64_t peak_memory;
};
int hf_spawn(const struct hf_program *program, int *pidfd);
/// Replaces this process image; returns only on failure. Descriptors, `new_group` and `new_session` are not looked at.
int hf_execute(const struct hf_program *program);
/// A descriptor that is readable once the process has ended.
int hf_pidfd_open(int pid);
int hf_pidfd_signal(int pidfd, int signal);
/// 0 while the child runs; 1 when it has ended: then `signalled` says whether by a signal and `value` is the signal
/// or the exit code, and `usage` what it and its reaped children took. Reaps it unless `keep`.
int hf_pidfd_status(int pidfd, int keep, int *signalled, int *value, struct hf_usage *usage);
/// The signal this process gets when its parent dies (PR_SET_PDEATHSIG); 0 for none.
int hf_set_parent_death_signal(int signal);
int hf_set_name(const char *name);

// MARK: sockets and pipes (sockets.c)

/// The type of a socket (SO_TYPE), or -errno.
int hf_socket_type(int fd);
int hf_socket(int family, int type, int protocol);
int hf_message_pair(int descriptors[2]);
/// Sends one message and a copy of `descriptor` with it.
int64_t hf_send_descriptor(int fd, const void *buffer, size_t size, int descriptor);
/// Receives one message, and in `descriptor` what came with it (close-on-exec), -1 for nothing.
int64_t hf_receive_descriptor(int fd, void *buffer, size_t size, int *descriptor);
int hf_stream_pair(int descriptors[2]);
int hf_pipe(int descriptors[2]);
int hf_set_blocking(int fd, int blocking);
/// 0 when connected at once, -EINPROGRESS when under way.
int hf_connect(int fd, const uint8_t *address, size_t length, uint16_t port);
/// Ends a connection by RST; the socket can be connected anew (connect(2), AF_UNSPEC).
int hf_disconnect(int fd);
int hf_bind(int fd, const uint8_t *address, size_t length, uint16_t port);
int hf_listen(int fd, int backlog);
/// Accepts one connection; the peer's address is written to `address` (16 octets of room).
int hf_accept(int fd, uint8_t *address, size_t *length, uint16_t *port);
int hf_local_address(int fd, uint8_t *address, size_t *length, uint16_t *port);
/// The pending error number of the socket (SO_ERROR) as a positive number, 0 for none.
int hf_socket_error(int fd);
int hf_set_option(int fd, int level, int option, int value);
int hf_bind_to_device(int fd, const char *name);
/// Makes close() send RST and leave no TIME_WAIT (SO_LINGER with zero).
int hf_reset_on_close(int fd);
int64_t hf_read(int fd, void *buffer, size_t size);
/// write(2) that answers -EPIPE without raising SIGPIPE.
int64_t hf_write(int fd, const void *buffer, size_t size);
/// recv(2) on a stream without blocking.
int64_t hf_receive(int fd, void *buffer, size_t size);
/// recv(2) of a datagram without blocking; a result above `size` tells that it was cut (MSG_TRUNC, which on TCP
/// would throw the data away).
int64_t hf_receive_datagram(int fd, void *buffer, size_t size);
/// send(2) without blocking and without SIGPIPE.
int64_t hf_send(int fd, const void *buffer, size_t size);
/// Writes one line without ever blocking: -EAGAIN when it would.
int64_t hf_write_now(int fd, const void *buffer, size_t size);
/// A non-blocking datagram socket connected to the local socket at `path`; `@name` is an abstract one.
int hf_local_datagram(const char *path);
/// A non-blocking stream socket connected to the local socket at `path`; -EAGAIN when its queue is full.
int hf_local_stream(const char *path);
/// A non-blocking stream socket that listens at `path`, which must not be there, with the permissions of `mode`.
int hf_local_listen(const char *path, uint32_t mode, int backlog);
/// Who connected (SO_PEERCRED, SO_PEERGROUPS): the number of groups filled in, the primary one first.
int hf_local_peer(int fd, int *process, uint32_t *user, uint32_t *groups, int capacity);

/// Joins `group`, of 4 or 16 octets, on interface `index`.
int hf_join_group(int fd, const uint8_t *group, size_t length, int index);
/// Sets the interface that multicast leaves by; `family` is the socket's.
int hf_multicast_interface(int fd, int family, int index);
/// Sends on a raw socket out of interface `index` with a chosen source address (IP_PKTINFO, IPV6_PKTINFO); both
/// addresses have `length` octets.
int64_t hf_send_from(int fd, const void *buffer, size_t size, const uint8_t *destination, const uint8_t *source,
                     size_t length, int index);

/// Where an IPv6 datagram came from and went to, and its hop limit; -1 when the kernel did not say.
struct hf_ipv6_info {
    uint8_t source[16];
    uint8_t destination[16];
    int hop_limit;
};

/// Asks for what `hf_receive_ipv6` tells.
int hf_ipv6_want_info(int fd);
/// recvmsg(2) of a raw IPv6 datagram, whose header the kernel keeps, without blocking; a result above `size` tells
/// that it was cut.
int64_t hf_receive_ipv6(int fd, void *buffer, size_t size, struct hf_ipv6_info *info);

// MARK: link layer (packet.c)

/// A packet socket for `ethertype` (0: receives nothing, 3: everything) bound to interface `index` (0: any).
int hf_packet_open(int ethertype, int index);
// Of ARP packets for IPv4 only those are received, cut to 64 octets, whose sender is one of `addresses` (host order).
// -E2BIG for more than 2000.
int hf_packet_accept_senders(int fd, const uint32_t *addresses, size_t count);
int64_t hf_packet_send(int fd, int index, const void *frame, size_t size);
/// One captured frame.
struct hf_frame_info {
    int64_t timestamp;  // kernel's CLOCK_REALTIME nanoseconds, 0 when not given
    int interface;
    int type;  // PACKET_HOST 0, PACKET_BROADCAST 1, PACKET_MULTICAST 2, PACKET_OTHERHOST 3, PACKET_OUTGOING 4
};
int64_t hf_packet_receive(int fd, void *buffer, size_t size, struct hf_frame_info *info);
/// The index of the interface called `name`.
int hf_interface_index(const char *name);
/// recv(2) on a netlink socket: the sender's port id goes to `port` (0: the kernel). A result above
/// `size` tells that the datagram was cut.
int64_t hf_netlink_receive(int fd, void *buffer, size_t size, uint32_t *port);
/// SO_RCVTIMEO and SO_SNDTIMEO.
int hf_set_timeouts(int fd, int64_t nanoseconds);

// MARK: memory of several processes (memory.c)

/// memfd_create(2) of `size` octets, all 0, sealed against another size.
int hf_shared_memory(const char *name, size_t size);
/// mmap(2) of such memory, shared, for reading and writing; `*error` when it returns NULL.
uint64_t *hf_map_shared(int fd, size_t size, int *error);
void hf_unmap(uint64_t *memory, size_t size);
/// A word is never seen half written, nor before those that were written earlier.
uint64_t hf_load_word(const uint64_t *memory, size_t index);
void hf_store_word(uint64_t *memory, size_t index, uint64_t value);

// MARK: privileges, scheduling, namespaces (authority.c)

/// Sets SCHED_RR at `priority` with SCHED_RESET_ON_FORK; 0 goes back to SCHED_OTHER.
int hf_set_real_time(int priority);
/// The scheduling policy in the low octet, with the reset-on-fork flag in bit 30.
int hf_get_policy(void);
/// RLIMIT_RTTIME in microseconds.
int hf_limit_real_time(uint64_t soft, uint64_t hard);
/// RLIMIT_RTPRIO, soft and hard, becomes 0.
int hf_forbid_real_time(void);
/// Raises or lowers the soft RLIMIT_NOFILE, at most to the hard one; the value reached.
int64_t hf_limit_descriptors(uint64_t soft);
/// mlockall(MCL_CURRENT | MCL_FUTURE), with MCL_ONFAULT when `on_fault`.
int hf_lock_memory(int on_fault);
/// malloc_trim(3): gives free memory of the heap back to the kernel.
void hf_release_free_memory(void);

int hf_set_keep_capabilities(int keep);
int hf_drop_bounding(int capability);
int hf_bounding_has(int capability);
int hf_clear_ambient(void);
int hf_set_no_new_privileges(void);
int hf_get_no_new_privileges(void);
int hf_set_groups(const uint32_t *groups, size_t count);
int hf_set_user(uint32_t user, uint32_t group);
int hf_set_capabilities(uint64_t effective, uint64_t permitted, uint64_t inheritable);
int hf_get_capabilities(uint64_t *effective, uint64_t *permitted, uint64_t *inheritable);
/// Looks a user up by name: 1 when found, 0 when there is none.
int hf_find_user(const char *name, uint32_t *user, uint32_t *group);
int hf_find_group(const char *name, uint32_t *group);
/// The supplementary groups of `name`; their number, at most `capacity`.
int hf_group_list(const char *name, uint32_t group, uint32_t *groups, int capacity);

enum { HF_NAMESPACE_NETWORK = 1, HF_NAMESPACE_MOUNT = 2, HF_NAMESPACE_UTS = 4 };
/// The number of the network namespace that sockets are made in (SO_NETNS_COOKIE, Linux 5.14).
int hf_namespace_cookie(uint64_t *cookie);
int hf_set_namespace(int fd, int kinds);
int hf_unshare(int kinds);

// MARK: files (files.c)

enum { HF_OPEN_READ = 0, HF_OPEN_APPEND = 1, HF_OPEN_NEW = 2, HF_OPEN_BOTH = 3 };
/// Opens for reading (non-blocking, so that a FIFO cannot hang us), for appending (made when absent), a file that
/// must not exist yet, or an existing one both ways. The last path component is never followed when it is a symbolic link and `no_follow`.
int hf_open(const char *path, int how, int no_follow, uint32_t mode);
/// Opens the FIFO at `path` for reading and writing, non-blocking; makes it when nothing is there, with that mode and,
/// unless `user` is negative, that owner; `made` tells. -EINVAL for anything that is no FIFO, a symbolic link too.
int hf_open_fifo(const char *path, uint32_t mode, int64_t user, int64_t group, int *made);
/// The kind of file: 'f' regular, 'l' symbolic link, 's' socket, 'd' directory, 'o' anything else; -ENOENT and so on.
int hf_file_kind(int fd);
/// The same of what is at `path`, no symbolic link followed.
int hf_path_kind(const char *path);
/// In octets; 0 where the file has none to tell.
int64_t hf_file_size(int fd);
int64_t hf_inode(const char *path);
/// Gives the open file `to` the owner, group and mode of the open file `from`.
int hf_copy_access(int from, int to);
struct hf_status {
    uint32_t mode, owner, group;
    int32_t is_directory;
};
/// What stat(2) says of a path; 0 or -errno.
int hf_file_status(const char *path, struct hf_status *status);
/// What a symbolic link names; octets filled, -EINVAL for what is none, -ENAMETOOLONG when it does not fit.
int64_t hf_read_link(const char *path, char *buffer, size_t size);
int hf_sync(int fd);
int hf_rename(const char *from, const char *to);
int hf_remove(const char *path);
int hf_remove_directory(const char *path);
int hf_make_directory(const char *path, uint32_t mode);
/// The names in a directory, each with a NUL after it, in the order of the file system; returns the octets filled,
/// -EFBIG when they do not fit.
int64_t hf_directory_names(const char *path, char *buffer, size_t size);
/// A variable of the environment, or NULL.
const char *hf_environment(const char *name);
int hf_host_name(char *buffer, size_t size);

#endif
