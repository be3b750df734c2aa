/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake_drivers.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fakexen.h"

enum { MAX_SLOTS = 4096, PAGE = 4096 };

struct slots {
    uint64_t index;
    uint32_t count; /* 0: not in use */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct fake_drivers drivers;
static struct slots gntdev_slots[MAX_SLOTS], gntalloc_slots[MAX_SLOTS];
static uint64_t next_index;

static int fail(int errnoval)
{
    errno = errnoval;
    return -1;
}

static uint64_t add_slots(struct slots *slots, uint32_t count)
{
    uint64_t index;

    pthread_mutex_lock(&mutex);
    while (slots->count)
        slots++;
    *slots = (struct slots){next_index, count};
    index = drivers.last_index = next_index;
    next_index += ((uint64_t)count + 1) * PAGE;
    pthread_mutex_unlock(&mutex);
    return index;
}

static bool remove_slots(struct slots *slots, uint64_t index, uint32_t count)
{
    bool found = false;

    pthread_mutex_lock(&mutex);
    for (unsigned i = 0; i < MAX_SLOTS && !found; i++)
        if (slots[i].count == count && slots[i].index == index) {
            slots[i].count = 0;
            found = true;
        }
    pthread_mutex_unlock(&mutex);
    return found;
}

static const struct slots *slots_at(const struct slots *slots, uint64_t offset)
{
    for (unsigned i = 0; i < MAX_SLOTS; i++)
        if (slots[i].count && offset >= slots[i].index &&
            offset < slots[i].index + (uint64_t)slots[i].count * PAGE)
            return &slots[i];
    return NULL;
}

/* The offset on a device that is mapped at @address, as the kernel has it. */
static bool mapped_offset(uint64_t address, uint64_t *offset)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    uint64_t start, end;
    char line[512];
    bool found = false;

    while (maps && !found && fgets(line, sizeof(line), maps))
        found = strstr(line, "memfd:fakexen") &&
                sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64, &start, &end, offset) == 3 &&
                address >= start && address < end;
    if (maps)
        fclose(maps);
    return found;
}

static int map_grant_ref(int fd, void *argument, void *user)
{
    struct uapi_gntdev_map_grant_ref *request = argument;

    (void)fd, (void)user;
    if (!request->count || request->count > drivers.map_limit)
        return fail(EINVAL);
    request->index = add_slots(gntdev_slots, request->count);
    pthread_mutex_lock(&mutex);
    drivers.mapped++;
    drivers.map_count = request->count;
    drivers.first_ref = request->refs[0];
    drivers.last_ref = request->refs[request->count - 1];
    pthread_mutex_unlock(&mutex);
    return 0;
}

static int unmap_grant_ref(int fd, void *argument, void *user)
{
    const struct uapi_gntdev_unmap_grant_ref *request = argument;

    (void)fd, (void)user;
    if (!remove_slots(gntdev_slots, request->index, request->count))
        return fail(ENOENT);
    pthread_mutex_lock(&mutex);
    drivers.mapped--;
    pthread_mutex_unlock(&mutex);
    return 0;
}

static int get_offset_for_vaddr(int fd, void *argument, void *user)
{
    struct uapi_gntdev_get_offset_for_vaddr *request = argument;
    const struct slots *slots;
    uint64_t offset;

    (void)fd, (void)user;
    if (!mapped_offset(request->vaddr, &offset) ||
        !(slots = slots_at(gntdev_slots, offset)))
        return fail(EINVAL);
    request->offset = slots->index;
    request->count = slots->count;
    return 0;
}

static int set_unmap_notify(int fd, void *argument, void *user)
{
    const struct uapi_gntdev_unmap_notify *request = argument;

    (void)fd, (void)user;
    if (!slots_at(gntdev_slots, request->index) && !slots_at(gntalloc_slots, request->index))
        return fail(ENOENT);
    drivers.notifications++;
    drivers.notify = *request;
    return 0;
}

static int alloc_gref(int fd, void *argument, void *user)
{
    struct uapi_gntalloc_alloc_gref *request = argument;
    uint32_t *refs = (uint32_t *)((char *)argument + offsetof(__typeof__(*request), gref_ids));

    (void)fd, (void)user;
    request->index = add_slots(gntalloc_slots, request->count);
    for (uint32_t i = 0; i < request->count; i++)
        refs[i] = FAKE_FIRST_REF + i;
    drivers.granted++;
    drivers.share_domid = request->domid;
    drivers.share_flags = request->flags;
    drivers.share_count = request->count;
    return 0;
}

static int dealloc_gref(int fd, void *argument, void *user)
{
    const struct uapi_gntalloc_dealloc_gref *request = argument;

    (void)fd, (void)user;
    if (!remove_slots(gntalloc_slots, request->index, request->count))
        return fail(EINVAL);
    drivers.granted--;
    drivers.dealloc_count = request->count;
    return 0;
}

struct fake_drivers *fake_drivers_add(void)
{
    drivers.map_limit = FAKE_GNTDEV_LIMIT;
    fakexen_add_device("/dev/xen/gntdev");
    fakexen_add_device("/dev/xen/gntalloc");
    fakexen_on_ioctl(UAPI_GNTDEV_MAP_GRANT_REF, map_grant_ref, NULL);
    fakexen_on_ioctl(UAPI_GNTDEV_UNMAP_GRANT_REF, unmap_grant_ref, NULL);
    fakexen_on_ioctl(UAPI_GNTDEV_GET_OFFSET_FOR_VADDR, get_offset_for_vaddr, NULL);
    fakexen_on_ioctl(UAPI_GNTDEV_SET_UNMAP_NOTIFY, set_unmap_notify, NULL);
    fakexen_on_ioctl(UAPI_GNTALLOC_ALLOC_GREF, alloc_gref, NULL);
    fakexen_on_ioctl(UAPI_GNTALLOC_DEALLOC_GREF, dealloc_gref, NULL);
    return &drivers;
}
