/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The list of livepatches. Xen tells as many at a time as it likes, and the list may
 * change in between. Up to 4.20 it does not know how much room there is for names and
 * metadata: so it gets room for the most that there can be, and the caller's is looked
 * at afterwards.
 */
#include <errno.h>

#include "livepatch.h"

static int ask_sizes(xc_interface *xch, struct ctrl_livepatch *request)
{
    CTRL_ZERO(*request);
    request->cmd = CTRL_LIVEPATCH_LIST;
    return xenctrl_livepatch(xch, request);
}

int xc_livepatch_list_get_sizes(xc_interface *xch, unsigned int *nr, uint32_t *name_total_size,
                                uint32_t *metadata_total_size)
{
    struct ctrl_livepatch request;

    if (!nr || !name_total_size || !metadata_total_size) {
        return xenctrl_refused(xch, EINVAL, "no place for the sizes of a list");
    }
    int result = ask_sizes(xch, &request);
    if (result >= 0) {
        *nr = request.u.list.nr;
        *name_total_size = request.u.list.name_total_size;
        *metadata_total_size = request.u.list.metadata_total_size;
    }
    return result;
}

/* Where to; the rooms shrink and the pointers move on. */
struct destination {
    struct xen_livepatch_status *info;
    char *name;
    uint32_t *len;
    uint32_t name_room;
    char *metadata;
    uint32_t *metadata_len;
    uint32_t metadata_room;
};

/* What Xen fills, again and again: @nr of each. */
struct told {
    xen_livepatch_status_t *status;
    uint32_t *len, *metadata_len;
    char *names, *metadata;
    uint32_t nr, names_room, metadata_room;
};

static char *told_buffer(xc_interface *xch, struct told *told, uint32_t metadata_room)
{
    size_t each = sizeof(*told->status) + 2 * sizeof(*told->len) + XEN_LIVEPATCH_NAME_SIZE;
    char *buffer = xenctrl_buffer(xch, told->nr * each + metadata_room);

    if (!buffer) {
        return NULL;
    }
    told->names_room = told->nr * XEN_LIVEPATCH_NAME_SIZE;
    told->metadata_room = metadata_room;
    told->status = (void *)buffer;
    told->len = (void *)(told->status + told->nr);
    told->metadata_len = told->len + told->nr;
    told->names = (char *)(told->metadata_len + told->nr);
    told->metadata = told->names + told->names_room;
    return buffer;
}

static uint64_t sum(const uint32_t *lengths, unsigned count)
{
    uint64_t total = 0;

    for (unsigned i = 0; i < count; i++) {
        total += lengths[i];
    }
    return total;
}

/* @count of those told to the caller's arrays. */
static int take(xc_interface *xch, const struct told *told, unsigned count,
                struct destination *to)
{
    uint64_t names = sum(told->len, count), metadata = sum(told->metadata_len, count);

    if (names > to->name_room || metadata > to->metadata_room ||
        names > told->names_room || metadata > told->metadata_room) {
        return xenctrl_refused(xch, ENOBUFS, "the list of livepatches has grown");
    }
    memcpy(to->info, told->status, count * sizeof(*to->info));
    memcpy(to->len, told->len, count * sizeof(*to->len));
    memcpy(to->metadata_len, told->metadata_len, count * sizeof(*to->metadata_len));
    memcpy(to->name, told->names, (size_t)names);
    memcpy(to->metadata, told->metadata, (size_t)metadata);
    to->info += count;
    to->len += count;
    to->metadata_len += count;
    to->name += names;
    to->metadata += metadata;
    to->name_room -= (uint32_t)names;
    to->metadata_room -= (uint32_t)metadata;
    return 0;
}

/* How many of up to @nr from @idx on were told, or -1 with errno. */
static int ask(xc_interface *xch, struct ctrl_livepatch *request, const struct told *told,
               uint32_t idx, uint32_t nr)
{
    CTRL_ZERO(*request);
    request->cmd = CTRL_LIVEPATCH_LIST;
    request->u.list.idx = idx;
    request->u.list.nr = nr;
    request->u.list.name_total_size = told->names_room;
    request->u.list.metadata_total_size = told->metadata_room;
    request->u.list.status = ctrl_address(told->status);
    request->u.list.name = ctrl_address(told->names);
    request->u.list.len = ctrl_address(told->len);
    request->u.list.metadata = ctrl_address(told->metadata);
    request->u.list.metadata_len = ctrl_address(told->metadata_len);
    return xenctrl_livepatch(xch, request);
}

static int changed(xc_interface *xch)
{
    return xenctrl_refused(xch, EBUSY, "the list of livepatches changed while it was read");
}

/* Until all of @told are there. EBUSY: the list is no longer that of @version. */
static int fill(xc_interface *xch, const struct told *told, uint32_t start, uint32_t version,
                struct destination *to, unsigned *done, unsigned *left)
{
    struct ctrl_livepatch request;
    uint32_t at_most = told->nr;

    while (*done < told->nr) {
        uint32_t wanted = told->nr - *done < at_most ? told->nr - *done : at_most;
        int count = ask(xch, &request, told, start + *done, wanted);
        if (count < 0 && errno == E2BIG && at_most > 1) {
            at_most /= 2; /* more than Xen tells in one go */
            continue;
        }
        if (count < 0) {
            return -1;
        }
        if (request.u.list.version != version || count == 0 || (uint32_t)count > wanted) {
            return changed(xch);
        }
        if (take(xch, told, (unsigned)count, to)) {
            return -1;
        }
        *done += (unsigned)count;
        *left = request.u.list.nr;
    }
    return 0;
}

/* One try. EBUSY: another may do. */
static int list(xc_interface *xch, unsigned max, unsigned start, struct destination to,
                unsigned *done, unsigned *left)
{
    struct ctrl_livepatch all;
    struct told told = {0};

    *done = *left = 0;
    if (ask_sizes(xch, &all) < 0) {
        return -1;
    }
    if (all.u.list.nr == 0) {
        return 0;
    }
    if (start >= all.u.list.nr) {
        return xenctrl_refused(xch, EINVAL, "there are only %u livepatches", all.u.list.nr);
    }
    told.nr = all.u.list.nr - start < max ? all.u.list.nr - start : max;
    char *buffer = told_buffer(xch, &told, all.u.list.metadata_total_size);
    if (!buffer) {
        return -1;
    }
    int result = fill(xch, &told, start, all.u.list.version, &to, done, left);
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_livepatch_list(xc_interface *xch, const unsigned int max, const unsigned int start,
                      struct xen_livepatch_status *info, char *name, uint32_t *len,
                      const uint32_t name_total_size, char *metadata, uint32_t *metadata_len,
                      const uint32_t metadata_total_size, unsigned int *done,
                      unsigned int *left)
{
    enum { TRIES = 4 };
    const struct destination to = {info,     name,         len,
                                   name_total_size, metadata, metadata_len,
                                   metadata_total_size};

    if (!max || !info || !name || !len || !name_total_size || !metadata || !metadata_len ||
        !done || !left) {
        return xenctrl_refused(xch, EINVAL, "no place for a list of livepatches");
    }
    int result = -1;
    for (unsigned tries = 0; tries < TRIES; tries++) {
        result = list(xch, max, start, to, done, left);
        if (result == 0 || errno != EBUSY) {
            break;
        }
    }
    return result;
}
