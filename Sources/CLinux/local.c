#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// "@name" is the abstract socket "name": a NUL in front and none behind. 0 when the path does not fit.
static socklen_t fill_local(struct sockaddr_un *address, const char *path) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof address->sun_path) return 0;
    memcpy(address->sun_path, path, length);
    int abstract = path[0] == '@';
    if (abstract) address->sun_path[0] = 0;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (abstract ? 0 : 1));
}

static int connect_local(const char *path, int type) {
    struct sockaddr_un address;
    socklen_t size = fill_local(&address, path);
    if (size == 0) return -ENAMETOOLONG;
    int fd = hf_socket(AF_UNIX, type, 0);
    if (fd < 0) return fd;
    if (connect(fd, (struct sockaddr *)&address, size) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int hf_local_datagram(const char *path) { return connect_local(path, SOCK_DGRAM); }

int hf_local_stream(const char *path) { return connect_local(path, SOCK_STREAM); }

int hf_local_listen(const char *path, uint32_t mode, int backlog) {
    struct sockaddr_un address;
    socklen_t size = fill_local(&address, path);
    if (size == 0) return -ENAMETOOLONG;
    int fd = hf_socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0) return fd;
    // The file gets its mode when it is made: there is no moment at which others may connect.
    mode_t before = umask(0777 & ~mode);
    int result = bind(fd, (struct sockaddr *)&address, size) < 0 ? -errno : 0;
    umask(before);
    if (result == 0) result = hf_listen(fd, backlog);
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

int hf_local_peer(int fd, int *process, uint32_t *user, uint32_t *groups, int capacity) {
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0) return -errno;
    if (capacity < 1) return -EINVAL;
    *process = credentials.pid;
    *user = credentials.uid;
    groups[0] = credentials.gid;
    size = (socklen_t)((size_t)(capacity - 1) * sizeof *groups);
    // Somebody with more groups than fit has the first one only, which takes rights and gives none.
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups + 1, &size) < 0) return 1;
    return 1 + (int)(size / sizeof *groups);
}

int64_t hf_send_descriptor(int fd, const void *buffer, size_t size, int descriptor) {
    struct iovec part = {.iov_base = (void *)buffer, .iov_len = size};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.space,
        .msg_controllen = sizeof control.space,
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    ssize_t count;
    do count = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
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
    ssize_t count;
    do count = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    if (count < 0) return -errno;
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
