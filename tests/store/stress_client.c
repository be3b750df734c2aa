/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a client of the stress does, step by step, and what it must see there. */
#include "stress.h"

#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct client {
    struct world *world;
    struct client_model *model;
    struct xs_handle *xsh;
    uint32_t number, random;
    bool watches;
};

/* xs_read_many()'s, which upstream's library has not. */
struct read_key {
    const char *path;
    char *value;
    unsigned int len;
    int error;
};
typedef int read_many_fn(struct xs_handle *, xs_transaction_t, struct read_key *, unsigned int);

static uint32_t pick(struct client *client, uint32_t below)
{
    client->random = client->random * 1664525u + 1013904223u;
    return (client->random >> 10) % below;
}

static void count(struct client *client, uint32_t operations)
{
    client->model->operations += operations;
    if (atomic_fetch_add(&client->world->operations, operations) + operations >=
        client->world->wanted)
        atomic_store(&client->world->stop, true);
}

/* Counts an operation; complains if it failed. */
static bool worked(struct client *client, bool good, const char *what)
{
    if (!good)
        complain(client->world, "client %u: %s failed: %s", client->number, what,
                 strerrorname_np(errno));
    count(client, 1);
    return good;
}

bool read_number(struct world *world, struct xs_handle *xsh, xs_transaction_t t, const char *path,
                 long *number)
{
    char *end, *text = xs_read(xsh, t, path, NULL);
    bool good;

    if (!text) {
        complain(world, "reading %s failed: %s", path, strerrorname_np(errno));
        return false;
    }
    *number = strtol(text, &end, 10);
    good = end != text && *end == '\0';
    if (!good)
        complain(world, "%s holds no number but '%.20s'", path, text);
    free(text);
    return good;
}

static bool write_number(struct client *client, xs_transaction_t t, const char *path, long number)
{
    char text[32];
    int length = snprintf(text, sizeof(text), "%ld", number);

    return worked(client, xs_write(client->xsh, t, path, text, (unsigned)length),
                  "writing a number");
}

static bool get_number(struct client *client, xs_transaction_t t, const char *path, long *number)
{
    count(client, 1);
    return read_number(client->world, client->xsh, t, path, number);
}

/* ---- the client's own keys: what it wrote last must be there */

static void write_own(struct client *client)
{
    uint32_t key = pick(client, OWN_KEYS), seq = client->model->own_seq[key] + 1;
    struct record_name name = {client->number, key, seq};
    char record[RECORD_BYTES];
    unsigned length = make_record(name, record);

    if (client->world->fault == A_WRITE_IS_LOST && seq >= 3) {
        client->model->own_seq[key] = seq;
        return;
    }
    if (worked(client,
               xs_write(client->xsh, XBT_NULL, own_path(client->number, key), record, length),
               "writing an own key"))
        client->model->own_seq[key] = seq;
}

static void expect_own(struct client *client, uint32_t key, const char *value, unsigned length)
{
    struct record_name found;

    if (!read_record(value, length, &found))
        complain(client->world, "client %u: own key %u is torn", client->number, key);
    else if (found.client != client->number || found.key != key)
        complain(client->world, "client %u: got key %u of client %u for own key %u",
                 client->number, found.key, found.client, key);
    else if (found.seq != client->model->own_seq[key])
        complain(client->world, "client %u: own key %u holds write %u instead of %u",
                 client->number, key, found.seq, client->model->own_seq[key]);
}

static void read_own(struct client *client)
{
    uint32_t key = pick(client, OWN_KEYS), whose = client->number;
    unsigned length = 0;
    char *value;

    if (client->world->fault == A_REPLY_GOES_ASTRAY)
        whose = 2;
    value = xs_read(client->xsh, XBT_NULL, own_path(whose, key), &length);
    if (worked(client, value != NULL, "reading an own key"))
        expect_own(client, key, value, length);
    free(value);
}

