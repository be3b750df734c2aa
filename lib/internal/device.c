/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int xenlibs_device_open_inheritable(const char *path, int more_flags)
{
    int fd;

    do
        fd = open(path, O_RDWR | more_flags);
    while (fd < 0 && errno == EINTR);
    return fd;
}

int xenlibs_device_open(const char *path, int more_flags)
{
    return xenlibs_device_open_inheritable(path, O_CLOEXEC | more_flags);
}

int xenlibs_privcmd_open(void)
{
    int fd = xenlibs_device_open(XENLIBS_DEVICE_PRIVCMD, 0);
    int saved = errno;

    if (fd >= 0 || (saved != ENOENT && saved != ENXIO && saved != ENODEV))
        return fd;
    fd = xenlibs_device_open(XENLIBS_DEVICE_PRIVCMD_OLD, 0);
    if (fd < 0)
        errno = saved;
    return fd;
}

void xenlibs_device_close_quietly(int fd)
{
    int saved = errno;

    if (fd >= 0)
        close(fd);
    errno = saved;
}
