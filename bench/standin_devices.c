/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "standin_devices.h"

#include "uapi_evtchn.h"
#include "uapi_gntalloc.h"
#include "uapi_gntdev.h"
#include "uapi_privcmd.h"

#include <errno.h>
#include <string.h>

enum { MAX_PORTS = 8192, MAX_MAPPINGS = 64, PAGE_BYTES = 4096 };

static struct {
    uint32_t peer[MAX_PORTS];
    uint32_t ring[MAX_PORTS]; /* pending ports; read at `taken`, written at `raised` */
    uint32_t ports, taken, raised;
} evtchn;

static struct {
    uint64_t next_offset;
    struct {
        uint64_t address, bytes, offset;
    } mappings[MAX_MAPPINGS];
} gntdev;

static uint64_t gntalloc_next_index;

enum device standin_find_device(const char *name)
{
    static const char *const names[DEVICES] = {
        [DEVICE_EVTCHN] = "evtchn",   [DEVICE_GNTDEV] = "gntdev",
        [DEVICE_GNTALLOC] = "gntalloc", [DEVICE_PRIVCMD] = "privcmd",
        [DEVICE_HYPERCALL] = "hypercall",
    };

    for (int i = NO_DEVICE + 1; i < DEVICES; i++)
        if (strcmp(names[i], name) == 0)
            return (enum device)i;
    return NO_DEVICE;
}

static int64_t new_port(uint32_t peer)
{
    uint32_t port = evtchn.ports + 1;

    if (port == MAX_PORTS)
        return -ENOSPC;
    evtchn.ports = port;
    evtchn.peer[port] = peer;
    if (peer > 0 && peer < MAX_PORTS)
        evtchn.peer[peer] = port;
    return port;
}

static int64_t notify(uint32_t port)
{
    if (port == 0 || port > evtchn.ports)
        return -ENOTCONN;
    if (evtchn.peer[port])
        evtchn.ring[evtchn.raised++ % MAX_PORTS] = evtchn.peer[port];
    return 0;
}

static int64_t evtchn_ioctl(pid_t pid, uint64_t request, uint64_t argument)
{
    struct uapi_evtchn_bind_interdomain bind;
    uint32_t port;

    switch (request) {
    case UAPI_EVTCHN_BIND_VIRQ:
    case UAPI_EVTCHN_BIND_UNBOUND_PORT:
        return new_port(0);
    case UAPI_EVTCHN_BIND_INTERDOMAIN:
        return read_program(pid, &bind, argument, sizeof(bind)) ? new_port(bind.remote_port)
                                                                : -EFAULT;
    case UAPI_EVTCHN_NOTIFY:
        return read_program(pid, &port, argument, sizeof(port)) ? notify(port) : -EFAULT;
    case UAPI_EVTCHN_UNBIND:
        return 0;
    default:
        return -ENOSYS;
    }
}

int64_t standin_evtchn_read(pid_t pid, uint64_t buffer, uint64_t size)
{
    uint32_t ports[UAPI_EVTCHN_PORTS_PER_CALL];
    size_t count = 0;

    if (size > sizeof(ports))
        size = sizeof(ports);
    while (count < size / sizeof(ports[0]) && evtchn.taken != evtchn.raised)
        ports[count++] = evtchn.ring[evtchn.taken++ % MAX_PORTS];
    if (count == 0)
        return -EAGAIN;
    if (!write_program(pid, buffer, ports, count * sizeof(ports[0])))
        return -EFAULT;
    return (int64_t)(count * sizeof(ports[0]));
}

void standin_note_mapping(uint64_t address, uint64_t bytes, uint64_t offset)
{
    static unsigned next;
    unsigned slot = next++ % MAX_MAPPINGS;

    for (unsigned i = 0; i < MAX_MAPPINGS; i++)
        if (gntdev.mappings[i].address == address)
            slot = i;
    gntdev.mappings[slot].address = address;
    gntdev.mappings[slot].bytes = bytes;
    gntdev.mappings[slot].offset = offset;
}

static int64_t tell_offset(pid_t pid, uint64_t argument)
{
    struct uapi_gntdev_get_offset_for_vaddr question;

    if (!read_program(pid, &question, argument, sizeof(question)))
        return -EFAULT;
    for (unsigned i = 0; i < MAX_MAPPINGS; i++)
        if (gntdev.mappings[i].address == question.vaddr) {
            question.offset = gntdev.mappings[i].offset;
            question.count = (uint32_t)(gntdev.mappings[i].bytes / PAGE_BYTES);
            return write_program(pid, argument, &question, sizeof(question)) ? 0 : -EFAULT;
        }
    return -EINVAL;
}

