/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Maps the first frame of a guest's grant table, which Xen keeps outside the
 * guest's own memory, and lists the grants in it. Run it in dom0:
 *
 *   map_a_resource DOMID
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <xen/grant_table.h>
#include <xen/memory.h>
#include <xenforeignmemory.h>

enum { PAGE_SIZE = 4096, ENTRIES = PAGE_SIZE / sizeof(grant_entry_v1_t) };

/* The guest may change an entry at any time: each is read once. */
static unsigned list_grants(const volatile grant_entry_v1_t *table)
{
    unsigned in_use = 0;

    for (unsigned ref = 0; ref < ENTRIES; ref++) {
        unsigned flags = table[ref].flags, domid = table[ref].domid;

        if ((flags & GTF_type_mask) == GTF_invalid)
            continue;
        in_use++;
        printf("grant %u: to domain %u, %s%s\n", ref, domid,
               flags & GTF_readonly ? "read only" : "writable",
               flags & (GTF_reading | GTF_writing) ? ", in use" : "");
    }
    return in_use;
}

int main(int argc, char **argv)
{
    xenforeignmemory_resource_handle *resource;
    xenforeignmemory_handle *fmem;
    void *table = NULL;
    size_t size;
    char *end;
    unsigned long domid;

    if (argc != 2)
        errx(2, "usage: map_a_resource DOMID");
    domid = strtoul(argv[1], &end, 10);
    if (end == argv[1] || *end || domid > 0x7fef)
        errx(2, "'%s' is not a domain number", argv[1]);

    fmem = xenforeignmemory_open(NULL, 0);
    if (!fmem)
        return 1; /* the library's logger has said why */
    if (xenforeignmemory_resource_size(fmem, (domid_t)domid, XENMEM_resource_grant_table,
                                       XENMEM_resource_grant_table_id_shared, &size))
        warn("cannot size the grant table of domain %lu", domid);
    else
        printf("the grant table of domain %lu may have %zu frames\n", domid, size / PAGE_SIZE);
    resource = xenforeignmemory_map_resource(fmem, (domid_t)domid, XENMEM_resource_grant_table,
                                             XENMEM_resource_grant_table_id_shared, 0, 1,
                                             &table, PROT_READ, 0);
    if (!resource)
        err(1, "cannot map the grant table of domain %lu", domid);
    printf("%u of the first %d grants are given\n", list_grants(table), ENTRIES);
    xenforeignmemory_unmap_resource(fmem, resource);
    xenforeignmemory_close(fmem);
    return 0;
}
