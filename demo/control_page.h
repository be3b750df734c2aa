/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The first page that the demo's guest shares with dom0: dom0 orders, the guest
 * obeys. The data pages follow it.
 *
 * The other side may change the page at any time, so each word is read once,
 * through the atomics below.
 */
#ifndef XENLIBS_DEMO_CONTROL_PAGE_H
#define XENLIBS_DEMO_CONTROL_PAGE_H

#include <stddef.h>
#include <stdint.h>

enum { PAGE_BYTES = 4096, DATA_PAGES = 64, SHARED_PAGES = 1 + DATA_PAGES };
enum { CHUNK_BYTES = DATA_PAGES * PAGE_BYTES, CHUNK_WORDS = CHUNK_BYTES / 8 };

enum order { ORDER_PING = 1, ORDER_FILL = 2, ORDER_MARK = 3, ORDER_QUIT = 4 };

struct control_page {
    uint32_t order;    /* written by dom0: an enum order */
    uint32_t argument; /* written by dom0: for ORDER_FILL, which chunk */
    uint32_t asked;    /* written by dom0: one more with each order */
    uint32_t answered; /* written by the guest: `asked`, when it has obeyed */
};
_Static_assert(sizeof(struct control_page) <= PAGE_BYTES, "one page");

static inline uint32_t load_shared(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void store_shared(uint32_t *word, uint32_t value)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* What the guest writes, and dom0 expects, in word @i of chunk @chunk. */
static inline uint64_t pattern(uint32_t chunk, uint32_t i)
{
    return ((uint64_t)chunk << 32 | i) * 0x9e3779b97f4a7c15u;
}

/* The guest sends this in a xenstore request: dom0 finds it in the guest's page. */
#define MARK "the mark of the xenlibs demo"

#endif
