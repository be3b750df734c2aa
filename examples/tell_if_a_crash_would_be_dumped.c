/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tells whether the host is ready to dump its memory when Xen crashes: how much of it
 * is set aside for a crash kernel, whether one is loaded, and where that would find
 * the registers of each CPU.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>

#include "xenkexec.h"

static uint64_t count_ram(xenkexec_handle *hdl)
{
    struct xenkexec_memory regions[512];
    int count = xenkexec_get_memory_map(hdl, regions, 512);
    uint64_t ram = 0;

    if (count < 0)
        err(1, "cannot list the machine's memory");
    for (int i = 0; i < count && i < 512; i++)
        if (regions[i].type == XENKEXEC_MEMORY_RAM)
            ram += regions[i].size;
    return ram;
}

static void show_notes(xenkexec_handle *hdl)
{
    int count = xenkexec_nr_cpus(hdl);
    uint64_t start, size;

    if (count < 0)
        err(1, "cannot count the CPUs");
    for (int cpu = 0; cpu < count; cpu++)
        if (!xenkexec_get_range(hdl, XENKEXEC_RANGE_CPU, (unsigned)cpu, &start, &size) && size)
            printf("CPU %d notes its registers at %#" PRIx64 "\n", cpu, start);
}

int main(void)
{
    xenkexec_handle *hdl = xenkexec_open(NULL, 0);
    uint64_t start, size;
    int is_loaded;

    if (!hdl)
        errx(1, "cannot open a handle: is this a Xen dom0?");
    if (xenkexec_get_range(hdl, XENKEXEC_RANGE_CRASH, 0, &start, &size))
        err(1, "cannot ask for the crash area");
    is_loaded = xenkexec_status(hdl, XENKEXEC_TYPE_CRASH);
    if (is_loaded < 0)
        err(1, "cannot ask for a crash kernel");

    printf("%" PRIu64 " of %" PRIu64 " MiB are set aside for a crash kernel\n", size >> 20,
           count_ram(hdl) >> 20);
    if (!size)
        puts("to have some, boot Xen with crashkernel=");
    printf("a crash kernel is %sloaded\n", is_loaded ? "" : "not ");
    show_notes(hdl);
    xenkexec_close(hdl);
    return 0;
}
