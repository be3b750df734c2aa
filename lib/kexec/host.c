/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a new kernel has to be told of the machine. */
#include <errno.h>
#include <stdint.h>

#include "fail.h"
#include "handle.h"
#include "physinfo.h"

#define __XEN_INTERFACE_VERSION__ 0x00040e00 /* the shapes of Xen 4.14, and since */
#include <xen/kexec.h>
#include <xen/memory.h>

int xenkexec_get_range(xenkexec_handle *hdl, unsigned int range, unsigned int cpu,
                       uint64_t *start, uint64_t *size)
{
    xen_kexec_range_t request = {.range = (int)range, .nr = (int)cpu};

    if (!hdl || !start || !size || (cpu && range != XENKEXEC_RANGE_CPU))
        return xenlibs_fail(EINVAL);
    if (xenkexec_ask(hdl, __HYPERVISOR_kexec_op, KEXEC_CMD_kexec_get_range, &request,
                     sizeof(request)) < 0)
        return xenkexec_failed(hdl);
    *start = request.start;
    *size = request.size;
    return 0;
}

/* An entry of the list, as firmware has it, and Xen after it. */
struct e820_entry {
    uint64_t start, size;
    uint32_t type;
} __attribute__((packed));
_Static_assert(sizeof(struct e820_entry) == 20, "as Xen has it");

/* Xen refuses a list that it would fill to the last entry. */
enum { FIRST_ROOM = 128, MOST_ROOM = 8192 };

static void store_region(const struct e820_entry *entry, struct xenkexec_memory *region)
{
    *region = (struct xenkexec_memory){
        .start = entry->start, .size = entry->size, .type = entry->type};
}

/* How many there are; or -1 with errno, EINVAL if @list_room is not enough for Xen. */
static int read_list(xenkexec_handle *hdl, struct e820_entry *list, unsigned list_room,
                     struct xenkexec_memory *regions, size_t room)
{
    struct xen_memory_map request = {.nr_entries = list_room};

    set_xen_guest_handle_raw(request.buffer, (void *)list);
    if (xenkexec_ask(hdl, __HYPERVISOR_memory_op, XENMEM_machine_memory_map, &request,
                     sizeof(request)) < 0)
        return -1;
    if (request.nr_entries > list_room)
        return xenlibs_fail(EOVERFLOW);
    for (size_t i = 0; i < request.nr_entries && i < room; i++)
        store_region(&list[i], &regions[i]);
    return (int)request.nr_entries;
}

static int read_map(xenkexec_handle *hdl, unsigned list_room, struct xenkexec_memory *regions,
                    size_t room)
{
    struct e820_entry *list = xencall_buffer_get(hdl->call, list_room * sizeof(*list));
    int count;

    if (!list)
        return -1;
    count = read_list(hdl, list, list_room, regions, room);
    xencall_buffer_put(hdl->call, list);
    return count;
}

int xenkexec_get_memory_map(xenkexec_handle *hdl, struct xenkexec_memory *regions, size_t room)
{
    int saved = errno, count = -1;

    if (!hdl || (!regions && room))
        return xenlibs_fail(EINVAL);
    for (unsigned list_room = FIRST_ROOM; count < 0 && list_room <= MOST_ROOM; list_room *= 8) {
        count = read_map(hdl, list_room, regions, room);
        if (count < 0 && errno != EINVAL)
            return xenkexec_failed(hdl);
    }
    errno = count < 0 ? EOVERFLOW : saved;
    return count;
}

int xenkexec_nr_cpus(xenkexec_handle *hdl)
{
    int saved = errno;
    struct hvabi_physinfo info;

    if (!hdl)
        return xenlibs_fail(EINVAL);
    if (xenhvabi_physinfo(&hdl->abi, &info))
        return xenkexec_failed(hdl);
    errno = saved;
    return (int)info.max_cpu_id + 1;
}
