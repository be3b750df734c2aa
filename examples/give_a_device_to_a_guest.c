/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gives a PCI device of the host to a guest, until it is told to go on: its DMA reaches the
 * guest's memory, and its first memory region appears at ADDRESS in an HVM guest, or may be
 * mapped by a PV guest. docs/write-a-device-model.md explains it.
 *
 *   give_a_device_to_a_guest DOMID SEGMENT:BUS:DEVICE.FUNCTION ADDRESS
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <xendevicemodel_passthrough.h>

static xendevicemodel_handle *dmod;
static domid_t domid;
static uint32_t sbdf;
static uint64_t gfn, mfn, count; /* where the guest sees the region, and where it is */

static void find_device(const char *place)
{
    unsigned int segment, bus, device, function;
    unsigned long long start, end;
    char path[64];
    FILE *file;

    if (sscanf(place, "%4x:%2x:%2x.%1x", &segment, &bus, &device, &function) != 4)
        errx(1, "%s is no place of a PCI device, such as 0000:03:1f.0", place);
    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%.16s/resource", place);
    file = fopen(path, "re");
    if (!file || fscanf(file, "%llx %llx", &start, &end) != 2 || !end)
        errx(1, "%s: cannot read where the device's first memory region is", path);
    fclose(file);
    sbdf = segment << 16 | bus << 8 | device << 3 | function;
    mfn = start >> 12;
    count = (end >> 12) - mfn + 1;
}

/* The DMA first: a guest that drives a device must not reach other memory by it. */
static int give(void)
{
    if (xendevicemodel_assign_device(dmod, domid, sbdf, 0))
        return -1;
    if (!xendevicemodel_iomem_permission(dmod, domid, mfn, count, true)) {
        if (!xendevicemodel_memory_mapping(dmod, domid, gfn, mfn, count, true))
            return 0;
        warn("cannot map the device's memory");
        xendevicemodel_iomem_permission(dmod, domid, mfn, count, false);
    }
    xendevicemodel_deassign_device(dmod, domid, sbdf);
    return -1;
}

/* The mapping before the right to it: Xen wants that right for unmapping, up to 4.21. */
static int take_back(void)
{
    return xendevicemodel_memory_mapping(dmod, domid, gfn, mfn, count, false) ||
           xendevicemodel_iomem_permission(dmod, domid, mfn, count, false) ||
           xendevicemodel_deassign_device(dmod, domid, sbdf);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        errx(2, "usage: give_a_device_to_a_guest DOMID SEGMENT:BUS:DEVICE.FUNCTION ADDRESS");
    domid = (domid_t)atoi(argv[1]);
    find_device(argv[2]);
    gfn = strtoull(argv[3], NULL, 0) >> 12;
    dmod = xendevicemodel_open(NULL, 0);
    if (!dmod)
        err(1, "cannot open the device model's interface: is this the control domain?");
    if (give())
        err(1, "cannot give %s to domain %u", argv[2], domid);
    printf("domain %u has %s; enter a line to take it back\n", domid, argv[2]);
    fflush(stdout);
    getchar();
    if (take_back())
        err(1, "cannot take all of %s back from domain %u", argv[2], domid);
    xendevicemodel_close(dmod);
    return 0;
}
