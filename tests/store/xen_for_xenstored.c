/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What Debian's xenstored asks of Xen before it serves anybody, answered without a
 * Xen; loaded into it by LD_PRELOAD (see with-xenstored). Its sockets, its database
 * and its protocol are left alone: only what concerns Xen's devices ends here.
 *
 * There is one domain, dom0, whose ring is a page that nobody uses and whose event
 * channel never fires. Every ioctl succeeds; one that makes a port returns the next.
 */
/* The names below are the very symbols that programs link to. */
#undef _FILE_OFFSET_BITS

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

int open64(const char *path, int flags, ...);
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);

enum { PAGE_BYTES = 4096, PATH_BYTES = 256 };

struct stand_in {
    const char *path;
    const char *content; /* what a read gives */
};
static const struct stand_in stand_ins[] = {
    {"/dev/xen/privcmd", ""},
    {"/dev/xen/hypercall", ""},
    {"/dev/xen/gntdev", ""},
    {"/proc/xen/xsd_kva", ""},
    {"/proc/xen/xsd_port", "1"},
};

/* The daemon ends with the test, however that ends. */
__attribute__((constructor)) static void end_with_the_test(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static int make_stand_in(const char *content)
{
    int fd = memfd_create("xen_for_xenstored", MFD_CLOEXEC);

    if (fd < 0 || ftruncate(fd, content[0] ? (off_t)strlen(content) : PAGE_BYTES) ||
        pwrite(fd, content, strlen(content), 0) < 0)
        abort();
    return fd;
}

static int open_any(const char *path, int flags, mode_t mode)
{
    if (strcmp(path, "/dev/xen/evtchn") == 0)
        return eventfd(0, EFD_CLOEXEC);
    for (size_t i = 0; i < sizeof(stand_ins) / sizeof(stand_ins[0]); i++)
        if (strcmp(path, stand_ins[i].path) == 0)
            return make_stand_in(stand_ins[i].content);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    mode_t mode;

    va_start(arguments, flags);
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    mode_t mode;

    va_start(arguments, flags);
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_any(path, flags, mode);
}

/* What a fortified program calls when it passes no mode. */
int __open_2(const char *path, int flags)
{
    return open_any(path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
    return open_any(path, flags, 0);
}

int ioctl(int fd, unsigned long request, ...)
{
    unsigned type = (unsigned)(request >> 8) & 0xff, number = request & 0xff;
    static int last_port = 1;
    va_list arguments;
    void *argument;

    va_start(arguments, request);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    switch (type) {
    case 'E': /* event channels: the first three make a port */
        return number < 3 ? ++last_port : 0;
    case 'P': /* hypercalls; the last number is asked for to see it refused */
        if (number == 0xff) {
            errno = ENOTTY;
            return -1;
        }
        return 0;
    case 'G': /* grants */
        return 0;
    default:
        return (int)syscall(SYS_ioctl, fd, request, argument);
    }
}

/*
 * oxenstored has no option for where its socket lies, wants a folder there, and more
 * descriptors than a container may give.
 */
static const char *in_rundir(const char *path, char *moved, size_t size)
{
    static const char built_in[] = "/var/run/xenstored";
    const char *rundir = getenv("XENSTORED_RUNDIR");

    if (!rundir || strncmp(path, built_in, strlen(built_in)) != 0)
        return path;
    snprintf(moved, size, "%s%s", rundir, path + strlen(built_in));
    return moved;
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    char moved[sizeof(local.sun_path)];

    if (address->sa_family == AF_UNIX) {
        snprintf(local.sun_path, sizeof(local.sun_path), "%s",
                 in_rundir(((const struct sockaddr_un *)address)->sun_path, moved, sizeof(moved)));
        address = (const struct sockaddr *)&local;
        length = sizeof(local);
    }
    return (int)syscall(SYS_bind, fd, address, length);
}

int unlink(const char *path)
{
    char moved[PATH_BYTES];

    return (int)syscall(SYS_unlinkat, AT_FDCWD, in_rundir(path, moved, sizeof(moved)), 0);
}

int mkdir(const char *path, mode_t mode)
{
    char moved[PATH_BYTES];

    return (int)syscall(SYS_mkdirat, AT_FDCWD, in_rundir(path, moved, sizeof(moved)), mode);
}

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
    long result = syscall(SYS_prlimit64, 0, resource, limit, NULL);

    return result < 0 && errno == EPERM ? 0 : (int)result;
}
