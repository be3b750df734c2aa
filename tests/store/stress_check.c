/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the stress begins with, and what must be in the store when it is over. */
#include "stress.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool put_number(struct xs_handle *xsh, const char *path, long number)
{
    char text[32];

    snprintf(text, sizeof(text), "%ld", number);
    return xs_write(xsh, XBT_NULL, path, text, (unsigned)strlen(text));
}

bool prepare_store(struct xs_handle *xsh)
{
    bool good = xs_rm(xsh, XBT_NULL, "/xenlibs-stress");

    for (uint32_t i = 0; i < COUNTERS; i++)
        good = good && put_number(xsh, counter_path(i), 0);
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        good = good && put_number(xsh, account_path(i), FIRST_BALANCE);
    for (uint32_t i = 0; i < SHARED_KEYS; i++)
        good = good && xs_mkdir(xsh, XBT_NULL, shared_path(i));
    return good;
}

/* ---- faults */

static void change_number(struct world *world, struct xs_handle *xsh, const char *path, long by)
{
    long number = 0;

    if (read_number(world, xsh, XBT_NULL, path, &number))
        put_number(xsh, path, number + by);
}

static void tear_a_record(struct xs_handle *xsh)
{
    char first[RECORD_BYTES], second[RECORD_BYTES];
    unsigned length = make_record((struct record_name){0, 0, 1}, first);

    make_record((struct record_name){1, 0, 1}, second);
    memcpy(first + length / 2, second + length / 2, length - length / 2);
    xs_write(xsh, XBT_NULL, shared_path(0), first, length);
}

static void bring_back_an_old_record(struct world *world, struct xs_handle *xsh)
{
    char record[RECORD_BYTES];

    for (uint32_t client = 0; client < client_count(world); client++)
        for (uint32_t key = 0; key < SHARED_KEYS; key++)
            if (world->clients[client].shared_seq[key] > 1) {
                struct record_name name = {client, key,
                                           world->clients[client].shared_seq[key] - 1};
                unsigned length = make_record(name, record);

                xs_write(xsh, XBT_NULL, shared_path(key), record, length);
                return;
            }
}

static void remove_a_child(struct world *world, struct xs_handle *xsh)
{
    for (uint32_t client = 0; client < client_count(world); client++)
        for (uint32_t child = 0; child < CHILDREN; child++)
            if (world->clients[client].children & 1u << child) {
                xs_rm(xsh, XBT_NULL, child_path(client, child));
                return;
            }
}

void plant_fault(struct world *world, struct xs_handle *xsh)
{
    switch (world->fault) {
    case AN_UPDATE_IS_LOST:
        change_number(world, xsh, counter_path(COUNTERS / 2), -1);
        break;
    case A_TRANSFER_IS_HALF_DONE:
        change_number(world, xsh, account_path(ACCOUNTS / 2), 10);
        break;
    case A_RECORD_IS_TORN:
        tear_a_record(xsh);
        break;
    case AN_OLD_RECORD_IS_BACK:
        bring_back_an_old_record(world, xsh);
        break;
    case A_CHILD_IS_MISSING:
        remove_a_child(world, xsh);
        break;
    case NO_FAULT:
    case A_WRITE_IS_LOST:
    case A_REPLY_GOES_ASTRAY:
        break; /* made by the clients, if at all */
    }
}

/* ---- the store against the model */

static void check_own_keys(struct world *world, struct xs_handle *xsh, uint32_t client)
{
    for (uint32_t key = 0; key < OWN_KEYS; key++) {
        struct record_name found;
        unsigned length = 0;
        char *value = xs_read(xsh, XBT_NULL, own_path(client, key), &length);

        if (!value || !read_record(value, length, &found))
            complain(world, "at the end: key %u of client %u is torn or gone", key, client);
        else if (found.client != client || found.key != key ||
                 found.seq != world->clients[client].own_seq[key])
            complain(world, "at the end: key %u of client %u holds write %u instead of %u", key,
                     client, found.seq, world->clients[client].own_seq[key]);
        free(value);
    }
}

static void check_folder(struct world *world, struct xs_handle *xsh, uint32_t client)
{
    unsigned count = 0;
    uint32_t found = 0;
    char **names = xs_directory(xsh, XBT_NULL, folder_path(client), &count);

    for (unsigned i = 0; names && i < count; i++)
        found |= 1u << strtoul(names[i], NULL, 10) % 32;
    if (!names || found != world->clients[client].children)
        complain(world, "at the end: the folder of client %u has children %#x instead of %#x",
                 client, found, world->clients[client].children);
    free(names);
}

static void check_counter(struct world *world, struct xs_handle *xsh, uint32_t counter)
{
    long found, committed = 0;

    for (uint32_t client = 0; client < client_count(world); client++)
        committed += world->clients[client].increments[counter];
    if (read_number(world, xsh, XBT_NULL, counter_path(counter), &found) && found != committed)
        complain(world, "at the end: counter %u is %ld after %ld committed increments", counter,
                 found, committed);
}

static void check_account(struct world *world, struct xs_handle *xsh, uint32_t account)
{
    long found, balance = FIRST_BALANCE;

    for (uint32_t client = 0; client < client_count(world); client++)
        balance += world->clients[client].moved[account];
    if (read_number(world, xsh, XBT_NULL, account_path(account), &found) && found != balance)
        complain(world, "at the end: account %u holds %ld instead of %ld", account, found,
                 balance);
}

/* The last write of some client must be there: writes of one client keep their order. */
static void check_shared_key(struct world *world, struct xs_handle *xsh, uint32_t key)
{
    struct record_name found;
    unsigned length = 0;
    bool written = false;
    char *value = xs_read(xsh, XBT_NULL, shared_path(key), &length);

    for (uint32_t client = 0; client < client_count(world); client++)
        written = written || world->clients[client].shared_seq[key];
    if (!value || (length == 0) == written)
        complain(world, "at the end: shared key %u is empty or gone", key);
    else if (written && (!read_record(value, length, &found) || found.key != key ||
                         found.client >= client_count(world)))
        complain(world, "at the end: shared key %u is torn", key);
    else if (written && found.seq != world->clients[found.client].shared_seq[key])
        complain(world, "at the end: shared key %u holds write %u of client %u, whose last was %u",
                 key, found.seq, found.client, world->clients[found.client].shared_seq[key]);
    free(value);
}

void check_store(struct world *world, struct xs_handle *xsh)
{
    for (uint32_t client = 0; client < client_count(world); client++) {
        check_own_keys(world, xsh, client);
        check_folder(world, xsh, client);
        if (!world->clients[client].operations)
            complain(world, "client %u did nothing", client);
    }
    for (uint32_t i = 0; i < COUNTERS; i++)
        check_counter(world, xsh, i);
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        check_account(world, xsh, i);
    for (uint32_t i = 0; i < SHARED_KEYS; i++)
        check_shared_key(world, xsh, i);
}
