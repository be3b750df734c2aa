/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fakedomains.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fakexen.h"
#include "uapi_evtchn.h"
#include "uapi_gntalloc.h"
#include "uapi_gntdev.h"

enum { MAX_PORTS = 256, MAX_NOTIFICATIONS = 64, MAX_GONE = 8, PAGE = 4096 };

struct port {
    int fd;   /* of the device it is bound through; 0: free */
    int peer; /* the port it is connected to; 0: none yet */
    bool masked, pending;
};
struct notification {
    int fd;
    uint64_t index; /* of the byte to clear */
    uint32_t action, port;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct port ports[MAX_PORTS];
static struct notification notifications[MAX_NOTIFICATIONS];
static uint32_t gone[MAX_GONE];
static int memory = -1;
static uint64_t next_index = PAGE;
static unsigned slots, events;

static int fail(int errnoval)
{
    errno = errnoval;
    return -1;
}

/* ---- event channels ---- */

static void fire(int number)
{
    struct port *port = &ports[number];
    uint32_t value = (uint32_t)number;

    events++;
    if (port->masked) {
        port->pending = true;
        return;
    }
    port->masked = true;
    if (syscall(SYS_write, fakexen_evtchn_peer_of(port->fd), &value, sizeof(value)) < 0)
        return; /* nobody reads any more */
}

static void notify_peer_of(int number)
{
    if (ports[number].peer)
        fire(ports[number].peer);
}

static int new_port(int fd)
{
    for (int i = 1; i < MAX_PORTS; i++)
        if (!ports[i].fd) {
            ports[i] = (struct port){.fd = fd};
            return i;
        }
    return fail(ENOSPC);
}

static void close_port(int number)
{
    int peer = ports[number].peer;

    if (peer)
        ports[peer].peer = 0;
    ports[number] = (struct port){0};
}

static bool is_gone(uint32_t domid)
{
    for (int i = 0; i < MAX_GONE; i++)
        if (gone[i] == domid + 1)
            return true;
    return false;
}

static bool is_bound_through(int fd, uint32_t number)
{
    return number > 0 && number < MAX_PORTS && ports[number].fd == fd;
}

static int bind_unbound(int fd, void *argument)
{
    (void)argument;
    return new_port(fd);
}

static int bind_interdomain(int fd, void *argument)
{
    const struct uapi_evtchn_bind_interdomain *request = argument;
    uint32_t remote = request->remote_port;
    int port;

    if (is_gone(request->remote_domain))
        return fail(ESRCH);
    if (!remote || remote >= MAX_PORTS || !ports[remote].fd || ports[remote].peer)
        return fail(EINVAL);
    port = new_port(fd);
    if (port < 0)
        return -1;
    ports[port].peer = (int)remote;
    ports[remote].peer = port;
    fire(port);
    return port;
}

static int unbind(int fd, void *argument)
{
    const struct uapi_evtchn_unbind *request = argument;

    if (!is_bound_through(fd, request->port))
        return fail(ENOTCONN);
    close_port((int)request->port);
    return 0;
}

static int notify(int fd, void *argument)
{
    const struct uapi_evtchn_notify *request = argument;

    if (!is_bound_through(fd, request->port))
        return fail(ENOTCONN);
    notify_peer_of((int)request->port);
    return 0;
}

static void unmask(int fd, uint32_t number)
{
    if (!is_bound_through(fd, number))
        return;
    ports[number].masked = false;
    if (ports[number].pending) {
        ports[number].pending = false;
        fire((int)number);
        events--; /* the same one */
    }
}

static void evtchn_written(int fd, const void *buffer, size_t size)
{
    const uint32_t *numbers = buffer;

    pthread_mutex_lock(&mutex);
    for (size_t i = 0; i < size / sizeof(*numbers); i++)
        unmask(fd, numbers[i]);
    pthread_mutex_unlock(&mutex);
}

static void close_ports_of(int fd)
{
    for (int i = 1; i < MAX_PORTS; i++)
        if (ports[i].fd == fd)
            close_port(i);
}

static void closed(int fd)
{
    pthread_mutex_lock(&mutex);
    close_ports_of(fd);
    pthread_mutex_unlock(&mutex);
}

/* ---- grants: reference N stands for page N of the memory ---- */

static int alloc_gref(int fd, void *argument)
{
    struct uapi_gntalloc_alloc_gref *request = argument;
    uint32_t *refs = (uint32_t *)((char *)argument + offsetof(__typeof__(*request), gref_ids));

    (void)fd;
    request->index = next_index;
    for (uint32_t i = 0; i < request->count; i++, next_index += PAGE)
        refs[i] = (uint32_t)(next_index / PAGE);
    return 0;
}

static int dealloc_gref(int fd, void *argument)
{
    (void)fd, (void)argument;
    return 0;
}

static int map_grant_ref(int fd, void *argument)
{
    struct uapi_gntdev_map_grant_ref *request = argument;

    (void)fd;
    for (uint32_t i = 0; i < request->count; i++)
        if (request->refs[i].ref != request->refs[0].ref + i || !request->refs[0].ref ||
            request->refs[i].ref >= next_index / PAGE)
            return fail(EINVAL);
    request->index = (uint64_t)request->refs[0].ref * PAGE;
    slots++;
    return 0;
}

static int unmap_grant_ref(int fd, void *argument)
{
    (void)fd, (void)argument;
    slots--;
    return 0;
}

static int get_offset_for_vaddr(int fd, void *argument)
{
    struct uapi_gntdev_get_offset_for_vaddr *request = argument;
    size_t bytes;
    off_t offset;

    (void)fd;
    if (fakexen_find_mapping((void *)(uintptr_t)request->vaddr, &offset, &bytes))
        return fail(EINVAL);
    request->offset = (uint64_t)offset;
    request->count = (uint32_t)(bytes / PAGE);
    return 0;
}

static int set_unmap_notify(int fd, void *argument)
{
    const struct uapi_gntdev_unmap_notify *request = argument;

    for (int i = 0; i < MAX_NOTIFICATIONS; i++)
        if (!notifications[i].fd) {
            notifications[i] = (struct notification){fd, request->index, request->action,
                                                     request->event_channel_port};
            return 0;
        }
    return fail(ENOMEM);
}

static void carry_out(struct notification *notification)
{
    if (notification->action & UAPI_UNMAP_NOTIFY_CLEAR_BYTE &&
        pwrite(memory, "", 1, (off_t)notification->index) != 1)
        return;
    if (notification->action & UAPI_UNMAP_NOTIFY_SEND_EVENT)
        notify_peer_of((int)notification->port);
    notification->fd = 0;
}

/* A notification goes with the mapping of its page, through its device. */
static void unmapped(int fd, off_t offset)
{
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < MAX_NOTIFICATIONS; i++)
        if (notifications[i].fd == fd &&
            notifications[i].index / PAGE == (uint64_t)offset / PAGE)
            carry_out(&notifications[i]);
    pthread_mutex_unlock(&mutex);
}

