#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <malloc.h>
#include <pwd.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SCHED_RESET_ON_FORK
#define SCHED_RESET_ON_FORK 0x40000000
#endif

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

static int checked(int result) { return result < 0 ? -errno : result; }

int hf_set_real_time(int priority) {
    struct sched_param parameters = {.sched_priority = priority};
    int policy = (priority > 0 ? SCHED_RR : SCHED_OTHER) | SCHED_RESET_ON_FORK;
    return checked(sched_setscheduler(0, policy, &parameters));
}

int hf_get_policy(void) { return checked(sched_getscheduler(0)); }

int hf_limit_real_time(uint64_t soft, uint64_t hard) {
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    return checked(setrlimit(RLIMIT_RTTIME, &limit));
}

int hf_forbid_real_time(void) {
    struct rlimit none = {0, 0};
    return checked(setrlimit(RLIMIT_RTPRIO, &none));
}

int64_t hf_limit_descriptors(uint64_t soft) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? -errno : (int64_t)limit.rlim_cur;
}

int hf_lock_memory(int on_fault) {
    // Once CAP_IPC_LOCK is dropped, a process under MCL_FUTURE gets no memory beyond this limit.
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    int result = checked(setrlimit(RLIMIT_MEMLOCK, &limit));
    if (result < 0) return result;
    return checked(mlockall(MCL_CURRENT | MCL_FUTURE | (on_fault ? MCL_ONFAULT : 0)));
}

void hf_release_free_memory(void) { (void)malloc_trim(0); }

int hf_set_keep_capabilities(int keep) { return checked(prctl(PR_SET_KEEPCAPS, (unsigned long)keep, 0, 0, 0)); }

int hf_drop_bounding(int capability) {
    return checked(prctl(PR_CAPBSET_DROP, (unsigned long)capability, 0, 0, 0));
}

int hf_bounding_has(int capability) {
    return checked(prctl(PR_CAPBSET_READ, (unsigned long)capability, 0, 0, 0));
}

int hf_clear_ambient(void) { return checked(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)); }

int hf_set_no_new_privileges(void) { return checked(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }

int hf_get_no_new_privileges(void) { return checked(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)); }

int hf_set_groups(const uint32_t *groups, size_t count) { return checked(setgroups(count, groups)); }

int hf_set_user(uint32_t user, uint32_t group) {
    if (setresgid(group, group, group) < 0) return -errno;
    return checked(setresuid(user, user, user));
}

int hf_set_capabilities(uint64_t effective, uint64_t permitted, uint64_t inheritable) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {(uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable},
        {(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), (uint32_t)(inheritable >> 32)},
    };
    return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

int hf_get_capabilities(uint64_t *effective, uint64_t *permitted, uint64_t *inheritable) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0) return -errno;
    *effective = (uint64_t)data[1].effective << 32 | data[0].effective;
    *permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
    *inheritable = (uint64_t)data[1].inheritable << 32 | data[0].inheritable;
    return 0;
}

int hf_find_user(const char *name, uint32_t *user, uint32_t *group) {
    struct passwd entry, *found = NULL;
    char buffer[16384];
    int error = getpwnam_r(name, &entry, buffer, sizeof buffer, &found);
    if (!found) return error == 0 || error == ENOENT || error == ESRCH ? 0 : -error;
    *user = entry.pw_uid;
    *group = entry.pw_gid;
    return 1;
}

int hf_find_group(const char *name, uint32_t *group) {
    struct group entry, *found = NULL;
    char buffer[16384];
    int error = getgrnam_r(name, &entry, buffer, sizeof buffer, &found);
    if (!found) return error == 0 || error == ENOENT || error == ESRCH ? 0 : -error;
    *group = entry.gr_gid;
    return 1;
}

int hf_group_list(const char *name, uint32_t group, uint32_t *groups, int capacity) {
    int count = capacity;
    if (getgrouplist(name, group, groups, &count) < 0) return -E2BIG;
    return count;
}

static int flags(int kinds) {
    int set = 0;
    if (kinds & HF_NAMESPACE_NETWORK) set |= CLONE_NEWNET;
    if (kinds & HF_NAMESPACE_MOUNT) set |= CLONE_NEWNS;
    if (kinds & HF_NAMESPACE_UTS) set |= CLONE_NEWUTS;
    return set;
}

int hf_namespace_cookie(uint64_t *cookie) {
    socklen_t size = sizeof *cookie;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int result = checked(getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &size));
    close(fd);
    return result;
}

int hf_set_namespace(int fd, int kinds) { return checked(setns(fd, flags(kinds))); }

int hf_unshare(int kinds) { return checked(unshare(flags(kinds))); }
