/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "call.h"
#include "cpu_info.h"
#include "operation.h"
#include "xenctrl/host.h"

_Static_assert(sizeof(xc_cputopo_t) == 12, "as on every release");
_Static_assert(sizeof(xc_meminfo_t) == 16, "as on every release");
_Static_assert(sizeof(xc_cpuinfo_t) == 8, "as on every release");

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* A buffer for an answer of @count elements that the caller may not want; false: no memory. */
static bool room_for(xc_interface *xch, const void *wanted, size_t count, size_t size,
                     void **buffer)
{
    *buffer = wanted ? xenctrl_buffer_array(xch, count, size) : NULL;
    return *buffer || !wanted;
}

int xc_cputopoinfo(xc_interface *xch, unsigned *max_cpus, xc_cputopo_t *cputopo)
{
    struct {
        uint32_t num_cpus;
        uint32_t pad;
        ctrl_u64 cputopo;
    } request = {.num_cpus = *max_cpus};
    void *buffer;

    if (!room_for(xch, cputopo, *max_cpus, sizeof(*cputopo), &buffer)) {
        return -1;
    }
    request.cputopo = ctrl_address(buffer);
    int result = xenctrl_sysctl(xch, CTRL_SYSCTL_CPUTOPOINFO, CTRL_PAYLOAD(request));
    if (result >= 0 && cputopo) {
        memcpy(cputopo, buffer, smaller(request.num_cpus, *max_cpus) * sizeof(*cputopo));
    }
    if (result >= 0) {
        *max_cpus = request.num_cpus;
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_numainfo(xc_interface *xch, unsigned *max_nodes, xc_meminfo_t *meminfo,
                uint32_t *distance)
{
    struct {
        uint32_t num_nodes;
        uint32_t pad;
        ctrl_u64 meminfo;
        ctrl_u64 distance;
    } request = {.num_nodes = *max_nodes};
    size_t distances = (size_t)*max_nodes * *max_nodes;
    void *meminfo_buffer, *distance_buffer = NULL;
    int result = -1;

    if (room_for(xch, meminfo, *max_nodes, sizeof(*meminfo), &meminfo_buffer) &&
        room_for(xch, distance, distances, sizeof(*distance), &distance_buffer)) {
        request.meminfo = ctrl_address(meminfo_buffer);
        request.distance = ctrl_address(distance_buffer);
        result = xenctrl_sysctl(xch, CTRL_SYSCTL_NUMAINFO, CTRL_PAYLOAD(request));
    }
    if (result >= 0) {
        size_t nodes = smaller(request.num_nodes, *max_nodes);

        if (meminfo) {
            memcpy(meminfo, meminfo_buffer, nodes * sizeof(*meminfo));
        }
        if (distance) {
            memcpy(distance, distance_buffer, nodes * nodes * sizeof(*distance));
        }
        *max_nodes = request.num_nodes;
    }
    xenctrl_buffer_done(xch, distance_buffer);
    xenctrl_buffer_done(xch, meminfo_buffer);
    return result;
}

/* Xen answers as many as it likes at a time, and says how many. */
static int some_pci_nodes(xc_interface *xch, unsigned num_devs,
                          const physdev_pci_device_t *devs, uint32_t *nodes)
{
    struct {
        uint32_t num_devs;
        uint32_t pad;
        ctrl_u64 devs;
        ctrl_u64 nodes;
    } request = {.num_devs = num_devs, .devs = ctrl_address(devs), .nodes = ctrl_address(nodes)};
    int result = xenctrl_sysctl(xch, CTRL_SYSCTL_PCITOPOINFO, CTRL_PAYLOAD(request));

    if (result < 0) {
        return -1;
    }
    if (request.num_devs == 0 || request.num_devs > num_devs) {
        return xenctrl_refused(xch, EPROTO, "Xen told of %u of %u devices", request.num_devs,
                               num_devs);
    }
    return (int)request.num_devs;
}

int xc_pcitopoinfo(xc_interface *xch, unsigned num_devs, physdev_pci_device_t *devs,
                   uint32_t *nodes)
{
    physdev_pci_device_t *devs_buffer = xenctrl_buffer_array(xch, num_devs, sizeof(*devs));
    uint32_t *nodes_buffer =
        devs_buffer ? xenctrl_buffer_array(xch, num_devs, sizeof(*nodes)) : NULL;
    int result = nodes_buffer ? 0 : -1;

    if (nodes_buffer && num_devs) {
        memcpy(devs_buffer, devs, num_devs * sizeof(*devs));
    }
    for (unsigned done = 0; result >= 0 && done < num_devs;) {
        result = some_pci_nodes(xch, num_devs - done, devs_buffer + done, nodes_buffer + done);
        done += result < 0 ? 0 : (unsigned)result;
    }
    if (result >= 0 && num_devs) {
        memcpy(nodes, nodes_buffer, num_devs * sizeof(*nodes));
    }
    xenctrl_buffer_done(xch, nodes_buffer);
    xenctrl_buffer_done(xch, devs_buffer);
    return result < 0 ? -1 : 0;
}

static void take_idle_time(uint64_t idle_time_ns, void *user)
{
    xc_cpuinfo_t **next = user;

    (*next)++->idletime = idle_time_ns;
}

int xc_getcpuinfo(xc_interface *xch, int max_cpus, xc_cpuinfo_t *info, int *nr_cpus)
{
    if (max_cpus < 0) {
        return xenctrl_refused(xch, EINVAL, "%d CPUs", max_cpus);
    }
    if (xenctrl_check_open(xch)) {
        return -1;
    }
    int count = xenhvabi_cpu_info_each(&xch->abi, (unsigned)max_cpus, take_idle_time, &info);
    if (count >= 0 && nr_cpus) {
        *nr_cpus = count;
    }
    return xenctrl_result(xch, count < 0 ? -1 : 0, "getcpuinfo");
}

int xc_availheap(xc_interface *xch, int min_width, int max_width, int node, uint64_t *bytes)
{
    struct {
        uint32_t min_bitwidth;
        uint32_t max_bitwidth;
        int32_t node;
        uint32_t pad;
        ctrl_u64 avail_bytes;
    } request = {.min_bitwidth = (uint32_t)min_width,
                 .max_bitwidth = (uint32_t)max_width,
                 .node = node};
    int result = xenctrl_sysctl(xch, CTRL_SYSCTL_AVAILHEAP, CTRL_PAYLOAD(request));

    if (result >= 0) {
        *bytes = request.avail_bytes;
    }
    return result;
}

int xc_sched_id(xc_interface *xch, int *sched_id)
{
    struct {
        uint32_t sched_id;
    } request = {0};
    int result = xenctrl_sysctl(xch, CTRL_SYSCTL_SCHED_ID, CTRL_PAYLOAD(request));

    if (result >= 0) {
        *sched_id = (int)request.sched_id;
    }
    return result;
}
