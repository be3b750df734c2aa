/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <string.h>

static xenmanage_handle *handle;

xenmanage_handle *manage(void)
{
    if (!handle)
        handle = xenmanage_open(NULL, 0);
    if (!handle)
        fail_msg("xenmanage_open: %s", strerror(errno));
    return handle;
}

int close_manage(void **state)
{
    xenmanage_close(handle);
    handle = NULL;
    return close_xc(state);
}

long assert_tells_at(long result, const char *what, const char *file, int line)
{
    int error = errno;

    if (result < 0) {
        print_error("%s: %s\n", what, strerror(error));
        _fail(file, line);
    }
    return result;
}
