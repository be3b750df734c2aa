/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapping_table.h"

#include <errno.h>
#include <stdlib.h>

enum { FIRST_PLACES = 16, PAGE_SHIFT = 12 };

void xengnttab_table_init(struct gnttab_mapping_table *table)
{
    pthread_mutex_init(&table->mutex, NULL);
    table->places = NULL;
    table->place_count = 0;
    table->used = 0;
}

void xengnttab_table_destroy(struct gnttab_mapping_table *table)
{
    free(table->places);
    pthread_mutex_destroy(&table->mutex);
}

/* Where a mapping at @address would like to be. */
static size_t home_of(const struct gnttab_mapping_table *table, uintptr_t address)
{
    uint64_t spread = (uint64_t)(address >> PAGE_SHIFT) * UINT64_C(0x9e3779b97f4a7c15);

    return (size_t)(spread >> 32) & (table->place_count - 1);
}

static size_t next_place(const struct gnttab_mapping_table *table, size_t place)
{
    return (place + 1) & (table->place_count - 1);
}

/* The place that holds @address, or else the empty one where it belongs. */
static struct gnttab_mapping *place_for(const struct gnttab_mapping_table *table,
                                        uintptr_t address)
{
    size_t place = home_of(table, address);

    while (table->places[place].address && table->places[place].address != address)
        place = next_place(table, place);
    return &table->places[place];
}

static struct gnttab_mapping *find(const struct gnttab_mapping_table *table,
                                   uintptr_t address)
{
    struct gnttab_mapping *mapping;

    if (!table->used || !address)
        return NULL;
    mapping = place_for(table, address);
    return mapping->address ? mapping : NULL;
}

/* Returns false, with the table as it was, for want of memory. */
static bool grow(struct gnttab_mapping_table *table)
{
    struct gnttab_mapping_table larger = *table;

    larger.place_count = table->place_count ? table->place_count * 2 : FIRST_PLACES;
    larger.places = calloc(larger.place_count, sizeof(*larger.places));
    if (!larger.places)
        return false;
    for (size_t i = 0; i < table->place_count; i++)
        if (table->places[i].address)
            *place_for(&larger, table->places[i].address) = table->places[i];
    free(table->places);
    table->places = larger.places;
    table->place_count = larger.place_count;
    return true;
}

static bool make_room(struct gnttab_mapping_table *table)
{
    return table->used < table->place_count / 4 * 3 || grow(table);
}

/* Empties a place, and moves up what a search would now no longer reach. */
static void forget(struct gnttab_mapping_table *table, struct gnttab_mapping *mapping)
{
    size_t mask = table->place_count - 1;
    size_t hole = (size_t)(mapping - table->places);

    for (size_t place = next_place(table, hole); table->places[place].address;
         place = next_place(table, place)) {
        size_t home = home_of(table, table->places[place].address);

        if (((place - home) & mask) >= ((place - hole) & mask)) {
            table->places[hole] = table->places[place];
            hole = place;
        }
    }
    table->places[hole].address = 0;
    table->used--;
}

void xengnttab_table_put(struct gnttab_mapping_table *table, struct gnttab_mapping mapping)
{
    struct gnttab_mapping *place;
    int saved = errno;

    pthread_mutex_lock(&table->mutex);
    place = find(table, mapping.address);
    if (!place && make_room(table)) {
        place = place_for(table, mapping.address);
        table->used++;
    }
    if (place)
        *place = mapping;
    pthread_mutex_unlock(&table->mutex);
    errno = saved;
}

bool xengnttab_table_take(struct gnttab_mapping_table *table, uintptr_t address,
                       uint32_t count, struct gnttab_mapping *taken)
{
    struct gnttab_mapping *mapping;
    bool matches;

    pthread_mutex_lock(&table->mutex);
    mapping = find(table, address);
    matches = mapping && mapping->count == count;
    if (matches) {
        *taken = *mapping;
        forget(table, mapping);
    }
    pthread_mutex_unlock(&table->mutex);
    return matches;
}

static struct gnttab_mapping *find_slots(const struct gnttab_mapping_table *table,
                                         uint64_t index)
{
    for (size_t i = 0; i < table->place_count; i++)
        if (table->places[i].address && table->places[i].index == index)
            return &table->places[i];
    return NULL;
}

static bool is_in_the_middle(uintptr_t address, const struct gnttab_mapping *mapping)
{
    return address > mapping->address &&
           (address - mapping->address) >> PAGE_SHIFT < mapping->count;
}

bool xengnttab_table_correct(struct gnttab_mapping_table *table,
                          const struct gnttab_mapping *truth)
{
    struct gnttab_mapping *mapping;
    bool plausible;

    pthread_mutex_lock(&table->mutex);
    mapping = find_slots(table, truth->index);
    plausible = !mapping || !is_in_the_middle(truth->address, mapping);
    if (plausible && mapping)
        forget(table, mapping);
    if (plausible && (mapping = find(table, truth->address)) != NULL)
        forget(table, mapping);
    pthread_mutex_unlock(&table->mutex);
    return plausible;
}
