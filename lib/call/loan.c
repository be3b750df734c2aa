/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "loan.h"
#include "handle.h"
#include "mapping.h"

#include <errno.h>
#include <stdlib.h>

static bool make_room(struct loans *loans)
{
    size_t room = loans->room ? 2 * loans->room : 8;
    struct loan *list;

    if (loans->count < loans->room)
        return true;
    list = reallocarray(loans->list, room, sizeof(*list));
    if (!list)
        return false;
    loans->list = list;
    loans->room = room;
    return true;
}

static bool note_loan(xencall_handle *xcall, void *buffer, size_t nr_pages)
{
    struct loans *loans = &xcall->loans;
    bool noted;

    pool_lock(&xcall->pool);
    noted = make_room(loans);
    if (noted)
        loans->list[loans->count++] = (struct loan){buffer, nr_pages};
    pool_unlock(&xcall->pool);
    return noted;
}

/* Most callers hold few buffers and return the newest first. */
static size_t end_loan(struct loans *loans, const void *buffer)
{
    for (size_t i = loans->count; i-- > 0;) {
        if (loans->list[i].buffer == buffer) {
            size_t nr_pages = loans->list[i].nr_pages;

            loans->list[i] = loans->list[--loans->count];
            return nr_pages;
        }
    }
    return 0;
}

static size_t end_loan_locked(xencall_handle *xcall, const void *buffer)
{
    size_t nr_pages;

    pool_lock(&xcall->pool);
    nr_pages = end_loan(&xcall->loans, buffer);
    pool_unlock(&xcall->pool);
    return nr_pages;
}

void *xencall_buffer_get(xencall_handle *xcall, size_t size)
{
    size_t nr_pages = size / XEN_PAGE_SIZE + (size % XEN_PAGE_SIZE != 0);
    bool used;
    void *buffer = xencall_buffer_take(xcall, nr_pages, &used);

    if (buffer && !note_loan(xcall, buffer, nr_pages)) {
        xencall_buffer_give(xcall, buffer, nr_pages);
        errno = ENOMEM;
        return NULL;
    }
    return buffer;
}

int xencall_buffer_put(xencall_handle *xcall, void *buffer)
{
    size_t nr_pages;

    if (!buffer)
        return 0;
    nr_pages = end_loan_locked(xcall, buffer);
    if (!nr_pages) {
        errno = EINVAL;
        return -1;
    }
    xencall_buffer_give(xcall, buffer, nr_pages);
    return 0;
}
