/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Without it Xen's headers give the numbers of the hypercalls of 2006. */
#define __XEN_TOOLS__ 1

#include "hypervisor.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xen/xen.h>
#include <xen/event_channel.h>

#include "conformance.h"
#include "uapi_privcmd.h"

struct door {
    int privcmd;
    int buffers;
    struct evtchn_status *status;
};

static struct door open_door(void)
{
    struct door door = {.privcmd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC),
                        .buffers = open("/dev/xen/hypercall", O_RDWR | O_CLOEXEC)};

    assert_true(door.privcmd >= 0 && door.buffers >= 0);
    door.status = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, door.buffers, 0);
    assert_true(door.status != MAP_FAILED);
    return door;
}

static void close_door(struct door *door)
{
    munmap(door->status, 4096);
    close(door->buffers);
    close(door->privcmd);
}

/* False for a port number that Xen does not know: the end of the table. */
static bool ask_for_port(struct door *door, uint16_t domid, uint32_t port)
{
    struct uapi_privcmd_hypercall call = {
        .op = __HYPERVISOR_event_channel_op,
        .arg = {EVTCHNOP_status, (uintptr_t)door->status},
    };

    memset(door->status, 0, sizeof(*door->status));
    door->status->dom = domid;
    door->status->port = port;
    return ioctl(door->privcmd, UAPI_PRIVCMD_HYPERCALL, &call) == 0;
}

int ports_in_use(uint16_t domid)
{
    struct door door = open_door();
    int used = 0;

    for (uint32_t port = 0; ask_for_port(&door, domid, port) || port == 0; port++)
        used += door.status->status != EVTCHNSTAT_closed;
    close_door(&door);
    assert_true(used > 0);
    return used;
}

bool in_pvh_or_hvm(void)
{
    FILE *type = fopen("/sys/hypervisor/guest_type", "re");
    char name[16] = "";

    assert_non_null(type);
    assert_int_equal(fscanf(type, "%15s", name), 1);
    fclose(type);
    return strcmp(name, "PV") != 0;
}

int ports_of_evtchn_device(void)
{
    FILE *interrupts = fopen("/proc/interrupts", "re");
    char line[1024];
    int found = 0;

    assert_non_null(interrupts);
    while (fgets(line, sizeof(line), interrupts))
        found += strstr(line, "evtchn:") != NULL;
    fclose(interrupts);
    return found;
}
