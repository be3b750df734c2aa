/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which events were due, and which came. Change N of watch W is a write to the node
 * TOP/W/N, which is written once: so it fires once, with the token of W, and nothing
 * else has that path.
 */
#ifndef XENLIBS_TESTS_LEDGER_H
#define XENLIBS_TESTS_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#define LEDGER_TOP "/xenlibs-watches"

enum { WATCHES = 100, MAX_CHANGES = 1000, LEDGER_TEXT_BYTES = 64 };

/* The first event of a watch says only that it was set. */
enum { THE_FIRST_EVENT = -1 };

struct ledger {
    unsigned changes; /* of each watch */
    unsigned taken;
    unsigned complaints;
    bool closed[WATCHES]; /* no event is to come any more */
    uint8_t first[WATCHES];
    uint8_t times[WATCHES][MAX_CHANGES];
};

/* The path of @change of @watch, or of what is watched; good until the fourth call from now. */
const char *ledger_path(unsigned watch, int change);
const char *ledger_token(unsigned watch);

/* An event came: complains about one that is doubled, was never due, or is too late. */
void ledger_take(struct ledger *ledger, const char *path, const char *token);

/* All have come, of those watches that were not closed. */
bool ledger_is_full(const struct ledger *ledger);

/*
 * At the end: complains about what did not come. Of a closed watch, the events of each
 * writer (even and odd changes) must have come without a gap before the last one.
 */
void ledger_balance(struct ledger *ledger);

void ledger_complain(struct ledger *ledger, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
