/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where an old xenstored keeps its things. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "helpers.h"

const char *xs_daemon_rootdir(void)
{
    const char *directory = getenv("XENSTORED_ROOTDIR");

    return directory ? directory : "/var/lib/xenstored";
}

const char *xs_daemon_tdb(void)
{
    static _Thread_local char path[PATH_MAX];
    int length = snprintf(path, sizeof(path), "%s/tdb", xs_daemon_rootdir());

    if (length < 0 || (size_t)length >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return path;
}

const char *xs_domain_dev(void)
{
    const char *given = getenv("XENSTORED_PATH");

    if (given)
        return given;
    return access("/dev/xen/xenbus", F_OK) == 0 ? "/dev/xen/xenbus" : "/proc/xen/xenbus";
}
