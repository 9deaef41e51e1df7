#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

// Linux 6.3, which may refuse memory that is not declared to hold no program.
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif

int hf_shared_memory(const char *name, size_t size) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
    if (fd < 0 && errno == EINVAL) fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -errno;
    // Who shrank it would end all others by SIGBUS.
    if (ftruncate(fd, (off_t)size) == 0 &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        return fd;
    int error = errno;
    close(fd);
    return -error;
}

uint64_t *hf_map_shared(int fd, size_t size, int *error) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory != MAP_FAILED) return memory;
    *error = errno;
    return NULL;
}

void hf_unmap(uint64_t *memory, size_t size) { munmap(memory, size); }

uint64_t hf_load_word(const uint64_t *memory, size_t index) {
    return __atomic_load_n(memory + index, __ATOMIC_ACQUIRE);
}

void hf_store_word(uint64_t *memory, size_t index, uint64_t value) {
    __atomic_store_n(memory + index, value, __ATOMIC_RELEASE);
}
