/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stands before lib/internal/shared_memory.h in what fuzzers are built from: the peer
 * of vchan_peer.c meddles with the shared page before every single access to it.
 */
#ifndef XENLIBS_FUZZ_SHARED_MEMORY_H
#define XENLIBS_FUZZ_SHARED_MEMORY_H

#define xenlibs_shared_load32 undisturbed_load32
#define xenlibs_shared_load16 undisturbed_load16
#define xenlibs_shared_load8 undisturbed_load8
#define xenlibs_shared_publish32 undisturbed_publish32
#define xenlibs_shared_store8 undisturbed_store8
#define xenlibs_shared_set_bits8 undisturbed_set_bits8
#define xenlibs_shared_clear_bits8 undisturbed_clear_bits8
#include "../../lib/internal/shared_memory.h"
#undef xenlibs_shared_load32
#undef xenlibs_shared_load16
#undef xenlibs_shared_load8
#undef xenlibs_shared_publish32
#undef xenlibs_shared_store8
#undef xenlibs_shared_set_bits8
#undef xenlibs_shared_clear_bits8

/* vchan_peer.c's; @where lies in the page, or (a reference in it) is read on connecting. */
void peer_meddles(const void *where);

static inline uint32_t xenlibs_shared_load32(const uint32_t *where)
{
    peer_meddles(where);
    return undisturbed_load32(where);
}

static inline uint16_t xenlibs_shared_load16(const uint16_t *where)
{
    peer_meddles(where);
    return undisturbed_load16(where);
}

static inline uint8_t xenlibs_shared_load8(const uint8_t *where)
{
    peer_meddles(where);
    return undisturbed_load8(where);
}

static inline void xenlibs_shared_publish32(uint32_t *where, uint32_t value)
{
    peer_meddles(where);
    undisturbed_publish32(where, value);
}

static inline void xenlibs_shared_store8(uint8_t *where, uint8_t value)
{
    undisturbed_store8(where, value);
}

static inline uint8_t xenlibs_shared_set_bits8(uint8_t *where, uint8_t bits)
{
    peer_meddles(where);
    return undisturbed_set_bits8(where, bits);
}

static inline uint8_t xenlibs_shared_clear_bits8(uint8_t *where, uint8_t bits)
{
    peer_meddles(where);
    return undisturbed_clear_bits8(where, bits);
}

#endif
