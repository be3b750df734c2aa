/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Port I/O of a guest's user space, for a device model to answer.
 *
 *   port-io PORT         prints the byte read from PORT, in hexadecimal
 *   port-io PORT TEXT    writes TEXT to PORT, byte by byte
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/io.h>

int main(int argc, char **argv)
{
    unsigned short port = (unsigned short)(argc > 1 ? strtoul(argv[1], NULL, 0) : 0);

    if (argc < 2 || argc > 3 || port == 0)
        errx(2, "usage: port-io PORT [TEXT]");
    if (ioperm(port, 1, 1))
        err(1, "no access to port %#x", port);
    if (argc == 2)
        printf("%02x\n", inb(port));
    for (const char *c = argc == 3 ? argv[2] : ""; *c; c++)
        outb((unsigned char)*c, port);
    return 0;
}
