/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xenstore.h"

const char *xs_daemon_rundir(void)
{
    const char *directory = getenv("XENSTORED_RUNDIR");

    return directory ? directory : "/var/run/xenstored";
}

const char *xs_daemon_socket(void)
{
    static _Thread_local char path[PATH_MAX];
    const char *given = getenv("XENSTORED_PATH");
    int length;

    if (given)
        return given;
    length = snprintf(path, sizeof(path), "%s/socket", xs_daemon_rundir());
    if (length < 0 || (size_t)length >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return path;
}

const char *xs_daemon_socket_ro(void)
{
    return xs_daemon_socket();
}

bool xs_path_is_subpath(const char *parent, const char *child)
{
    size_t length = strlen(parent);

    return strncmp(parent, child, length) == 0 &&
           (child[length] == '\0' || child[length] == '/');
}
