/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Prints an entry of the filesystem inside Xen, such as /buildinfo/config, or
 * the names in a directory, such as /params (without an argument: that one).
 *
 *   print_a_hypervisor_parameter /params/ept
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "xenhypfs.h"

static void print_names(xenhypfs_handle *fshdl, const char *path)
{
    struct xenhypfs_dirent *entries;
    unsigned int count;

    entries = xenhypfs_readdir(fshdl, path, &count);
    if (!entries)
        err(1, "cannot list %s", path);
    for (unsigned int i = 0; i < count; i++)
        printf("%s%s%s\n", entries[i].name, entries[i].type == xenhypfs_type_dir ? "/" : "",
               entries[i].flags & XENHYPFS_FLAG_WRITABLE ? " (can be written)" : "");
    free(entries);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "/params";
    xenhypfs_handle *fshdl = xenhypfs_open(NULL, 0);
    char *text;

    if (!fshdl)
        err(1, "cannot look into Xen: is this dom0 of a Xen with CONFIG_HYPFS?");

    text = xenhypfs_read(fshdl, path);
    if (text)
        puts(text);
    else if (errno == EISDIR)
        print_names(fshdl, path);
    else
        err(1, "cannot read %s", path);

    free(text);
    xenhypfs_close(fshdl);
    return 0;
}
