/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store real: what requests to a real xenstored cost, before a watch is set and after,
 * one by one and together. Needs one to talk to: tests/store/with-xenstored, or dom0.
 */
#include "measure.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#define TOP "/xenlibs-bench"

enum { READS = 100, PATH_BYTES = 32, EVENT_MS = 10000 };

/* xs_read_many()'s, which upstream's library has not. */
struct read_key {
    const char *path;
    char *value;
    unsigned int len;
    int error;
};
typedef int read_many_fn(struct xs_handle *, xs_transaction_t, struct read_key *, unsigned int);

static struct xs_handle *plain, *watched, *notified;
static read_many_fn *read_many;
static char paths[READS][PATH_BYTES];

static struct xs_handle *opened(void)
{
    struct xs_handle *xsh = xs_open(0);

    if (!xsh)
        measure_fail("xs_open");
    return xsh;
}

static void open_and_close(void)
{
    xs_close(opened());
}

static void read_one(struct xs_handle *xsh, xs_transaction_t t, const char *path)
{
    unsigned length;
    char *value = xs_read(xsh, t, path, &length);

    if (!value)
        measure_fail("xs_read");
    free(value);
}

static void read_all(struct xs_handle *xsh)
{
    for (int i = 0; i < READS; i++)
        read_one(xsh, XBT_NULL, paths[i]);
}

static void read_before_a_watch(void)
{
    read_all(plain);
}

static void read_after_a_watch(void)
{
    read_all(watched);
}

/* As the library at hand does it best. */
static void read_together(void)
{
    struct read_key keys[READS];

    if (!read_many) {
        read_all(plain);
        return;
    }
    for (int i = 0; i < READS; i++)
        keys[i] = (struct read_key){.path = paths[i]};
    if (read_many(plain, XBT_NULL, keys, READS) != READS)
        measure_fail("xs_read_many");
    for (int i = 0; i < READS; i++)
        free(keys[i].value);
}

static void write_all(void)
{
    for (int i = 0; i < READS; i++)
        if (!xs_write(plain, XBT_NULL, paths[i], "value", 5))
            measure_fail("xs_write");
}

static void transact(void)
{
    xs_transaction_t t = xs_transaction_start(plain);

    if (t == XBT_NULL)
        measure_fail("xs_transaction_start");
    read_one(plain, t, paths[0]);
    if (!xs_write(plain, t, paths[0], "value", 5) || !xs_transaction_end(plain, t, false))
        measure_fail("a transaction");
}

/* Waits for the next event of @notified, and takes it. */
static void take_event(void)
{
    struct pollfd events = {.fd = xs_fileno(notified), .events = POLLIN};
    char **event;

    while (!(event = xs_check_watch(notified)))
        if (errno != EAGAIN || poll(&events, 1, EVENT_MS) != 1)
            measure_fail("xs_check_watch");
    free(event);
}

static void change_and_hear(void)
{
    if (!xs_write(plain, XBT_NULL, TOP "/heard", "value", 5))
        measure_fail("xs_write");
    take_event();
}

static void watch(struct xs_handle *xsh, const char *path)
{
    if (!xs_watch(xsh, path, "token"))
        measure_fail("xs_watch");
}

int main(int argc, char **argv)
{
    static const struct measurement measurements[] = {
        {"store-100-reads", NULL, read_before_a_watch, READS, true},
        {"store-100-reads-watched", NULL, read_after_a_watch, READS, true},
        {"store-100-reads-together", NULL, read_together, READS, true},
        {"store-100-writes", NULL, write_all, READS, true},
        {"store-transaction", NULL, transact, 1, true},
        {"store-event", NULL, change_and_hear, 1, true},
        {"store-open-close", NULL, open_and_close, 1, true},
    };

    measure_ground(&argc, &argv);
    read_many = (read_many_fn *)measure_find_symbol("xs_read_many");
    plain = opened();
    watched = opened();
    notified = opened();
    for (int i = 0; i < READS; i++)
        snprintf(paths[i], sizeof(paths[i]), TOP "/%d", i);
    write_all();
    watch(watched, TOP "/unchanged");
    watch(notified, TOP "/heard");
    take_event();
    measure_all(measurements, sizeof(measurements) / sizeof(measurements[0]));
    xs_rm(plain, XBT_NULL, TOP);
    return 0;
}
