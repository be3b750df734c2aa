/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names below are the very symbols that programs link to. */
#undef _FILE_OFFSET_BITS

#include "fakexen.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_DEVICES = 8, MAX_FDS = 4096, MAX_HANDLERS = 32, MAX_MAPPINGS = 4096 };

#define DEVICE_BYTES ((off_t)1 << 32) /* sparse: room for any offset a test hands out */

struct device {
    const char *path;
    int open_errno;
    unsigned opens;
};
struct handler {
    unsigned long request;
    fakexen_ioctl_fn *run;
    void *user;
    unsigned count;
};
struct failure {
    int errnoval, times, after;
};
struct mapping {
    uintptr_t start, end;
    int fd;
    off_t offset;
};

static struct device devices[MAX_DEVICES];
static unsigned device_count;
static struct handler handlers[MAX_HANDLERS];
static unsigned handler_count;
static bool is_device_fd[MAX_FDS];
static bool is_buffer_fd[MAX_FDS]; /* of those, which are /dev/xen/hypercall */
static struct mapping mappings[MAX_MAPPINGS];
static unsigned mapping_count;
static struct failure failures[FAKEXEN_CALLS];
static unsigned counts[FAKEXEN_CALLS], anonymous_counts[FAKEXEN_CALLS];
static int evtchn_peers[MAX_FDS]; /* of evtchn and xenbus devices; 0: none */
static int last_evtchn = -1;
static int shared_memory = -1;
static struct fakexen_hooks hooks;
static bool locked;

/* A sanitizer's start-up calls mmap before pthread's functions can be used. */
static void lock(void)
{
    while (__atomic_exchange_n(&locked, true, __ATOMIC_ACQUIRE))
        sched_yield();
}

static void unlock(void)
{
    __atomic_store_n(&locked, false, __ATOMIC_RELEASE);
}

static struct device *find_device(const char *path)
{
    for (unsigned i = 0; i < device_count; i++)
        if (strcmp(devices[i].path, path) == 0)
            return &devices[i];
    return NULL;
}

void fakexen_add_device(const char *path)
{
    if (device_count == MAX_DEVICES)
        abort();
    devices[device_count++].path = path;
}

void fakexen_fail_open(const char *path, int errnoval)
{
    struct device *device = find_device(path);

    if (!device) {
        fakexen_add_device(path);
        device = find_device(path);
    }
    device->open_errno = errnoval;
}

static struct handler *find_handler(unsigned long request)
{
    for (unsigned i = 0; i < handler_count; i++)
        if (handlers[i].request == request)
            return &handlers[i];
    return NULL;
}

static struct handler *make_handler(unsigned long request)
{
    struct handler *handler = find_handler(request);

    if (!handler) {
        if (handler_count == MAX_HANDLERS)
            abort();
        handler = &handlers[handler_count++];
        handler->request = request;
    }
    return handler;
}

void fakexen_on_ioctl(unsigned long request, fakexen_ioctl_fn *run, void *user)
{
    struct handler *handler = make_handler(request);

    handler->run = run;
    handler->user = user;
}

void fakexen_fail_next(enum fakexen_call call, int errnoval, int times, int after)
{
    failures[call] = (struct failure){errnoval, times, after};
}

/* Counts the call; true (with errno) if this one is to fail. */
static bool counted_call_fails(enum fakexen_call call, bool anonymous)
{
    struct failure *failure = &failures[call];
    bool fails = false;

    lock();
    if (anonymous)
        anonymous_counts[call]++;
    else
        counts[call]++;
    if (failure->after > 0) {
        failure->after--;
    } else if (failure->times > 0) {
        failure->times--;
        fails = true;
    }
    unlock();
    if (fails)
        errno = failure->errnoval;
    return fails;
}

unsigned fakexen_count(enum fakexen_call call)
{
    return counts[call];
}

unsigned fakexen_count_all(void)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < FAKEXEN_CALLS; i++)
        sum += counts[i];
    return sum;
}

unsigned fakexen_count_ioctl(unsigned long request)
{
    struct handler *handler = find_handler(request);

    return handler ? handler->count : 0;
}

unsigned fakexen_count_anonymous(enum fakexen_call call)
{
    return anonymous_counts[call];
}

int fakexen_evtchn_peer_of(int fd)
{
    return fd >= 0 && fd < MAX_FDS && evtchn_peers[fd] ? evtchn_peers[fd] : -1;
}

int fakexen_evtchn_peer(void)
{
    return fakexen_evtchn_peer_of(last_evtchn);
}

unsigned fakexen_count_opens(const char *path)
{
    const struct device *device = find_device(path);

    return device ? device->opens : 0;
}

void fakexen_set_hooks(const struct fakexen_hooks *wanted)
{
    hooks = wanted ? *wanted : (struct fakexen_hooks){NULL, NULL, NULL};
}

int fakexen_xenbus_peer(void)
{
    return fakexen_evtchn_peer_of(last_evtchn);
}

