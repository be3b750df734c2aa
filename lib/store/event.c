/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "event.h"

#include <stdlib.h>
#include <string.h>

#include "pollable.h"
#include "strings.h"
#include "wait.h"

/*
 * An event is one block, which begins with the array that its taker gets: the
 * strings follow the array, and at the end there is a place for this.
 */
struct xs_event {
    struct xs_event *next;
    char **strings;
    unsigned int count;
};

/* Rounded up, so that the queue's link behind it is aligned. */
static size_t aligned(size_t len)
{
    return (len + _Alignof(struct xs_event) - 1) & ~(_Alignof(struct xs_event) - 1);
}

static struct xs_event *new_event(const uint8_t *bytes, size_t len, unsigned int count)
{
    size_t size = aligned(count * sizeof(char *) + len);
    char **strings = malloc(size + sizeof(struct xs_event));
    struct xs_event *event;

    if (!strings)
        return NULL;
    xs_strings_point(strings, (char *)(strings + count), bytes, len);
    event = (struct xs_event *)(void *)((char *)strings + size);
    *event = (struct xs_event){.strings = strings, .count = count};
    return event;
}

void xs_event_arrived(struct xs_handle *h, const uint8_t *bytes, size_t len)
{
    unsigned int count = xs_strings_count(bytes, len);
    struct xs_event *event;

    if (count <= XS_WATCH_TOKEN || bytes[len - 1] != '\0') {
        xs_break(h, EPROTO);
        return;
    }
    event = new_event(bytes, len, count);
    if (!event) {
        xs_break(h, ENOMEM);
        return;
    }
    if (h->last_event)
        h->last_event->next = event;
    else
        h->first_event = event;
    h->last_event = event;
    xs_wake_for_event(h);
}

/* Takes the event that @link points to out of the queue. */
static struct xs_event *unlink_event(struct xs_handle *h, struct xs_event **link,
                                     struct xs_event *before)
{
    struct xs_event *event = *link;

    *link = event->next;
    if (h->last_event == event)
        h->last_event = before;
    return event;
}

char **xs_event_take(struct xs_handle *h, unsigned int *num)
{
    struct xs_event *event = unlink_event(h, &h->first_event, NULL);

    if (num)
        *num = event->count;
    xs_pollable_update(h);
    return event->strings;
}

void xs_event_drop(struct xs_handle *h, const char *path, const char *token)
{
    struct xs_event **link = &h->first_event, *before = NULL;

    while (*link) {
        char **strings = (*link)->strings;

        if (strcmp(strings[XS_WATCH_TOKEN], token) == 0 &&
            xs_path_is_subpath(path, strings[XS_WATCH_PATH])) {
            free(unlink_event(h, link, before)->strings);
        } else {
            before = *link;
            link = &before->next;
        }
    }
    xs_pollable_update(h);
}

void xs_event_drop_all(struct xs_handle *h)
{
    while (h->first_event)
        free(unlink_event(h, &h->first_event, NULL)->strings);
}
