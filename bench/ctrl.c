/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ctrl real DOMID FRAME | stand-in: what control calls cost. Linked to what stands in
 * for Xen 4.17's libxenctrl, so that upstream's can take its place.
 */
#include "measure.h"

#include <stdlib.h>
#include <xenctrl.h>

enum { DOMAINS = 3, FRAMES = 1024 };

/* In no header: what upstream's libxenguest asks for when it saves a PV guest. */
int xc_get_pfn_type_batch(xc_interface *xch, uint32_t dom, unsigned int num, xen_pfn_t *arr);

static xc_interface *handle;
static uint32_t domid;
static xen_pfn_t frame;

static void open_and_close(void)
{
    xc_interface *opened = xc_interface_open(NULL, NULL, 0);

    if (!opened)
        measure_fail("xc_interface_open");
    xc_interface_close(opened);
}

static void list_domains(void)
{
    xc_domaininfo_t infos[DOMAINS];

    if (xc_domain_getinfolist(handle, 0, DOMAINS, infos) < 0)
        measure_fail("xc_domain_getinfolist");
}

static void describe_host(void)
{
    xc_physinfo_t info;

    if (xc_physinfo(handle, &info))
        measure_fail("xc_physinfo");
}

static void describe_vcpu(void)
{
    xc_vcpuinfo_t info;

    if (xc_vcpu_getinfo(handle, domid, 0, &info))
        measure_fail("xc_vcpu_getinfo");
}

static void read_frame_types(void)
{
    static xen_pfn_t frames[FRAMES];

    for (int i = 0; i < FRAMES; i++)
        frames[i] = frame;
    if (xc_get_pfn_type_batch(handle, domid, FRAMES, frames))
        measure_fail("xc_get_pfn_type_batch");
}

int main(int argc, char **argv)
{
    static const struct measurement measurements[] = {
        {"ctrl-open-close", NULL, open_and_close, 1, true},
        {"ctrl-list-3", NULL, list_domains, 1, true},
        {"ctrl-physinfo", NULL, describe_host, 1, true},
        {"ctrl-vcpu-info", NULL, describe_vcpu, 1, true},
        {"ctrl-frame-types-1024", NULL, read_frame_types, 1, true},
    };

    measure_ground(&argc, &argv);
    if (argc == 3) {
        domid = (uint32_t)strtoul(argv[1], NULL, 10);
        frame = strtoul(argv[2], NULL, 10);
    }
    handle = xc_interface_open(NULL, NULL, 0);
    if (!handle)
        measure_fail("xc_interface_open");
    measure_all(measurements, sizeof(measurements) / sizeof(measurements[0]));
    xc_interface_close(handle);
    return 0;
}
