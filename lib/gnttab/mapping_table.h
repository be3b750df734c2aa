/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a handle has mapped, by address, so that unmapping need not ask the
 * kernel which of its slots lie there.
 *
 * The table is a memory of ours, not the truth: a caller may munmap(2) or
 * mmap(2) on the descriptor by himself. What it does not know is asked of the
 * kernel, so it may forget (for want of memory), but never hold two mappings at
 * one address. All functions lock the table, except init and destroy.
 */
#ifndef XENLIBS_GNTTAB_MAPPING_TABLE_H
#define XENLIBS_GNTTAB_MAPPING_TABLE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gnttab_mapping {
    uintptr_t address; /* of the first page; 0 in an empty place */
    uint64_t index;    /* the driver's name for the slots, an offset for mmap(2) */
    uint32_t count;    /* pages */
};

/* A hash table: open addressing, a power of two places, never more than 3/4 full. */
struct gnttab_mapping_table {
    pthread_mutex_t mutex;
    struct gnttab_mapping *places;
    size_t place_count;
    size_t used;
};

void xengnttab_table_init(struct gnttab_mapping_table *table);
/* Takes no lock: the child of a fork must be able to close its handle. */
void xengnttab_table_destroy(struct gnttab_mapping_table *table);

/* Remembers @mapping instead of whatever was at its address. */
void xengnttab_table_put(struct gnttab_mapping_table *table, struct gnttab_mapping mapping);

/*
 * Takes out the mapping at @address if it is one of @count pages, and stores it
 * in @taken. Returns whether it was.
 */
bool xengnttab_table_take(struct gnttab_mapping_table *table, uintptr_t address,
                       uint32_t count, struct gnttab_mapping *taken);

/*
 * Takes in what the kernel told about an address: forgets every mapping that
 * was at @truth's address or had its slots. Returns false, and forgets nothing,
 * if @truth's address lies in the middle of a known mapping of the same slots.
 */
bool xengnttab_table_correct(struct gnttab_mapping_table *table,
                          const struct gnttab_mapping *truth);

#endif
