#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int hf_packet_open(int ethertype, int index) {
    // Opened without a protocol, so that no frame of another interface slips in before bind() narrows it.
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    int on = 1;
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET,
        .sll_protocol = htons((uint16_t)ethertype),
        .sll_ifindex = index,
    };
    if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int64_t hf_packet_send(int fd, int index, const void *frame, size_t size) {
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = index, .sll_halen = 6};
    if (size < 14) return -EINVAL;
    memcpy(address.sll_addr, frame, 6);
    memcpy(&address.sll_protocol, (const uint8_t *)frame + 12, 2);
    ssize_t count;
    do count = sendto(fd, frame, size, MSG_DONTWAIT, (struct sockaddr *)&address, sizeof address);
    while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
}

int64_t hf_packet_receive(int fd, void *buffer, size_t size, struct hf_frame_info *info) {
    struct sockaddr_ll address = {0};
    struct iovec part = {.iov_base = buffer, .iov_len = size};
    union {
        struct cmsghdr header;
        char space[256];
    } control;
    struct msghdr message = {
        .msg_name = &address,
        .msg_namelen = sizeof address,
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.space,
        .msg_controllen = sizeof control.space,
    };
    ssize_t count;
    do count = recvmsg(fd, &message, MSG_DONTWAIT | MSG_TRUNC);
    while (count < 0 && errno == EINTR);
    if (count < 0) return -errno;
    info->timestamp = 0;
    info->interface = address.sll_ifindex;
    info->type = address.sll_pkttype;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SO_TIMESTAMPNS) continue;
        struct timespec stamp;
        memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
        info->timestamp = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
    }
    return count;
}

int hf_packet_accept_senders(int fd, const uint32_t *addresses, size_t count) {
    enum { limit = 2000, sender = 28 };  // ar_sip of an ARP packet for Ethernet and IPv4, behind the header
    struct sock_filter code[2 * limit + 2];
    unsigned short length = 0;
    if (count > limit) return -E2BIG;
    code[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, sender);
    for (size_t place = 0; place < count; place++) {
        code[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, addresses[place], 0, 1);
        code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 64);
    }
    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
    struct sock_fprog program = {.len = length, .filter = code};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0 ? -errno : 0;
}

int hf_interface_index(const char *name) {
    unsigned index = if_nametoindex(name);
    return index == 0 ? -errno : (int)index;
}

int64_t hf_netlink_receive(int fd, void *buffer, size_t size, uint32_t *port) {
    struct sockaddr_nl address = {0};
    socklen_t length = sizeof address;
    ssize_t count;
    do count = recvfrom(fd, buffer, size, MSG_TRUNC, (struct sockaddr *)&address, &length);
    while (count < 0 && errno == EINTR);
    if (count < 0) return -errno;
    *port = address.nl_pid;
    return count;
}

int hf_set_timeouts(int fd, int64_t nanoseconds) {
    struct timeval limit = {.tv_sec = nanoseconds / 1000000000, .tv_usec = nanoseconds % 1000000000 / 1000};
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0) return -errno;
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0 ? -errno : 0;
}
