/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frames.h"

#include <stdint.h>
#include <sys/mman.h>
#include <xen/grant_table.h>
#include <xen/memory.h>

#include "conformance.h"

enum { ENTRIES_PER_PAGE = PAGE_BYTES / sizeof(grant_entry_v1_t) };

static xen_pfn_t frame_of_ref(struct frames *frames, long ref)
{
    void *address = NULL;
    const grant_entry_v1_t *entry;
    xen_pfn_t frame;
    xenforeignmemory_resource_handle *table = xenforeignmemory_map_resource(
        frames->fmem, (domid_t)frames->guest->domid, XENMEM_resource_grant_table,
        XENMEM_resource_grant_table_id_shared, (unsigned long)ref / ENTRIES_PER_PAGE, 1, &address,
        PROT_READ, 0);

    assert_non_null(table);
    assert_non_null(address);
    entry = (const grant_entry_v1_t *)address + ref % ENTRIES_PER_PAGE;
    assert_int_equal(entry->flags & GTF_type_mask, GTF_permit_access);
    assert_int_equal(entry->domid, 0);
    frame = entry->frame;
    assert_int_equal(xenforeignmemory_unmap_resource(frames->fmem, table), 0);
    return frame;
}

struct frames frames_open(const char *variable)
{
    struct frames frames = {.guest = peer_open(variable),
                            .fmem = xenforeignmemory_open(NULL, 0)};

    assert_non_null(frames.fmem);
    frames.region = ask(frames.guest, "share 0 %d 1", FRAMES);
    assert_int_equal(frames.guest->count, FRAMES + 1);
    for (int i = 0; i < FRAMES; i++)
        frames.gfn[i] = frame_of_ref(&frames, frames.guest->numbers[1 + i]);
    return frames;
}

void frames_close(struct frames *frames)
{
    ask(frames->guest, "unshare %ld", frames->region);
    peer_close(frames->guest);
    assert_int_equal(xenforeignmemory_close(frames->fmem), 0);
}

uint8_t *frames_map(struct frames *frames)
{
    uint8_t *mapped = xenforeignmemory_map(frames->fmem, frames->guest->domid,
                                           PROT_READ | PROT_WRITE, FRAMES, frames->gfn, NULL);

    assert_non_null(mapped);
    return mapped;
}

void expect_frames_at(struct frames *frames, uint8_t *mapped)
{
    for (int i = 0; i < FRAMES; i++) {
        int byte = i * PAGE_BYTES + 100 * i;

        ask(frames->guest, "poke %ld %d %d", frames->region, byte, 50 + i);
        assert_int_equal(mapped[byte], 50 + i);
        mapped[byte + 1] = (uint8_t)(80 + i);
        assert_int_equal(ask(frames->guest, "peek %ld %d", frames->region, byte + 1), 80 + i);
    }
}
