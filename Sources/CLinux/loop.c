#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

enum { BATCH = 256 };

int hf_epoll_open(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int control(int epoll, int operation, int fd, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = 0, .data.u64 = data};
    if (events & HF_READABLE) event.events |= EPOLLIN | EPOLLRDHUP;
    if (events & HF_WRITABLE) event.events |= EPOLLOUT;
    if (events & HF_EDGE) event.events |= EPOLLET;
    return epoll_ctl(epoll, operation, fd, &event) < 0 ? -errno : 0;
}

int hf_epoll_add(int epoll, int fd, uint32_t events, uint64_t data) {
    return control(epoll, EPOLL_CTL_ADD, fd, events, data);
}

int hf_epoll_modify(int epoll, int fd, uint32_t events, uint64_t data) {
    return control(epoll, EPOLL_CTL_MOD, fd, events, data);
}

int hf_epoll_remove(int epoll, int fd) { return control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

static int wait_once(int epoll, struct epoll_event *events, int capacity, int64_t timeout) {
    static int lacks_pwait2;
    if (!lacks_pwait2) {
        // The kernel's struct __kernel_timespec: two 64-bit members on every architecture.
        struct {
            int64_t seconds, nanoseconds;
        } limit = {timeout / 1000000000, timeout % 1000000000};
        long count =
            syscall(SYS_epoll_pwait2, epoll, events, capacity, timeout < 0 ? NULL : &limit, NULL, (size_t)0);
        if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return (int)count;
        lacks_pwait2 = 1;  // an old kernel, or a seccomp filter that is older than the call
    }
    int64_t milliseconds = timeout < 0 ? -1 : timeout / 1000000 + (timeout % 1000000 != 0);
    return epoll_wait(epoll, events, capacity, milliseconds > 86400000 ? 86400000 : (int)milliseconds);
}

int hf_epoll_wait(int epoll, struct hf_ready *ready, int capacity, int64_t timeout) {
    struct epoll_event events[BATCH];
    int count = wait_once(epoll, events, capacity < BATCH ? capacity : BATCH, timeout);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        uint32_t bits = events[i].events, seen = 0;
        if (bits & EPOLLIN) seen |= HF_READABLE;
        if (bits & EPOLLOUT) seen |= HF_WRITABLE;
        if (bits & (EPOLLHUP | EPOLLRDHUP)) seen |= HF_HUNG_UP;
        if (bits & EPOLLERR) seen |= HF_FAILED;
        ready[i].data = events[i].data.u64;
        ready[i].events = seen;
    }
    return count;
}

int hf_signals_open(const int *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < count; i++)
        if (sigaddset(&set, signals[i]) < 0) return -errno;
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) return -errno;
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int hf_signals_next(int fd, int *sender) {
    struct signalfd_siginfo info;
    ssize_t count;
    do count = read(fd, &info, sizeof info);
    while (count < 0 && errno == EINTR);
    if (count < 0) return -errno;
    if (count != sizeof info) return -EIO;
    *sender = (int)info.ssi_pid;
    return (int)info.ssi_signo;
}

int hf_signal_ignore(int signal_number) { return signal(signal_number, SIG_IGN) == SIG_ERR ? -errno : 0; }

int hf_signal_default(int signal_number) { return signal(signal_number, SIG_DFL) == SIG_ERR ? -errno : 0; }

int hf_kill(int pid, int signal_number) { return kill(pid, signal_number) < 0 ? -errno : 0; }

void hf_sleep(int64_t nanoseconds) {
    struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    nanosleep(&time, NULL);
}
