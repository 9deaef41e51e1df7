#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

const char *hf_error_name(int number) { return strerrorname_np(number); }

const char *hf_error_text(int number) { return strerrordesc_np(number); }

const char *hf_library_version(void) { return gnu_get_libc_version(); }

static int64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t hf_clock_boottime(void) { return nanoseconds(CLOCK_BOOTTIME); }

int64_t hf_clock_monotonic(void) { return nanoseconds(CLOCK_MONOTONIC); }

int64_t hf_clock_thread(void) { return nanoseconds(CLOCK_THREAD_CPUTIME_ID); }

int64_t hf_clock_realtime(void) { return nanoseconds(CLOCK_REALTIME); }

int hf_clock_follows(void) {
    struct timex now = {0};
    int state = adjtimex(&now);
    return state < 0 ? -errno : state != TIME_ERROR && !(now.status & STA_UNSYNC);
}

int hf_clock_watch(void) {
    int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (fd < 0) return -errno;
    // Never due by itself.
    struct itimerspec never = {.it_value = {.tv_sec = INT64_MAX / 1000000000}};
    if (timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) == 0) return fd;
    int error = errno;
    close(fd);
    return -error;
}
