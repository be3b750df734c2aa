/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory that another domain can write to at any time. It is read and written
 * through these functions only: each value once, into a local, which is then
 * checked and used. What is ours to know is kept elsewhere, never read back.
 */
#ifndef XENLIBS_SHARED_MEMORY_H
#define XENLIBS_SHARED_MEMORY_H

#include <stdint.h>

/* What the peer wrote before it stored the value is seen after the load. */
static inline uint32_t xenlibs_shared_load32(const uint32_t *where)
{
    return __atomic_load_n(where, __ATOMIC_SEQ_CST);
}

static inline uint16_t xenlibs_shared_load16(const uint16_t *where)
{
    return __atomic_load_n(where, __ATOMIC_SEQ_CST);
}

static inline uint8_t xenlibs_shared_load8(const uint8_t *where)
{
    return __atomic_load_n(where, __ATOMIC_SEQ_CST);
}

/*
 * Stores a value, and makes it and all before it visible before anything after
 * is read: what lies between an index and the look at a "wake me" flag.
 */
static inline void xenlibs_shared_publish32(uint32_t *where, uint32_t value)
{
    (void)__atomic_exchange_n(where, value, __ATOMIC_SEQ_CST);
}

static inline void xenlibs_shared_store8(uint8_t *where, uint8_t value)
{
    __atomic_store_n(where, value, __ATOMIC_SEQ_CST);
}

/* Sets bits, and tells which were set before. */
static inline uint8_t xenlibs_shared_set_bits8(uint8_t *where, uint8_t bits)
{
    return __atomic_fetch_or(where, bits, __ATOMIC_SEQ_CST);
}

/* Clears bits, and tells which were set before. */
static inline uint8_t xenlibs_shared_clear_bits8(uint8_t *where, uint8_t bits)
{
    return __atomic_fetch_and(where, (uint8_t)~bits, __ATOMIC_SEQ_CST);
}

#endif
