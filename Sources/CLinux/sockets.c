#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static int checked(int result) { return result < 0 ? -errno : result; }

int hf_socket(int family, int type, int protocol) {
    return checked(socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
}

int hf_stream_pair(int descriptors[2]) {
    return checked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, descriptors));
}

int hf_message_pair(int descriptors[2]) {
    return checked(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, descriptors));
}

int hf_pipe(int descriptors[2]) { return checked(pipe2(descriptors, O_CLOEXEC | O_NONBLOCK)); }

int hf_set_blocking(int fd, int blocking) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -errno;
    return checked(fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK));
}

static socklen_t fill(struct sockaddr_storage *storage, const uint8_t *address, size_t length, uint16_t port) {
    memset(storage, 0, sizeof *storage);
    if (length == 4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        memcpy(&v4->sin_addr, address, 4);
        return sizeof *v4;
    }
    if (length == 16) {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        memcpy(&v6->sin6_addr, address, 16);
        return sizeof *v6;
    }
    return 0;
}

static void extract(const struct sockaddr_storage *storage, uint8_t *address, size_t *length, uint16_t *port) {
    *length = 0;
    *port = 0;
    if (storage->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)storage;
        memcpy(address, &v4->sin_addr, 4);
        *length = 4;
        *port = ntohs(v4->sin_port);
    } else if (storage->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)storage;
        memcpy(address, &v6->sin6_addr, 16);
        *length = 16;
        *port = ntohs(v6->sin6_port);
    }
}

int hf_connect(int fd, const uint8_t *address, size_t length, uint16_t port) {
    struct sockaddr_storage storage;
    socklen_t size = fill(&storage, address, length, port);
    if (size == 0) return -EAFNOSUPPORT;
    return checked(connect(fd, (struct sockaddr *)&storage, size));
}

int hf_disconnect(int fd) {
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    return checked(connect(fd, &nobody, sizeof nobody));
}

int hf_bind(int fd, const uint8_t *address, size_t length, uint16_t port) {
    struct sockaddr_storage storage;
    socklen_t size = fill(&storage, address, length, port);
    if (size == 0) return -EAFNOSUPPORT;
    return checked(bind(fd, (struct sockaddr *)&storage, size));
}

int hf_listen(int fd, int backlog) { return checked(listen(fd, backlog)); }

int hf_accept(int fd, uint8_t *address, size_t *length, uint16_t *port) {
    struct sockaddr_storage storage = {0};
    socklen_t size = sizeof storage;
    int connection;
    do connection = accept4(fd, (struct sockaddr *)&storage, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    while (connection < 0 && errno == EINTR);
    if (connection < 0) return -errno;
    extract(&storage, address, length, port);
    return connection;
}

int hf_local_address(int fd, uint8_t *address, size_t *length, uint16_t *port) {
    struct sockaddr_storage storage = {0};
    socklen_t size = sizeof storage;
    if (getsockname(fd, (struct sockaddr *)&storage, &size) < 0) return -errno;
    extract(&storage, address, length, port);
    return 0;
}

int hf_socket_error(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? -errno : error;
}

int hf_set_option(int fd, int level, int option, int value) {
    return checked(setsockopt(fd, level, option, &value, sizeof value));
}

int hf_bind_to_device(int fd, const char *name) {
    return checked(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name) + 1));
}

int hf_reset_on_close(int fd) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    return checked(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
}

// Repeats a transfer that a signal interrupted.
#define TRANSFER(call)                         \
    do {                                       \
        ssize_t count;                         \
        do count = (call);                     \
        while (count < 0 && errno == EINTR);   \
        return count < 0 ? -errno : count;     \
    } while (0)

int64_t hf_read(int fd, void *buffer, size_t size) { TRANSFER(read(fd, buffer, size)); }

static int64_t write_whole_call(int fd, const void *buffer, size_t size) { TRANSFER(write(fd, buffer, size)); }

int64_t hf_write(int fd, const void *buffer, size_t size) {
    // SIGPIPE is held back and, if this write raised it, taken away, so that no disposition of the process changes.
    sigset_t set, before, pending;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    sigpending(&pending);
    int was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, &before);
    int64_t result = write_whole_call(fd, buffer, size);
    if (result == -EPIPE && !was_pending) {
        struct timespec none = {0, 0};
        sigtimedwait(&set, NULL, &none);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

int64_t hf_receive(int fd, void *buffer, size_t size) { TRANSFER(recv(fd, buffer, size, MSG_DONTWAIT)); }

int64_t hf_receive_datagram(int fd, void *buffer, size_t size) {
    TRANSFER(recv(fd, buffer, size, MSG_DONTWAIT | MSG_TRUNC));
}

int hf_socket_type(int fd) {
    int type = 0;
    socklen_t size = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 ? -errno : type;
}

int64_t hf_send(int fd, const void *buffer, size_t size) {
    TRANSFER(send(fd, buffer, size, MSG_DONTWAIT | MSG_NOSIGNAL));
}

int64_t hf_write_now(int fd, const void *buffer, size_t size) {
    int64_t sent = hf_send(fd, buffer, size);
    if (sent != -ENOTSOCK) return sent;
    // Processes share a pipe: one that has room may be full a moment later, so only the kernel can tell.
    struct stat status;
    struct iovec part = {.iov_base = (void *)buffer, .iov_len = size};
    if (fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode)) {
        do sent = pwritev2(fd, &part, 1, -1, RWF_NOWAIT);
        while (sent < 0 && errno == EINTR);
        if (sent >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS)) return sent < 0 ? -errno : sent;
    }
    // A writable pipe takes PIPE_BUF (4096) octets whole and at once; callers keep lines below that.
    struct pollfd probe = {.fd = fd, .events = POLLOUT};
    int ready = poll(&probe, 1, 0);
    if (ready < 0) return -errno;
    if (!(probe.revents & POLLOUT)) return -EAGAIN;
    return hf_write(fd, buffer, size);
}

