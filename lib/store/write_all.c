/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <unistd.h>

#include "xenstore_lib.h"

bool xs_write_all(int fd, const void *data, unsigned int len)
{
    const char *next = data;

    while (len) {
        ssize_t written = write(fd, next, len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        if (written == 0) {
            errno = ENOSPC;
            return false;
        }
        next += written;
        len -= (unsigned int)written;
    }
    return true;
}
