/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Has the host start the payload in place of Xen. What comes then can be seen on its
 * console only.
 *
 * usage: kexec-start-payload default|crash
 */
#include <elf.h>
#include <err.h>
#include <string.h>

#include "xenkexec.h"

extern const char payload[], payload_end[];

enum { PAGE = 4096, SOMEWHERE = 32 << 20 };

/* A crash kernel has to lie where Xen has set memory aside. */
static uint64_t place_for(xenkexec_handle *hdl, unsigned type)
{
    uint64_t start, size;

    if (type == XENKEXEC_TYPE_DEFAULT)
        return SOMEWHERE;
    if (xenkexec_get_range(hdl, XENKEXEC_RANGE_CRASH, 0, &start, &size))
        err(1, "cannot ask for the crash area");
    if (size < PAGE)
        errx(1, "there is no crash area");
    return start;
}

int main(int argc, char **argv)
{
    unsigned type = argc > 1 && strcmp(argv[1], "crash") == 0 ? XENKEXEC_TYPE_CRASH
                                                              : XENKEXEC_TYPE_DEFAULT;
    xenkexec_handle *hdl = xenkexec_open(NULL, 0);

    if (!hdl)
        return 1;
    struct xenkexec_segment segment = {.buffer = payload,
                                       .buffer_size = (size_t)(payload_end - payload),
                                       .address = place_for(hdl, type),
                                       .size = PAGE};
    struct xenkexec_image image = {.size = sizeof(image),
                                   .type = type,
                                   .machine = EM_X86_64,
                                   .entry = segment.address,
                                   .segments = &segment,
                                   .nr_segments = 1};

    if (xenkexec_load(hdl, &image))
        err(1, "cannot load");
    xenkexec_exec(hdl, type);
    err(1, "cannot start");
}
