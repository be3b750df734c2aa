/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "pollable.h"
#include "request.h"
#include "wait.h"

/* How many requests go out with one sendmsg(2). */
enum { BATCH = 64 };

/* Keys are asked for and answered in order; key i has slot i % window. */
struct reading {
    struct xs_handle *h;
    xs_transaction_t t;
    struct xs_read_key *keys;
    unsigned int count;
    unsigned int asked, answered;
    unsigned int window;
    struct xs_request *slots;
};

static struct xs_request *slot_of(const struct reading *reading, unsigned int key)
{
    return &reading->slots[key % reading->window];
}

/* A key that is not asked for gets its answer here. */
static bool enter(struct reading *reading, struct xsd_sockmsg *header, size_t len)
{
    struct xs_request *request = slot_of(reading, reading->asked);

    *request = (struct xs_request){.type = XS_READ};
    if (xs_request_enter(reading->h, request, reading->t, len, header) == 0)
        return true;
    request->answered = true;
    request->error = errno;
    return false;
}

/* The keys from @first on were sent, or could not be. */
static void note_sent(struct reading *reading, unsigned int first, int errnoval)
{
    for (; first < reading->asked; first++) {
        struct xs_request *request = slot_of(reading, first);

        if (errnoval && !request->answered)
            xs_request_withdraw(reading->h, request, errnoval);
        else
            request->put_in = reading->h->outbox.put_in;
    }
}

/* Sends the requests for as many keys as go together. Wants the mutex. */
static void ask_batch(struct reading *reading)
{
    struct xsd_sockmsg headers[BATCH];
    struct iovec pieces[2 * BATCH];
    unsigned int first = reading->asked, count = 0;
    size_t len = 0;

    while (count < BATCH && reading->asked < reading->count &&
           reading->asked - reading->answered < reading->window) {
        const char *path = reading->keys[reading->asked].path;
        size_t path_len = strlen(path) + 1;

        if (enter(reading, &headers[count], path_len)) {
            pieces[2 * count] = (struct iovec){&headers[count], sizeof(headers[0])};
            pieces[2 * count + 1] = (struct iovec){(void *)(uintptr_t)path, path_len};
            len += sizeof(headers[0]) + path_len;
            count++;
        }
        reading->asked++;
    }
    if (count)
        note_sent(reading, first,
                  xs_send_to_socket(reading->h, pieces, 2 * count, len) ? errno : 0);
}

/* The device takes one request at a time, and may refuse it. Wants the mutex. */
static void ask_one(struct reading *reading)
{
    struct xs_request *request = slot_of(reading, reading->asked);
    struct xs_payload payload = {.count = 0};

    *request = (struct xs_request){.type = XS_READ};
    xs_payload_add_string(&payload, reading->keys[reading->asked].path);
    if (xs_request_send(reading->h, request, reading->t, &payload)) {
        request->answered = true; /* at once */
        request->error = errno;
    }
    reading->asked++;
}

/* Keeps between half a window and a whole one on the way. */
static void ask(struct reading *reading)
{
    if (reading->asked - reading->answered > reading->window / 2)
        return;
    while (reading->asked < reading->count &&
           reading->asked - reading->answered < reading->window)
        (reading->h->is_socket ? ask_batch : ask_one)(reading);
}

/* Takes the answer to the next key. */
static void take(struct reading *reading)
{
    struct xs_request *request = slot_of(reading, reading->answered);
    struct xs_read_key *key = &reading->keys[reading->answered];

    xs_wait(reading->h, request, NULL);
    if (request->id) /* it was sent */
        xs_request_remove(reading->h, request);
    key->error = request->error;
    if (!key->error) {
        key->value = xs_request_take_text(request);
        key->error = key->value ? 0 : ENOMEM;
        key->len = request->len;
    }
    reading->answered++;
}

/* Wants the mutex. Returns how many were read. */
static int read_all(struct reading *reading)
{
    int values = 0;

    while (reading->answered < reading->count) {
        ask(reading);
        take(reading);
        values += !reading->keys[reading->answered - 1].error;
    }
    return values;
}

static int give_up(struct xs_read_key *keys, unsigned int count, int errnoval)
{
    for (unsigned int i = 0; i < count; i++) {
        free(keys[i].value);
        keys[i].value = NULL;
        keys[i].error = errnoval;
    }
    errno = errnoval;
    return -1;
}

/* All of the keys, with the connection to itself; or what broke it. */
static int read_keys(struct reading *reading)
{
    struct xs_handle *h = reading->h;
    bool muted;
    int values, broken;

    xs_lock(h);
    broken = h->broken ? EBADF : 0;
    muted = xs_pollable_mute(h);
    values = broken ? 0 : read_all(reading);
    xs_pollable_unmute(h, muted);
    broken = broken ? broken : h->broken;
    xs_unlock(h);
    return broken ? give_up(reading->keys, reading->count, broken) : values;
}

int xs_read_many(struct xs_handle *h, xs_transaction_t t, struct xs_read_key *keys,
                 unsigned int count)
{
    struct reading reading = {.h = h, .t = t, .keys = keys, .count = count};
    int values;

    for (unsigned int i = 0; i < count; i++) {
        keys[i].value = NULL;
        keys[i].len = 0;
        keys[i].error = 0;
    }
    if (!count)
        return 0;
    reading.window = h->is_socket ? XS_READ_MANY_SOCKET : XS_READ_MANY_DEVICE;
    if (reading.window > count)
        reading.window = count;
    reading.slots = calloc(reading.window, sizeof(*reading.slots));
    if (!reading.slots)
        return give_up(keys, count, ENOMEM);
    values = read_keys(&reading);
    free(reading.slots);
    return values;
}
