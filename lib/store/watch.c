/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "event.h"
#include "pollable.h"
#include "request.h"
#include "wait.h"

static bool set_watch(struct xs_handle *h, const char *path, const char *token,
                      const char *depth)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, path);
    xs_payload_add_string(&payload, token);
    if (depth)
        xs_payload_add_string(&payload, depth);
    return xs_do(h, XS_WATCH, XBT_NULL, &payload);
}

bool xs_watch(struct xs_handle *h, const char *path, const char *token)
{
    return set_watch(h, path, token, NULL);
}

static bool knows_depth(struct xs_handle *h)
{
    unsigned int features;

    if (!xs_get_features_supported(h, &features))
        return errno == ENOSYS ? xs_fail(EOPNOTSUPP) : false;
    return features & XENSTORE_SERVER_FEATURE_WATCHDEPTH ? true : xs_fail(EOPNOTSUPP);
}

bool xs_watch_depth(struct xs_handle *h, const char *path, const char *token,
                    unsigned int depth)
{
    char text[MAX_STRLEN(depth)];

    if (!knows_depth(h))
        return false;
    snprintf(text, sizeof(text), "%u", depth);
    return set_watch(h, path, token, text);
}

bool xs_watch_try_depth(struct xs_handle *h, const char *path, const char *token,
                        unsigned int depth)
{
    return knows_depth(h) ? xs_watch_depth(h, path, token, depth) : xs_watch(h, path, token);
}

/* All events of the watch came before the reply, and are in the queue or taken. */
bool xs_unwatch(struct xs_handle *h, const char *path, const char *token)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, path);
    xs_payload_add_string(&payload, token);
    if (!xs_do(h, XS_UNWATCH, XBT_NULL, &payload))
        return false;
    if (h->flags & XS_UNWATCH_FILTER) {
        xs_lock(h);
        xs_event_drop(h, path, token);
        xs_unlock(h);
    }
    return true;
}

char **xs_check_watch(struct xs_handle *h)
{
    char **event = NULL;

    xs_lock(h);
    xs_pollable_note_user(h);
    if (!h->first_event)
        xs_look(h);
    if (h->first_event)
        event = xs_event_take(h, NULL);
    else
        errno = h->broken ? EBADF : EAGAIN;
    xs_unlock(h);
    return event;
}

/* Wants the mutex. */
static char **wait_for_event(struct xs_handle *h, const struct xenlibs_deadline *deadline,
                             unsigned int *num)
{
    bool was_broken = h->broken;

    if (xs_wait(h, NULL, deadline))
        return NULL;
    if (h->first_event)
        return xs_event_take(h, num);
    errno = was_broken ? EBADF : h->broken;
    return NULL;
}

static char **wait_watch(struct xs_handle *h, const struct xenlibs_deadline *deadline,
                         unsigned int *num)
{
    char **event;
    bool muted;

    xs_lock(h);
    muted = xs_pollable_mute(h);
    event = wait_for_event(h, deadline, num);
    xs_pollable_unmute(h, muted);
    xs_unlock(h);
    return event;
}

char **xs_read_watch(struct xs_handle *h, unsigned int *num)
{
    return wait_watch(h, NULL, num);
}

char **xs_wait_watch(struct xs_handle *h, int timeout_ms)
{
    struct xenlibs_deadline deadline;

    xenlibs_deadline_set(&deadline, timeout_ms);
    return wait_watch(h, &deadline, NULL);
}
