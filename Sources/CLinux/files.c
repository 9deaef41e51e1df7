#define _GNU_SOURCE
#include "CLinux.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int hf_open(const char *path, int how, int no_follow, uint32_t mode) {
    int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (no_follow ? O_NOFOLLOW : 0);
    switch (how) {
    case HF_OPEN_READ: flags |= O_RDONLY; break;
    case HF_OPEN_APPEND: flags |= O_WRONLY | O_APPEND | O_CREAT; break;
    case HF_OPEN_NEW: flags |= O_WRONLY | O_CREAT | O_EXCL; break;
    default: flags = (flags & ~O_NONBLOCK) | O_RDWR; break;
    }
    int fd;
    do fd = open(path, flags, (mode_t)mode);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) return -errno;
    // The umask has been applied; the mode that was asked for is the mode that counts.
    if (how == HF_OPEN_NEW && fchmod(fd, (mode_t)mode) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

static int kind(mode_t mode) {
    if (S_ISREG(mode)) return 'f';
    if (S_ISLNK(mode)) return 'l';
    if (S_ISSOCK(mode)) return 's';
    return S_ISDIR(mode) ? 'd' : 'o';
}

int hf_file_kind(int fd) {
    struct stat status;
    return fstat(fd, &status) < 0 ? -errno : kind(status.st_mode);
}

int hf_path_kind(const char *path) {
    struct stat status;
    return lstat(path, &status) < 0 ? -errno : kind(status.st_mode);
}

int hf_open_fifo(const char *path, uint32_t mode, int64_t user, int64_t group, int *made) {
    struct stat status;
    *made = mkfifo(path, 0600) == 0;
    if (!*made && errno != EEXIST) return -errno;
    // Only a FIFO is opened: opening a device may do something.
    if (lstat(path, &status) < 0) return -errno;
    if (!S_ISFIFO(status.st_mode)) return -EINVAL;
    int fd;
    do fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) return -errno;
    int error = 0;
    if (fstat(fd, &status) < 0) error = errno;
    else if (!S_ISFIFO(status.st_mode)) error = EINVAL;
    else if (*made && user >= 0 && fchown(fd, (uid_t)user, (gid_t)group) < 0) error = errno;
    else if (*made && fchmod(fd, (mode_t)mode) < 0) error = errno;
    if (!error) return fd;
    close(fd);
    return -error;
}

int64_t hf_file_size(int fd) {
    struct stat status;
    return fstat(fd, &status) < 0 || status.st_size < 0 ? 0 : (int64_t)status.st_size;
}

int64_t hf_inode(const char *path) {
    struct stat status;
    return stat(path, &status) < 0 ? -errno : (int64_t)status.st_ino;
}

int hf_copy_access(int from, int to) {
    struct stat status;
    if (fstat(from, &status) < 0) return -errno;
    // The owner first: changing it takes the set-user bits away.
    if (fchown(to, status.st_uid, status.st_gid) < 0) return -errno;
    return fchmod(to, status.st_mode & 07777) < 0 ? -errno : 0;
}

int hf_file_status(const char *path, struct hf_status *status) {
    struct stat found;
    if (stat(path, &found) < 0) return -errno;
    status->mode = found.st_mode & 07777;
    status->owner = found.st_uid;
    status->group = found.st_gid;
    status->is_directory = S_ISDIR(found.st_mode);
    return 0;
}

int64_t hf_read_link(const char *path, char *buffer, size_t size) {
    ssize_t length = readlink(path, buffer, size);
    return length < 0 ? -errno : (size_t)length == size ? -ENAMETOOLONG : length;
}

int hf_sync(int fd) { return fsync(fd) < 0 ? -errno : 0; }

int hf_rename(const char *from, const char *to) { return rename(from, to) < 0 ? -errno : 0; }

int hf_remove_directory(const char *path) { return rmdir(path) < 0 ? -errno : 0; }

int hf_remove(const char *path) { return unlink(path) < 0 ? -errno : 0; }

int hf_make_directory(const char *path, uint32_t mode) {
    if (mkdir(path, (mode_t)mode) < 0) return -errno;
    return chmod(path, (mode_t)mode) < 0 ? -errno : 0;
}

int hf_host_name(char *buffer, size_t size) {
    if (gethostname(buffer, size) < 0) return -errno;
    buffer[size - 1] = 0;
    return 0;
}

int64_t hf_directory_names(const char *path, char *buffer, size_t size) {
    DIR *directory = opendir(path);
    if (!directory) return -errno;
    size_t used = 0;
    int64_t result = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(directory);
        if (!entry) {
            result = errno ? -errno : (int64_t)used;
            break;
        }
        size_t length = strlen(entry->d_name) + 1;
        if (length > size - used) {
            result = -EFBIG;
            break;
        }
        memcpy(buffer + used, entry->d_name, length);
        used += length;
    }
    closedir(directory);
    return result;
}

const char *hf_environment(const char *name) { return getenv(name); }
