/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entry.h"

#include <errno.h>
#include <string.h>

#include "fail.h"
#include "value.h"

/* Only Xen's own word on the entry says what the text has to become. */
static int write_text(xenhypfs_handle *fshdl, const char *path, const char *text)
{
    struct xenhypfs_dirent about;
    union xenhypfs_value value;

    if (xenhypfs_entry_look(fshdl, path, &about))
        return -1;
    if (!(about.flags & XENHYPFS_FLAG_WRITABLE))
        return xenlibs_fail(EACCES);
    if (about.encoding != xenhypfs_enc_plain)
        return xenlibs_fail(EDOM);
    if (about.type == xenhypfs_type_string)
        return xenhypfs_entry_write(fshdl, path, text, strlen(text) + 1);
    if (xenhypfs_value_from_text(&about, text, &value))
        return -1;
    return xenhypfs_entry_write(fshdl, path, value.bytes, about.size);
}

int xenhypfs_write(xenhypfs_handle *fshdl, const char *path, const char *val)
{
    int saved = errno;

    if (!val)
        return xenlibs_fail(fshdl ? EINVAL : EBADF);
    if (write_text(fshdl, path, val))
        return -1;
    errno = saved;
    return 0;
}
