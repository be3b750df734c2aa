/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gnttab real DOMID FILE | stand-in: what mapping and sharing pages costs. FILE
 * has the references of 1024 pages that domain DOMID grants, as
 * grant-pages prints them.
 */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <xengnttab.h>

enum { PAGES = 1024 };

static xengnttab_handle *gnttab;
static xengntshr_handle *gntshr;
static uint32_t peer = 1;
static uint32_t refs[PAGES];

static void read_refs(const char *path)
{
    FILE *file = fopen(path, "r");

    if (!file)
        measure_fail(path);
    for (int i = 0; i < PAGES; i++)
        if (fscanf(file, "%u", &refs[i]) != 1)
            measure_fail("reading the references");
    fclose(file);
}

static void invent_refs(void)
{
    for (uint32_t i = 0; i < PAGES; i++)
        refs[i] = 8 + i;
}

static void gnttab_open_and_close(void)
{
    xengnttab_handle *opened = xengnttab_open(NULL, 0);

    if (!opened)
        measure_fail("xengnttab_open");
    xengnttab_close(opened);
}

static void map_and_unmap(uint32_t count)
{
    void *pages = xengnttab_map_domain_grant_refs(gnttab, count, peer, refs,
                                                  PROT_READ | PROT_WRITE);

    if (!pages)
        measure_fail("xengnttab_map_domain_grant_refs");
    if (xengnttab_unmap(gnttab, pages, count))
        measure_fail("xengnttab_unmap");
}

static void map_one(void)
{
    map_and_unmap(1);
}

static void map_many(void)
{
    map_and_unmap(PAGES);
}

static void share_one(void)
{
    uint32_t ref;
    void *page = xengntshr_share_pages(gntshr, peer, 1, &ref, 1);

    if (!page)
        measure_fail("xengntshr_share_pages");
    if (xengntshr_unshare(gntshr, page, 1))
        measure_fail("xengntshr_unshare");
}

int main(int argc, char **argv)
{
    static const struct measurement measurements[] = {
        {"gnttab-open-close", NULL, gnttab_open_and_close, 1, true},
        {"gnttab-map-unmap-1", NULL, map_one, 1, true},
        {"gnttab-map-unmap-1024", NULL, map_many, 1, true},
        {"gntshr-share-unshare", NULL, share_one, 1, true},
    };

    measure_ground(&argc, &argv);
    if (argc == 3) {
        peer = (uint32_t)strtoul(argv[1], NULL, 10);
        read_refs(argv[2]);
    } else {
        invent_refs();
    }
    gnttab = xengnttab_open(NULL, 0);
    gntshr = xengntshr_open(NULL, 0);
    if (!gnttab || !gntshr)
        measure_fail("opening gntdev and gntalloc");
    measure_all(measurements, sizeof(measurements) / sizeof(measurements[0]));
    return 0;
}
