/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stress: what its clients do, and the model of what must come of it. The model is
 * in memory that all processes share. Each number in it has one writer, the client
 * that it belongs to, save where it is atomic.
 */
#ifndef XENLIBS_TESTS_STRESS_H
#define XENLIBS_TESTS_STRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xenstore.h>

enum {
    MAX_PROCESSES = 20,
    HANDLES = 10,     /* of each process: 200 connections in all */
    EXTRA_THREADS = 2, /* of each process, on its first handle besides that one's own */
    THREADS = HANDLES + EXTRA_THREADS,
    MAX_CLIENTS = MAX_PROCESSES * THREADS,

    OWN_KEYS = 4,
    CHILDREN = 16,
    COUNTERS = 32,
    ACCOUNTS = 24,
    SHARED_KEYS = 8,
    FIRST_BALANCE = 1000,

    RECORD_BYTES = 1600,
    PATH_BYTES = 128,
};

/* Faults that are made on purpose, to see that they are noticed. */
enum fault {
    NO_FAULT,
    A_WRITE_IS_LOST,         /* an own key keeps an older value */
    AN_UPDATE_IS_LOST,       /* a counter is one less than what was committed */
    A_RECORD_IS_TORN,        /* half of one client's value, half of another's */
    AN_OLD_RECORD_IS_BACK,   /* a shared key holds what its writer has overwritten */
    A_TRANSFER_IS_HALF_DONE, /* one of two writes of a transaction */
    A_CHILD_IS_MISSING,      /* a folder lacks a child that was made */
    A_REPLY_GOES_ASTRAY,     /* a client gets another one's reply */
};

/* What a client has done, so far as xenstored has said that it is done. */
struct client_model {
    uint32_t own_seq[OWN_KEYS];
    uint32_t shared_seq[SHARED_KEYS]; /* of its last write to each; 0: none */
    _Atomic uint32_t announced;       /* the newest shared record it may have written */
    uint32_t children;                /* bit set of its folder */
    uint32_t increments[COUNTERS];
    int32_t moved[ACCOUNTS];
    uint32_t operations, overtaken, events;
};

struct world {
    enum fault fault;
    uint32_t processes, seed;
    uint64_t wanted; /* operations */
    _Atomic uint64_t operations;
    _Atomic uint32_t ready, complaints;
    _Atomic bool go, stop;
    struct client_model clients[MAX_CLIENTS];
};

static inline uint32_t client_count(const struct world *world)
{
    return world->processes * THREADS;
}

/* Something is not as it must be: says so, and ends the run. */
void complain(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- paths: good until the eighth call from now of the same thread */
const char *own_path(uint32_t client, uint32_t key);
const char *folder_path(uint32_t client);
const char *child_path(uint32_t client, uint32_t child);
const char *shared_path(uint32_t key);
const char *counter_path(uint32_t counter);
const char *account_path(uint32_t account);

/* ---- records: a value that says who wrote it, and shows if it is not whole */
struct record_name {
    uint32_t client, key, seq;
};

/* Fills @record; returns its length, which differs from one to the next. */
unsigned make_record(struct record_name name, char *record);

/* True if @value is a whole record; then @name says which. */
bool read_record(const char *value, unsigned length, struct record_name *name);

/* ---- the two halves of the program */

/* Writes what all begin with. */
bool prepare_store(struct xs_handle *xsh);

/* One client, until the run is over. */
void run_client(struct world *world, uint32_t client, struct xs_handle *xsh);

/* Makes the fault that is wanted, if it is one that is made afterwards. */
void plant_fault(struct world *world, struct xs_handle *xsh);

/* Compares the store with the model. */
void check_store(struct world *world, struct xs_handle *xsh);

/* A number that a key holds as text; complains if there is none. */
bool read_number(struct world *world, struct xs_handle *xsh, xs_transaction_t t, const char *path,
                 long *number);

#endif
