/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Prints what Xen has printed, and goes on with what it prints, like tail -f; takes
 * nothing away from others who do the same. Runs in dom0.
 *
 * usage: follow_console [SECONDS]
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <xenmanage.h>

int main(int argc, char **argv)
{
    int seconds_left = argc > 1 ? atoi(argv[1]) : -1;
    xenmanage_handle *hdl = xenmanage_open(NULL, 0);
    unsigned int flags = 0; /* the first time from the oldest on */
    uint32_t index = 0, before;
    char text[16384];
    ssize_t count;

    if (!hdl)
        return EXIT_FAILURE; /* the reason is on stderr */
    for (;;) {
        before = index;
        count = xenmanage_console_read(hdl, text, sizeof(text), flags, &index);
        if (count < 0)
            err(EXIT_FAILURE, "cannot read Xen's console");
        if (flags && index - before != (uint32_t)count)
            printf("[%u bytes missed]\n", index - before - (uint32_t)count);
        fwrite(text, 1, (size_t)count, stdout);
        fflush(stdout);
        flags = XENMANAGE_CONSOLE_CONTINUE;
        if (count == (ssize_t)sizeof(text))
            continue; /* there is more */
        if (seconds_left-- == 0)
            break;
        sleep(1);
    }
    xenmanage_close(hdl);
    return EXIT_SUCCESS;
}