/* All of its own at once, where the library can. */
static void read_all_own(struct client *client)
{
    read_many_fn *read_many = (read_many_fn *)dlsym(RTLD_DEFAULT, "xs_read_many");
    struct read_key keys[OWN_KEYS];

    if (!read_many) {
        read_own(client);
        return;
    }
    for (uint32_t key = 0; key < OWN_KEYS; key++)
        keys[key] = (struct read_key){.path = own_path(client->number, key)};
    if (!worked(client, read_many(client->xsh, XBT_NULL, keys, OWN_KEYS) == OWN_KEYS,
                "reading all own keys"))
        return;
    count(client, OWN_KEYS - 1);
    for (uint32_t key = 0; key < OWN_KEYS; key++) {
        expect_own(client, key, keys[key].value, keys[key].len);
        free(keys[key].value);
    }
}

/* ---- keys that all write: whole records, none from the future */

static void write_shared(struct client *client)
{
    uint32_t key = pick(client, SHARED_KEYS), seq = client->model->announced + 1;
    struct record_name name = {client->number, key, seq};
    char record[RECORD_BYTES];
    unsigned length = make_record(name, record);

    atomic_store(&client->model->announced, seq);
    if (worked(client, xs_write(client->xsh, XBT_NULL, shared_path(key), record, length),
               "writing a shared key"))
        client->model->shared_seq[key] = seq;
}

static void read_shared(struct client *client)
{
    uint32_t key = pick(client, SHARED_KEYS);
    struct record_name found;
    unsigned length = 0;
    char *value = xs_read(client->xsh, XBT_NULL, shared_path(key), &length);

    if (worked(client, value != NULL, "reading a shared key") && length > 0) {
        if (!read_record(value, length, &found) || found.key != key ||
            found.client >= client_count(client->world))
            complain(client->world, "client %u: shared key %u is torn", client->number, key);
        else if (found.seq > atomic_load(&client->world->clients[found.client].announced))
            complain(client->world, "shared key %u holds what client %u never wrote", key,
                     found.client);
    }
    free(value);
}

/* ---- transactions: begun again until they are carried out */

/* True if it was carried out; false: to be begun again. */
static bool commit(struct client *client, xs_transaction_t t)
{
    bool committed = xs_transaction_end(client->xsh, t, false);

    if (!committed && errno == EAGAIN) {
        client->model->overtaken++;
        count(client, 1);
        return false;
    }
    return worked(client, committed, "ending a transaction");
}

static bool begin(struct client *client, xs_transaction_t *t)
{
    *t = xs_transaction_start(client->xsh);
    return worked(client, *t != XBT_NULL, "starting a transaction");
}

static bool try_to_count_up(struct client *client, uint32_t counter)
{
    xs_transaction_t t;
    long value;

    if (!begin(client, &t) || !get_number(client, t, counter_path(counter), &value) ||
        !write_number(client, t, counter_path(counter), value + 1) || !commit(client, t))
        return false;
    client->model->increments[counter]++;
    return true;
}

static void count_up(struct client *client)
{
    uint32_t counter = pick(client, COUNTERS);

    while (!client->world->complaints && !try_to_count_up(client, counter))
        continue;
}

static bool try_to_transfer(struct client *client, uint32_t from, uint32_t to, int32_t amount)
{
    xs_transaction_t t;
    long source, target;

    if (!begin(client, &t) || !get_number(client, t, account_path(from), &source) ||
        !get_number(client, t, account_path(to), &target) ||
        !write_number(client, t, account_path(from), source - amount) ||
        !write_number(client, t, account_path(to), target + amount) || !commit(client, t))
        return false;
    client->model->moved[from] -= amount;
    client->model->moved[to] += amount;
    return true;
}

static void transfer(struct client *client)
{
    uint32_t from = pick(client, ACCOUNTS), to = (from + 1 + pick(client, ACCOUNTS - 1)) % ACCOUNTS;
    int32_t amount = (int32_t)pick(client, 50);

    while (!client->world->complaints && !try_to_transfer(client, from, to, amount))
        continue;
}