/* ---- all of it ---- */

typedef int driver_fn(int fd, void *argument);

static int run_driver(int fd, void *argument, void *user)
{
    driver_fn *driver = *(driver_fn **)user;
    int rc;

    pthread_mutex_lock(&mutex);
    rc = driver(fd, argument);
    pthread_mutex_unlock(&mutex);
    return rc;
}

static struct {
    unsigned long request;
    driver_fn *driver;
} drivers[] = {
    {UAPI_EVTCHN_BIND_UNBOUND_PORT, bind_unbound},
    {UAPI_EVTCHN_BIND_INTERDOMAIN, bind_interdomain},
    {UAPI_EVTCHN_UNBIND, unbind},
    {UAPI_EVTCHN_NOTIFY, notify},
    {UAPI_GNTALLOC_ALLOC_GREF, alloc_gref},
    {UAPI_GNTALLOC_DEALLOC_GREF, dealloc_gref},
    {UAPI_GNTDEV_MAP_GRANT_REF, map_grant_ref},
    {UAPI_GNTDEV_UNMAP_GRANT_REF, unmap_grant_ref},
    {UAPI_GNTDEV_GET_OFFSET_FOR_VADDR, get_offset_for_vaddr},
    {UAPI_GNTDEV_SET_UNMAP_NOTIFY, set_unmap_notify},
};

void fakedomains_start(void)
{
    static const struct fakexen_hooks hooks = {evtchn_written, unmapped, closed};

    fakexen_add_device("/dev/xen/evtchn");
    fakexen_add_device("/dev/xen/gntdev");
    fakexen_add_device("/dev/xen/gntalloc");
    fakexen_fail_open("/dev/xen/privcmd", EACCES);
    for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
        fakexen_on_ioctl(drivers[i].request, run_driver, &drivers[i].driver);
    memory = fakexen_share_memory();
    fakexen_set_hooks(&hooks);
}

void fakedomains_stop(void)
{
    close(memory);
    memory = -1;
}

void fakedomains_forget_memory(void)
{
    off_t size = lseek(memory, 0, SEEK_END);

    if (fakexen_mappings() || ftruncate(memory, 0) || ftruncate(memory, size))
        abort();
    next_index = PAGE;
}

void fakedomains_set_gone(uint32_t domid, int is)
{
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < MAX_GONE; i++)
        if (is ? !gone[i] : gone[i] == domid + 1) {
            gone[i] = is ? domid + 1 : 0;
            break;
        }
    pthread_mutex_unlock(&mutex);
}

void fakedomains_kill_process(int evtchn_fd, int grant_fd)
{
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < MAX_NOTIFICATIONS; i++)
        if (notifications[i].fd == grant_fd)
            carry_out(&notifications[i]);
    close_ports_of(evtchn_fd);
    pthread_mutex_unlock(&mutex);
}

unsigned fakedomains_slots(void)
{
    return slots;
}

unsigned fakedomains_events(void)
{
    return events;
}