unsigned fakexen_open_fds(void)
{
    unsigned open_fds = 0;

    for (unsigned i = 0; i < MAX_FDS; i++)
        open_fds += is_device_fd[i];
    return open_fds;
}

unsigned fakexen_mappings(void)
{
    return mapping_count;
}

static bool is_device(int fd)
{
    return fd >= 0 && fd < MAX_FDS && is_device_fd[fd];
}

static void close_evtchn_peer(int fd)
{
    if (fakexen_evtchn_peer_of(fd) >= 0)
        syscall(SYS_close, evtchn_peers[fd]);
    evtchn_peers[fd] = 0;
    if (fd == last_evtchn)
        last_evtchn = -1;
}

static int open_socket_pair(int flags)
{
    int type = SOCK_STREAM | (flags & O_CLOEXEC ? SOCK_CLOEXEC : 0) |
               (flags & O_NONBLOCK ? SOCK_NONBLOCK : 0);
    int ends[2];

    if (socketpair(AF_UNIX, type, 0, ends))
        return -1;
    last_evtchn = ends[0];
    /* Out of the way, and unseen by a test that compares descriptor numbers. */
    evtchn_peers[ends[0]] = fcntl(ends[1], F_DUPFD_CLOEXEC, 1000);
    syscall(SYS_close, ends[1]);
    return ends[0];
}

static int open_memory(int flags, off_t size)
{
    int fd = memfd_create("fakexen", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);

    if (fd >= 0 && ftruncate(fd, size)) {
        syscall(SYS_close, fd);
        return -1;
    }
    return fd;
}

/* The same memory, but a file of its own, as a device opened twice is. */
static int open_shared_memory(int flags)
{
    char path[32];

    snprintf(path, sizeof(path), "/proc/self/fd/%d", shared_memory);
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | (flags & O_CLOEXEC), 0);
}

int fakexen_share_memory(void)
{
    shared_memory = open_memory(O_CLOEXEC, DEVICE_BYTES);
    return shared_memory;
}

static int open_what_stands_for(const char *path, int flags)
{
    if (strstr(path, "evtchn") || strstr(path, "xenbus"))
        return open_socket_pair(flags);
    if (shared_memory >= 0 && !strstr(path, "hypercall"))
        return open_shared_memory(flags);
    return open_memory(flags, DEVICE_BYTES);
}

static int open_device(struct device *device, int flags)
{
    int fd;

    device->opens++;
    if (counted_call_fails(FAKEXEN_OPEN, false))
        return -1;
    if (device->open_errno) {
        errno = device->open_errno;
        return -1;
    }
    fd = open_what_stands_for(device->path, flags);
    if (fd >= 0 && fd < MAX_FDS) {
        is_device_fd[fd] = true;
        is_buffer_fd[fd] = strcmp(device->path, "/dev/xen/hypercall") == 0;
    }
    return fd;
}

static bool is_xen_path(const char *path)
{
    return strncmp(path, "/dev/xen/", 9) == 0 || strncmp(path, "/proc/xen/", 10) == 0;
}

static int open_anything(const char *path, int flags, mode_t mode)
{
    struct device *device;

    if (!is_xen_path(path))
        return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    device = find_device(path);
    if (device)
        return open_device(device, flags);
    counted_call_fails(FAKEXEN_OPEN, false);
    errno = ENOENT;
    return -1;
}

/* ---- what the program and its libraries call ---- */

int open(const char *path, int flags, ...)
{
    va_list al;
    mode_t mode = 0;

    va_start(al, flags);
    if (flags & (O_CREAT | O_TMPFILE))
        mode = va_arg(al, mode_t);
    va_end(al);
    return open_anything(path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
    return open_anything(path, flags, 0);
}

int __open64_2(const char *path, int flags) __attribute__((alias("__open_2")));

int close(int fd)
{
    if (is_device(fd)) {
        if (hooks.closed)
            hooks.closed(fd);
        is_device_fd[fd] = false;
        close_evtchn_peer(fd);
        if (counted_call_fails(FAKEXEN_CLOSE, false)) {
            int saved = errno;

            syscall(SYS_close, fd);
            errno = saved;
            return -1;
        }
    }
    return (int)syscall(SYS_close, fd);
}

int dup3(int from, int to, int flags)
{
    int fd = (int)syscall(SYS_dup3, from, to, flags);

    if (fd >= 0 && fd < MAX_FDS) {
        is_device_fd[fd] = is_device(from);
        is_buffer_fd[fd] = is_device(from) && is_buffer_fd[from];
    }
    return fd;
}

int dup2(int from, int to)
{
    int fd = from == to ? to : dup3(from, to, 0);

    return fd;
}

static int run_handler(int fd, unsigned long request, void *argument)
{
    struct handler *handler;

    if (counted_call_fails(FAKEXEN_IOCTL, false))
        return -1;
    lock();
    handler = make_handler(request);
    handler->count++;
    unlock();
    if (handler->run && !is_buffer_fd[fd])
        return handler->run(fd, argument, handler->user);
    errno = ENOTTY;
    return -1;
}

int ioctl(int fd, unsigned long request, ...)
{
    void *argument;
    va_list al;

    va_start(al, request);
    argument = va_arg(al, void *);
    va_end(al);
    if (is_device(fd))
        return run_handler(fd, request, argument);
    return (int)syscall(SYS_ioctl, fd, request, argument);
}

static void forget_mappings(uintptr_t start, uintptr_t end)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < mapping_count; i++)
        if (mappings[i].end <= start || mappings[i].start >= end)
            mappings[kept++] = mappings[i];
    mapping_count = kept;
}

