/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *next_path(void)
{
    static _Thread_local char paths[8][PATH_BYTES];
    static _Thread_local unsigned next;

    return paths[next++ % 8];
}

#define TOP "/xenlibs-stress/"

static const char *path_of(const char *format, uint32_t first, uint32_t second)
{
    char *path = next_path();

    snprintf(path, PATH_BYTES, format, first, second);
    return path;
}

const char *own_path(uint32_t client, uint32_t key)
{
    return path_of(TOP "own/%u/%u", client, key);
}

const char *folder_path(uint32_t client)
{
    return path_of(TOP "folder/%u", client, 0);
}

const char *child_path(uint32_t client, uint32_t child)
{
    return path_of(TOP "folder/%u/%u", client, child);
}

const char *shared_path(uint32_t key)
{
    return path_of(TOP "shared/%u", key, 0);
}

const char *counter_path(uint32_t counter)
{
    return path_of(TOP "counter/%u", counter, 0);
}

const char *account_path(uint32_t account)
{
    return path_of(TOP "account/%u", account, 0);
}

/* The bytes after the name follow from it: two records nowhere agree for long. */
static uint32_t scramble(uint32_t state)
{
    state ^= state << 13;
    state ^= state >> 17;
    return state ^ state << 5;
}

unsigned make_record(struct record_name name, char *record)
{
    uint32_t state = (name.client * 7919u + name.key * 104729u + name.seq * 1299709u) | 1;
    unsigned length = 40 + (state >> 8) % (RECORD_BYTES - 40);
    int used = snprintf(record, RECORD_BYTES, "%u %u %u ", name.client, name.key, name.seq);

    for (unsigned i = (unsigned)used; i < length; i++) {
        state = scramble(state);
        record[i] = (char)(state >> 16);
    }
    return length;
}

bool read_record(const char *value, unsigned length, struct record_name *name)
{
    char whole[RECORD_BYTES], head[40] = "";

    memcpy(head, value, length < sizeof(head) - 1 ? length : sizeof(head) - 1);
    if (sscanf(head, "%u %u %u ", &name->client, &name->key, &name->seq) != 3)
        return false;
    return make_record(*name, whole) == length && memcmp(whole, value, length) == 0;
}
