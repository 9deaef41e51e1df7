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