static void note_mapping(void *address, size_t length, int fd, off_t offset)
{
    lock();
    forget_mappings((uintptr_t)address, (uintptr_t)address + length);
    if (mapping_count == MAX_MAPPINGS)
        abort();
    mappings[mapping_count++] =
        (struct mapping){(uintptr_t)address, (uintptr_t)address + length, fd, offset};
    unlock();
}

static bool find_mapping(uintptr_t address, struct mapping *found)
{
    bool there = false;

    lock();
    for (unsigned i = 0; i < mapping_count && !there; i++)
        if (address >= mappings[i].start && address < mappings[i].end) {
            *found = mappings[i];
            there = true;
        }
    unlock();
    return there;
}

static bool is_device_mapping(uintptr_t address)
{
    struct mapping mapping;

    return find_mapping(address, &mapping);
}

int fakexen_find_mapping(const void *address, off_t *offset, size_t *bytes)
{
    struct mapping mapping;

    if (!find_mapping((uintptr_t)address, &mapping))
        return -1;
    *offset = mapping.offset;
    *bytes = mapping.end - mapping.start;
    return 0;
}

/* Each mapping of /dev/xen/hypercall is fresh memory, whatever its offset. */
static void *map_buffer(void *address, size_t length, int protection, int flags)
{
    int fd = open_memory(O_CLOEXEC, (off_t)length);
    void *result =
        (void *)syscall(SYS_mmap, address, length, protection, flags, fd, (off_t)0);
    int saved = errno;

    if (fd >= 0)
        syscall(SYS_close, fd);
    errno = saved;
    return result;
}

/*
 * What a thread did in a mapping comes before what another does in the one that takes its
 * place: the kernel sees to it. ThreadSanitizer, where it is there, has to be told, since
 * its own mmap and munmap are not called.
 */
void __tsan_acquire(void *object) __attribute__((weak));
void __tsan_release(void *object) __attribute__((weak));
static char address_space;

static void mapped(void)
{
    if (__tsan_acquire)
        __tsan_acquire(&address_space);
}

static void about_to_unmap(void)
{
    if (__tsan_release)
        __tsan_release(&address_space);
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    bool device = is_device(fd);
    void *result;

    if ((device || flags & MAP_ANONYMOUS) && counted_call_fails(FAKEXEN_MMAP, !device))
        return MAP_FAILED;
    if (device && is_buffer_fd[fd])
        result = map_buffer(address, length, protection, flags);
    else
        result = (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
    if (device && result != MAP_FAILED)
        note_mapping(result, length, fd, offset);
    mapped();
    return result;
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off_t offset)
    __attribute__((alias("mmap")));

int munmap(void *address, size_t length)
{
    struct mapping mapping;
    bool device = find_mapping((uintptr_t)address, &mapping);
    int rc;

    if (counted_call_fails(FAKEXEN_MUNMAP, !device))
        return -1;
    if (device && hooks.unmapped)
        hooks.unmapped(mapping.fd, mapping.offset);
    about_to_unmap();
    rc = (int)syscall(SYS_munmap, address, length);
    if (!rc && device) {
        lock();
        forget_mappings((uintptr_t)address, (uintptr_t)address + length);
        unlock();
    }
    return rc;
}

int madvise(void *address, size_t length, int advice)
{
    if (counted_call_fails(FAKEXEN_MADVISE, !is_device_mapping((uintptr_t)address)))
        return -1;
    return (int)syscall(SYS_madvise, address, length, advice);
}

/* libc's own under other names, because they are cancellation points. */
ssize_t __read(int fd, void *buffer, size_t size);
ssize_t __write(int fd, const void *buffer, size_t size);

ssize_t read(int fd, void *buffer, size_t size)
{
    if (is_device(fd) && counted_call_fails(FAKEXEN_READ, false))
        return -1;
    return __read(fd, buffer, size);
}

ssize_t write(int fd, const void *buffer, size_t size)
{
    if (is_device(fd) && counted_call_fails(FAKEXEN_WRITE, false))
        return -1;
    if (is_device(fd) && hooks.evtchn_written && fakexen_evtchn_peer_of(fd) >= 0) {
        hooks.evtchn_written(fd, buffer, size);
        return (ssize_t)size;
    }
    return __write(fd, buffer, size);
}
