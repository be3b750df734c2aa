/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xentoolcore.h"
#include "registry.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int xentoolcore_restrict_all(domid_t domid)
{
    int saved = errno;
    int first_error = 0;

    for (Xentoolcore__Active_Handle *ah = xentoolcore_registry_lock(); ah; ah = ah->entry.le_next)
        if (ah->restrict_callback(ah, domid) && !first_error)
            first_error = errno;
    xentoolcore_registry_unlock();

    errno = first_error ? first_error : saved;
    return first_error ? -1 : 0;
}

/*
 * Read-only, as upstream opens it: a write to the neutralised handle is an
 * error, not silently swallowed.
 */
int xentoolcore__restrict_by_dup2_null(int fd)
{
    int null_fd, fd_flags, rc, saved;

    if (fd < 0)
        return 0;

    fd_flags = fcntl(fd, F_GETFD);
    if (fd_flags < 0)
        return -1;
    null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null_fd < 0)
        return -1;

    rc = dup3(null_fd, fd, fd_flags & FD_CLOEXEC ? O_CLOEXEC : 0);
    saved = errno;
    close(null_fd);
    errno = saved;
    return rc < 0 ? -1 : 0;
}
