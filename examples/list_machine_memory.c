/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists the machine's memory as the firmware told Xen. The list is a hypercall
 * buffer that Xen fills in place, and so is the argument that points to it.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>

#define __XEN_INTERFACE_VERSION__ 0x00040e00 /* the shapes of Xen 4.14, and since */
#include <xen/memory.h>
#include <xen/xen.h>

#include "xencall.h"

enum { MAX_ENTRIES = 1024 };

struct e820_entry {
    uint64_t start, size;
    uint32_t type;
} __attribute__((packed));

static const char *type_name(uint32_t type)
{
    static const char *const names[] = {"?", "RAM", "reserved", "ACPI tables",
                                        "ACPI storage", "unusable"};

    return type < sizeof(names) / sizeof(names[0]) ? names[type] : "other";
}

static void list(const struct e820_entry *entries, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        printf("%016" PRIx64 " %10" PRIu64 " KiB  %s\n", entries[i].start,
               entries[i].size >> 10, type_name(entries[i].type));
}

int main(void)
{
    xencall_handle *xcall = xencall_open(NULL, 0);
    struct xen_memory_map *map;
    struct e820_entry *entries;

    if (!xcall)
        err(1, "cannot open a handle for hypercalls: is this a Xen dom0?");
    map = xencall_buffer_get(xcall, sizeof(*map));
    entries = xencall_buffer_get(xcall, MAX_ENTRIES * sizeof(*entries));
    if (!map || !entries)
        err(1, "no hypercall buffer");

    map->nr_entries = MAX_ENTRIES;
    set_xen_guest_handle(map->buffer, (void *)entries);
    if (xencall2L(xcall, __HYPERVISOR_memory_op, XENMEM_machine_memory_map, (uintptr_t)map) < 0)
        err(1, "cannot read the machine's memory map: is this dom0?");
    list(entries, map->nr_entries);

    xencall_buffer_put(xcall, entries);
    xencall_buffer_put(xcall, map);
    xencall_close(xcall);
    return 0;
}
