#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

// A NULL-terminated vector of pointers into `strings`; to be freed by the caller.
static char **vector(const char *strings, size_t count) {
    char **list = calloc(count + 1, sizeof *list);
    if (!list) return NULL;
    for (size_t i = 0; i < count; i++) {
        list[i] = (char *)strings;
        strings += strlen(strings) + 1;
    }
    return list;
}

static int prepare(posix_spawnattr_t *attributes, const struct hf_program *program) {
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (program->new_session) flags |= POSIX_SPAWN_SETSID;
    if (!error && program->new_group && !program->new_session) {
        flags |= POSIX_SPAWN_SETPGROUP;
        error = posix_spawnattr_setpgroup(attributes, 0);
    }
    return error ? error : posix_spawnattr_setflags(attributes, flags);
}

// Moves copies[i] to targets[i] and closes everything else. The copies lie above every target, so that no move
// can overwrite a source that is still to be moved.
static int arrange(posix_spawn_file_actions_t *actions, const int *copies, const struct hf_program *program) {
    int highest = -1, error = 0;
    for (size_t i = 0; i < program->descriptor_count && !error; i++) {
        error = posix_spawn_file_actions_adddup2(actions, copies[i], program->targets[i]);
        if (program->targets[i] > highest) highest = program->targets[i];
    }
    for (int fd = 0; fd < highest && !error; fd++) {
        int wanted = 0;
        for (size_t i = 0; i < program->descriptor_count; i++) wanted |= program->targets[i] == fd;
        if (!wanted) error = posix_spawn_file_actions_addclose(actions, fd);
    }
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, highest + 1);
    if (!error && program->directory) error = posix_spawn_file_actions_addchdir_np(actions, program->directory);
    return error;
}

static int start(const struct hf_program *program, const int *copies, char **argv, char **envp) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    pid_t pid = 0;
    int error = posix_spawnattr_init(&attributes);
    if (error) return -error;
    error = posix_spawn_file_actions_init(&actions);
    if (error) {
        posix_spawnattr_destroy(&attributes);
        return -error;
    }
    error = prepare(&attributes, program);
    if (!error) error = arrange(&actions, copies, program);
    if (!error) error = posix_spawn(&pid, program->path, &actions, &attributes, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error ? -error : pid;
}

// The child is not reaped before its pidfd exists, so its number cannot have been reused.
static int open_pidfd(int pid, int *pidfd) {
    *pidfd = hf_pidfd_open(pid);
    if (*pidfd >= 0) return pid;
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
    return *pidfd;
}

int hf_spawn(const struct hf_program *program, int *pidfd) {
    char **argv = vector(program->arguments, program->argument_count);
    char **envp = vector(program->environment, program->environment_count);
    int *copies = calloc(program->descriptor_count + 1, sizeof *copies);
    int result = argv && envp && copies ? 0 : -ENOMEM;
    int floor = 3;
    size_t made = 0;
    for (size_t i = 0; i < program->descriptor_count; i++)
        if (program->targets[i] >= floor) floor = program->targets[i] + 1;
    for (; !result && made < program->descriptor_count; made++) {
        copies[made] = fcntl(program->sources[made], F_DUPFD_CLOEXEC, floor);
        if (copies[made] < 0) {
            result = -errno;
            break;
        }
    }
    if (!result) result = start(program, copies, argv, envp);
    while (made > 0) close(copies[--made]);
    free(copies);
    free(envp);
    free(argv);
    return result < 0 ? result : open_pidfd(result, pidfd);
}

int hf_execute(const struct hf_program *program) {
    char **argv = vector(program->arguments, program->argument_count);
    char **envp = vector(program->environment, program->environment_count);
    int result = -ENOMEM;
    if (argv && envp) {
        if (program->directory && chdir(program->directory) < 0) {
            result = -errno;
        } else {
            execve(program->path, argv, envp);
            result = -errno;
        }
    }
    free(envp);
    free(argv);
    return result;
}

int hf_pidfd_open(int pid) {
    int result = (int)syscall(SYS_pidfd_open, pid, 0);
    return result < 0 ? -errno : result;
}

int hf_pidfd_signal(int pidfd, int signal_number) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal_number, NULL, 0) < 0 ? -errno : 0;
}

static int64_t nanoseconds(struct timeval time) { return time.tv_sec * 1000000000LL + time.tv_usec * 1000LL; }

int hf_pidfd_status(int pidfd, int keep, int *signalled, int *value, struct hf_usage *usage) {
    siginfo_t info = {.si_pid = 0};
    struct rusage taken = {.ru_maxrss = 0};
    int options = WEXITED | WNOHANG | (keep ? WNOWAIT : 0);
    int result;
    // The library's waitid has no place for the usage.
    do result = (int)syscall(SYS_waitid, P_PIDFD, pidfd, &info, options, &taken);
    while (result < 0 && errno == EINTR);
    if (result < 0) return -errno;
    if (info.si_pid == 0) return 0;
    *signalled = info.si_code != CLD_EXITED;
    *value = info.si_status;
    usage->processor_time = nanoseconds(taken.ru_utime) + nanoseconds(taken.ru_stime);
    usage->peak_memory = taken.ru_maxrss * 1024LL;
    return 1;
}

int hf_set_parent_death_signal(int signal_number) {
    return prctl(PR_SET_PDEATHSIG, (unsigned long)signal_number) < 0 ? -errno : 0;
}

int hf_set_name(const char *name) { return prctl(PR_SET_NAME, name) < 0 ? -errno : 0; }
