/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * foreignmemory real DOMID FRAME | stand-in: what mapping another domain's
 * memory costs. 1024 pages are FRAME, 1024 times.
 */
#include "measure.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <xenforeignmemory.h>

enum { PAGES = 1024 };

static xenforeignmemory_handle *handle;
static uint32_t domid = 1;
static xen_pfn_t frames[PAGES];

static void open_and_close(void)
{
    xenforeignmemory_handle *opened = xenforeignmemory_open(NULL, 0);

    if (!opened)
        measure_fail("xenforeignmemory_open");
    xenforeignmemory_close(opened);
}

static void map_and_unmap(size_t count)
{
    int errors[PAGES];
    void *pages =
        xenforeignmemory_map(handle, domid, PROT_READ | PROT_WRITE, count, frames, errors);

    if (!pages || errors[0])
        measure_fail("xenforeignmemory_map");
    if (xenforeignmemory_unmap(handle, pages, count))
        measure_fail("xenforeignmemory_unmap");
}

static void map_one(void)
{
    map_and_unmap(1);
}

static void map_many(void)
{
    map_and_unmap(PAGES);
}

int main(int argc, char **argv)
{
    static const struct measurement measurements[] = {
        {"foreignmemory-open-close", NULL, open_and_close, 1, true},
        {"foreignmemory-map-unmap-1", NULL, map_one, 1, true},
        {"foreignmemory-map-unmap-1024", NULL, map_many, 1, true},
    };

    measure_ground(&argc, &argv);
    if (argc == 3) {
        domid = (uint32_t)strtoul(argv[1], NULL, 10);
        frames[0] = strtoul(argv[2], NULL, 10);
    }
    for (int i = 1; i < PAGES; i++)
        frames[i] = frames[0];
    handle = xenforeignmemory_open(NULL, 0);
    if (!handle)
        measure_fail("xenforeignmemory_open");
    measure_all(measurements, sizeof(measurements) / sizeof(measurements[0]));
    return 0;
}