static int64_t map_grant_refs(pid_t pid, uint64_t argument)
{
    struct uapi_gntdev_map_grant_ref request;

    if (!read_program(pid, &request, argument, sizeof(request)))
        return -EFAULT;
    request.index = gntdev.next_offset;
    gntdev.next_offset += (uint64_t)request.count * PAGE_BYTES;
    return write_program(pid, argument, &request, sizeof(request)) ? 0 : -EFAULT;
}

static int64_t gntdev_ioctl(pid_t pid, uint64_t request, uint64_t argument)
{
    switch (request) {
    case UAPI_GNTDEV_MAP_GRANT_REF:
        return map_grant_refs(pid, argument);
    case UAPI_GNTDEV_GET_OFFSET_FOR_VADDR:
        return tell_offset(pid, argument);
    case UAPI_GNTDEV_UNMAP_GRANT_REF:
    case UAPI_GNTDEV_SET_UNMAP_NOTIFY:
        return 0;
    default:
        return -ENOTTY;
    }
}

static int64_t allocate_grefs(pid_t pid, uint64_t argument)
{
    struct uapi_gntalloc_alloc_gref request;
    uint64_t refs = argument + offsetof(struct uapi_gntalloc_alloc_gref, gref_ids);

    if (!read_program(pid, &request, argument, offsetof(struct uapi_gntalloc_alloc_gref, gref_ids)))
        return -EFAULT;
    request.index = gntalloc_next_index;
    gntalloc_next_index += (uint64_t)request.count * PAGE_BYTES;
    for (uint32_t ref = 8; ref < 8 + request.count; ref++, refs += sizeof(ref))
        if (!write_program(pid, refs, &ref, sizeof(ref)))
            return -EFAULT;
    return write_program(pid, argument + offsetof(struct uapi_gntalloc_alloc_gref, index),
                         &request.index, sizeof(request.index))
               ? 0
               : -EFAULT;
}

static int64_t gntalloc_ioctl(pid_t pid, uint64_t request, uint64_t argument)
{
    switch (request) {
    case UAPI_GNTALLOC_ALLOC_GREF:
        return allocate_grefs(pid, argument);
    case UAPI_GNTALLOC_DEALLOC_GREF:
    case UAPI_GNTALLOC_SET_UNMAP_NOTIFY:
        return 0;
    default:
        return -ENOTTY;
    }
}

/* Every frame is there. */
static int64_t map_frames(pid_t pid, uint64_t argument)
{
    static const int no_error = 0;
    struct uapi_privcmd_mmapbatch_v2 batch;

    if (!read_program(pid, &batch, argument, sizeof(batch)))
        return -EFAULT;
    for (uint32_t i = 0; i < batch.num; i++)
        if (!write_program(pid, (uintptr_t)(batch.err + i), &no_error, sizeof(no_error)))
            return -EFAULT;
    return 0;
}

/* A Xen 4.17 that says yes to everything; what is asked of it stays as it was. */
static int64_t make_hypercall(pid_t pid, uint64_t argument)
{
    enum { XEN_VERSION = 17, GET_VERSION = 0, XEN_4_17 = 4 << 16 | 17 };
    struct uapi_privcmd_hypercall call;

    if (!read_program(pid, &call, argument, sizeof(call)))
        return -EFAULT;
    return call.op == XEN_VERSION && call.arg[0] == GET_VERSION ? XEN_4_17 : 0;
}

static int64_t privcmd_ioctl(pid_t pid, uint64_t request, uint64_t argument)
{
    switch (request) {
    case UAPI_PRIVCMD_MMAPBATCH_V2:
        return map_frames(pid, argument);
    case UAPI_PRIVCMD_HYPERCALL:
        return make_hypercall(pid, argument);
    case UAPI_PRIVCMD_MMAP_RESOURCE:
    case UAPI_PRIVCMD_RESTRICT:
    case UAPI_PRIVCMD_DM_OP:
        return 0;
    default:
        return -ENOTTY;
    }
}

int64_t standin_ioctl(pid_t pid, enum device device, uint64_t request, uint64_t argument)
{
    request &= 0xffffffffu;
    switch (device) {
    case DEVICE_EVTCHN:
        return evtchn_ioctl(pid, request, argument);
    case DEVICE_GNTDEV:
        return gntdev_ioctl(pid, request, argument);
    case DEVICE_GNTALLOC:
        return gntalloc_ioctl(pid, request, argument);
    case DEVICE_PRIVCMD:
        return privcmd_ioctl(pid, request, argument);
    default:
        return -ENOTTY;
    }
}