int hf_join_group(int fd, const uint8_t *group, size_t length, int index) {
    if (length == 16) {
        struct ipv6_mreq wanted = {.ipv6mr_interface = (unsigned)index};
        memcpy(&wanted.ipv6mr_multiaddr, group, 16);
        return checked(setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &wanted, sizeof wanted));
    }
    struct ip_mreqn request = {.imr_ifindex = index};
    memcpy(&request.imr_multiaddr, group, 4);
    return checked(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request));
}

int hf_multicast_interface(int fd, int family, int index) {
    if (family == AF_INET6)
        return checked(setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index));
    struct ip_mreqn request = {.imr_ifindex = index};
    return checked(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request));
}

// Sends with `info` beside it: IP_PKTINFO or IPV6_PKTINFO for the address and the interface to send from,
// SCM_RIGHTS for a descriptor; at most as large as the second.
static int64_t send_with_info(int fd, const void *buffer, size_t size, void *target, socklen_t target_size,
                              int level, int type, const void *info, size_t info_size) {
    struct iovec part = {.iov_base = (void *)buffer, .iov_len = size};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {
        .msg_name = target,
        .msg_namelen = target_size,
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.space,
        .msg_controllen = CMSG_SPACE(info_size),
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(info_size);
    memcpy(CMSG_DATA(header), info, info_size);
    TRANSFER(sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL));
}

int hf_ipv6_want_info(int fd) {
    int on = 1;
    int result = checked(setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on));
    return result < 0 ? result
                      : checked(setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on));
}

int64_t hf_receive_ipv6(int fd, void *buffer, size_t size, struct hf_ipv6_info *info) {
    memset(info, 0, sizeof *info);
    info->hop_limit = -1;
    struct sockaddr_in6 sender = {0};
    struct iovec part = {.iov_base = buffer, .iov_len = size};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int)) + 64];
    } control;
    ssize_t result;
    struct msghdr message;
    do {
        message = (struct msghdr){
            .msg_name = &sender,
            .msg_namelen = sizeof sender,
            .msg_iov = &part,
            .msg_iovlen = 1,
            .msg_control = control.space,
            .msg_controllen = sizeof control.space,
        };
        result = recvmsg(fd, &message, MSG_DONTWAIT | MSG_TRUNC);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return -errno;
    memcpy(info->source, &sender.sin6_addr, 16);
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != IPPROTO_IPV6) continue;
        if (header->cmsg_type == IPV6_PKTINFO) memcpy(info->destination, CMSG_DATA(header), 16);
        if (header->cmsg_type == IPV6_HOPLIMIT) memcpy(&info->hop_limit, CMSG_DATA(header), sizeof(int));
    }
    return result;
}

int64_t hf_send_from(int fd, const void *buffer, size_t size, const uint8_t *destination, const uint8_t *source,
                     size_t length, int index) {
    if (length == 16) {
        struct sockaddr_in6 target = {.sin6_family = AF_INET6, .sin6_scope_id = (unsigned)index};
        struct in6_pktinfo info = {.ipi6_ifindex = (unsigned)index};
        memcpy(&target.sin6_addr, destination, 16);
        memcpy(&info.ipi6_addr, source, 16);
        return send_with_info(fd, buffer, size, &target, sizeof target, IPPROTO_IPV6, IPV6_PKTINFO, &info,
                              sizeof info);
    }
    struct sockaddr_in target = {.sin_family = AF_INET};
    struct in_pktinfo info = {.ipi_ifindex = index};
    memcpy(&target.sin_addr, destination, 4);
    memcpy(&info.ipi_spec_dst, source, 4);
    return send_with_info(fd, buffer, size, &target, sizeof target, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
}

int64_t hf_send_descriptor(int fd, const void *buffer, size_t size, int descriptor) {
    return send_with_info(fd, buffer, size, NULL, 0, SOL_SOCKET, SCM_RIGHTS, &descriptor, sizeof descriptor);
}

static int64_t receive_message(int fd, struct msghdr *message) {
    TRANSFER(recvmsg(fd, message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC));
}

int64_t hf_receive_descriptor(int fd, void *buffer, size_t size, int *descriptor) {
    *descriptor = -1;
    struct iovec part = {.iov_base = buffer, .iov_len = size};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.space,
        .msg_controllen = sizeof control.space,
    };
    int64_t count = receive_message(fd, &message);
    if (count < 0) return count;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t length = header->cmsg_len - CMSG_LEN(0);
        // Padding leaves room for more than the one that is meant.
        for (size_t offset = 0; offset + sizeof(int) <= length; offset += sizeof(int)) {
            int one;
            memcpy(&one, CMSG_DATA(header) + offset, sizeof one);
            if (*descriptor < 0) *descriptor = one;
            else close(one);
        }
    }
    return count;
}
