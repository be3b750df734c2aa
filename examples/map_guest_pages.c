/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Maps a few frames of a guest and tells what is in them. Run it in dom0:
 *
 *   map_guest_pages DOMID [FIRST [COUNT]]
 *
 * FIRST is a guest frame number in HVM and PVH guests, a machine frame number
 * in PV guests. Exit status: 0 if at least one frame could be mapped.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <xenforeignmemory.h>

enum { PAGE_SIZE = 4096, MOST = 64 };

static unsigned long number(const char *text, unsigned long most)
{
    char *end;
    unsigned long value = strtoul(text, &end, 0);

    if (end == text || *end || value > most)
        errx(2, "'%s' is not a number from 0 to %lu", text, most);
    return value;
}

static size_t count_used(const unsigned char *page)
{
    size_t used = 0;

    for (size_t i = 0; i < PAGE_SIZE; i++)
        used += page[i] != 0;
    return used;
}

/* Returns whether the frame could be mapped. */
static int describe(xen_pfn_t gfn, const unsigned char *page, int error)
{
    if (error)
        printf("frame %#lx: %s\n", (unsigned long)gfn, strerror(-error));
    else
        printf("frame %#lx: %4zu of %d bytes are not zero\n", (unsigned long)gfn,
               count_used(page), PAGE_SIZE);
    return !error;
}

int main(int argc, char **argv)
{
    unsigned long domid, first, count, mapped = 0;
    xenforeignmemory_handle *fmem;
    xen_pfn_t gfns[MOST];
    int errors[MOST];
    unsigned char *pages;

    if (argc < 2 || argc > 4)
        errx(2, "usage: map_guest_pages DOMID [FIRST [COUNT]]");
    domid = number(argv[1], 0x7fef);
    first = argc > 2 ? number(argv[2], ~0ul - MOST) : 0;
    count = argc > 3 ? number(argv[3], MOST) : 8;
    for (unsigned long i = 0; i < count; i++)
        gfns[i] = (xen_pfn_t)(first + i);

    fmem = xenforeignmemory_open(NULL, 0);
    if (!fmem)
        return 1; /* the library's logger has said why */
    pages = xenforeignmemory_map(fmem, (uint32_t)domid, PROT_READ, count, gfns, errors);
    if (!pages)
        err(1, "cannot map %lu frames of domain %lu", count, domid);
    for (unsigned long i = 0; i < count; i++)
        mapped += (unsigned long)describe(gfns[i], pages + i * PAGE_SIZE, errors[i]);
    xenforeignmemory_unmap(fmem, pages, count);
    xenforeignmemory_close(fmem);
    return mapped ? 0 : 1;
}
