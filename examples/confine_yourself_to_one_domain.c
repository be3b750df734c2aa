/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opens what a device model needs, then gives up the right to touch any domain
 * but one, and shows that it is so. Run it in dom0 with two guests:
 *
 *   confine_yourself_to_one_domain DOMID OTHER-DOMID
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <xenevtchn.h>
#include <xenforeignmemory.h>
#include <xentoolcore.h>

/* Asks for frame 0; whether there is one is up to the domain, to be asked or not is not. */
static int may_touch(xenforeignmemory_handle *fmem, uint32_t domid)
{
    const xen_pfn_t gfn = 0;
    int error = 0;
    void *page = xenforeignmemory_map(fmem, domid, PROT_READ, 1, &gfn, &error);

    if (!page)
        return errno != EPERM;
    xenforeignmemory_unmap(fmem, page, 1);
    return 1;
}

static void report(xenforeignmemory_handle *fmem, const char *when, uint32_t ours, uint32_t other)
{
    printf("%s: domain %u %s, domain %u %s\n", when, ours,
           may_touch(fmem, ours) ? "can be touched" : "is out of reach", other,
           may_touch(fmem, other) ? "can be touched" : "is out of reach");
}

int main(int argc, char **argv)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);
    xenforeignmemory_handle *fmem = xenforeignmemory_open(NULL, 0);
    uint32_t ours, other;
    int confined;

    if (argc != 3)
        errx(2, "usage: confine_yourself_to_one_domain DOMID OTHER-DOMID");
    if (!xce || !fmem)
        err(1, "cannot open the Xen devices");
    ours = (uint32_t)strtoul(argv[1], NULL, 10);
    other = (uint32_t)strtoul(argv[2], NULL, 10);

    report(fmem, "before", ours, other);
    if (xentoolcore_restrict_all((domid_t)ours))
        err(1, "cannot confine this process to domain %u", ours);
    report(fmem, "after", ours, other);

    confined = may_touch(fmem, ours) && !may_touch(fmem, other) &&
               xenevtchn_bind_unbound_port(xce, other) < 0;
    xenforeignmemory_close(fmem);
    xenevtchn_close(xce);
    return confined ? 0 : 1;
}