/* Accounts add up whenever they are read together. */
static void audit(struct client *client)
{
    long sum = 0, balance;
    xs_transaction_t t;

    if (!begin(client, &t))
        return;
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        if (!get_number(client, t, account_path(i), &balance))
            return;
        sum += balance;
    }
    if (commit(client, t) && sum != ACCOUNTS * FIRST_BALANCE)
        complain(client->world, "client %u: the accounts add up to %ld instead of %d",
                 client->number, sum, ACCOUNTS * FIRST_BALANCE);
}

/* ---- the client's own folder */

static void change_folder(struct client *client)
{
    uint32_t child = pick(client, CHILDREN), bit = 1u << child;
    const char *path = child_path(client->number, child);
    bool there = client->model->children & bit;

    if (worked(client, there ? xs_rm(client->xsh, XBT_NULL, path)
                             : xs_mkdir(client->xsh, XBT_NULL, path), "changing the folder"))
        client->model->children ^= bit;
}

static void list_folder(struct client *client)
{
    uint32_t found = 0;
    unsigned names_count = 0;
    char **names = xs_directory(client->xsh, XBT_NULL, folder_path(client->number), &names_count);

    if (!worked(client, names != NULL, "listing the folder"))
        return;
    for (unsigned i = 0; i < names_count; i++)
        found |= 1u << strtoul(names[i], NULL, 10) % 32;
    free(names);
    if (found != client->model->children)
        complain(client->world, "client %u: the folder has children %#x instead of %#x",
                 client->number, found, client->model->children);
}

/* ---- events, among all this: each belongs to the handle that it came by */

static void take_events(struct client *client)
{
    char wanted[32], **event;

    snprintf(wanted, sizeof(wanted), "token %u", client->number);
    while (client->watches && (event = xs_check_watch(client->xsh)) != NULL) {
        if (strcmp(event[XS_WATCH_TOKEN], wanted) != 0 ||
            !xs_path_is_subpath(own_path(client->number, 0), event[XS_WATCH_PATH]))
            complain(client->world, "client %u: got the event %s of %s", client->number,
                     event[XS_WATCH_TOKEN], event[XS_WATCH_PATH]);
        client->model->events++;
        free(event);
    }
}

static void set_watch(struct client *client)
{
    char token[32];

    /* Of the first handle's threads, one. */
    client->watches = client->number % THREADS < HANDLES && client->number % 3 == 0;
    snprintf(token, sizeof(token), "token %u", client->number);
    if (client->watches)
        worked(client, xs_watch(client->xsh, own_path(client->number, 0), token), "watching");
}

static void write_first_values(struct client *client)
{
    char record[RECORD_BYTES];

    for (uint32_t key = 0; key < OWN_KEYS; key++) {
        struct record_name name = {client->number, key, 0};
        unsigned length = make_record(name, record);

        worked(client,
               xs_write(client->xsh, XBT_NULL, own_path(client->number, key), record, length),
               "writing an own key for the first time");
    }
    worked(client, xs_mkdir(client->xsh, XBT_NULL, folder_path(client->number)),
           "making the folder");
}

typedef void step_fn(struct client *);
static step_fn *const steps[] = {
    write_own,   write_own,   read_own,     read_own,      read_all_own, write_shared, read_shared,
    read_shared, count_up,    count_up,     transfer,      audit,        change_folder,
    list_folder, take_events,
};

void run_client(struct world *world, uint32_t number, struct xs_handle *xsh)
{
    struct client client = {world, &world->clients[number], xsh, number,
                            world->seed * 2654435761u + number, false};

    write_first_values(&client);
    set_watch(&client);
    atomic_fetch_add(&world->ready, 1);
    while (!atomic_load(&world->go))
        sched_yield();
    while (!atomic_load(&world->stop))
        steps[pick(&client, sizeof(steps) / sizeof(steps[0]))](&client);
    take_events(&client);
}
