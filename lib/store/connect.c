/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "device.h"

#define XENBUS "/dev/xen/xenbus"
#define XENBUS_OLD "/proc/xen/xenbus"

static int connect_to(int fd, const struct sockaddr_un *address)
{
    int rc;

    do
        rc = connect(fd, (const struct sockaddr *)address, sizeof(*address));
    while (rc && errno == EINTR);
    return rc;
}

static int open_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect_to(fd, &address) == 0)
        return fd;
    xenlibs_device_close_quietly(fd);
    return -1;
}

/* What lies at the path of the socket need not be one: a program may be told so. */
static int open_path(const char *path, bool *is_socket)
{
    struct stat status;

    if (stat(path, &status))
        return -1;
    *is_socket = S_ISSOCK(status.st_mode);
    return *is_socket ? open_socket(path) : xenlibs_device_open(path, 0);
}

static int open_xenbus(void)
{
    int fd = xenlibs_device_open(XENBUS, 0);

    return fd < 0 && errno == ENOENT ? xenlibs_device_open(XENBUS_OLD, 0) : fd;
}

int xs_connect(bool *is_socket)
{
    const char *path = xs_daemon_socket();
    int fd = path ? open_path(path, is_socket) : -1;
    int saved = errno;

    if (fd >= 0 || getenv("XENSTORED_PATH"))
        return fd;
    *is_socket = false;
    fd = open_xenbus();
    if (fd < 0 && saved != ENOENT)
        errno = saved; /* a xenstored that does not answer is worth more than no device */
    return fd;
}
