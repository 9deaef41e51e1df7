#define _GNU_SOURCE
#include "CLinux.h"

#include <string.h>
#include <time.h>

const char *hf_error_name(int number) { return strerrorname_np(number); }

const char *hf_error_text(int number) { return strerrordesc_np(number); }

static int64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t hf_clock_boottime(void) { return nanoseconds(CLOCK_BOOTTIME); }

int64_t hf_clock_monotonic(void) { return nanoseconds(CLOCK_MONOTONIC); }

int64_t hf_clock_realtime(void) { return nanoseconds(CLOCK_REALTIME); }
