/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an agent does with grants. Pages it shared or mapped are known by a number. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xengnttab.h>

#include "agent.h"

enum { PAGE = 4096, REGIONS = 16, LIMIT = 1024 };

struct region {
    uint8_t *address;
    uint32_t pages;
};

static xengntshr_handle *share_handle;
static xengnttab_handle *map_handle;
static struct region regions[REGIONS];

static bool open_handles(void)
{
    if (!share_handle)
        share_handle = xengntshr_open(NULL, 0);
    if (!map_handle)
        map_handle = xengnttab_open(NULL, 0);
    return share_handle && map_handle;
}

bool close_grants(void)
{
    int unshared = xengntshr_close(share_handle), unmapped = xengnttab_close(map_handle);

    share_handle = NULL;
    map_handle = NULL;
    return unshared == 0 && unmapped == 0;
}

/* Answers with the number by which the pages at @address are known from now on. */
static bool enter_region(void *address, uint32_t pages, struct answer *answer)
{
    if (!address)
        return false;
    for (int i = 0; i < REGIONS; i++)
        if (!regions[i].address) {
            regions[i] = (struct region){address, pages};
            answer_number(answer, i);
            return true;
        }
    errno = ENOBUFS;
    return false;
}

static struct region *region(uint32_t number)
{
    if (number < REGIONS && regions[number].address)
        return &regions[number];
    errno = ENOENT;
    return NULL;
}

/* share DOMID COUNT WRITABLE: region, refs... */
static bool share(const struct request *request, struct answer *answer)
{
    static uint32_t refs[LIMIT];
    uint32_t count = request->numbers[1];
    void *pages;

    if (!open_handles())
        return false;
    pages = xengntshr_share_pages(share_handle, request->numbers[0], (int)count, refs,
                                  (int)request->numbers[2]);
    if (!enter_region(pages, count, answer))
        return false;
    for (uint32_t i = 0; i < count; i++)
        answer_number(answer, refs[i]);
    return true;
}

/* share-notify DOMID OFFSET PORT: region, ref */
static bool share_notify(const struct request *request, struct answer *answer)
{
    uint32_t ref = 0;
    void *page;

    if (!open_handles())
        return false;
    page = xengntshr_share_page_notify(share_handle, request->numbers[0], &ref, 1,
                                       request->numbers[1], request->numbers[2]);
    if (!enter_region(page, 1, answer))
        return false;
    answer_number(answer, ref);
    return true;
}

/* unshare REGION */
static bool unshare_pages(const struct request *request, struct answer *answer)
{
    struct region *shared = region(request->numbers[0]);

    (void)answer;
    if (!shared || xengntshr_unshare(share_handle, shared->address, shared->pages) < 0)
        return false;
    shared->address = NULL;
    return true;
}

/* map DOMID WRITABLE REF...: region */
static bool map(const struct request *request, struct answer *answer)
{
    static uint32_t refs[AGENT_MAX_NUMBERS];
    uint32_t count = (uint32_t)request->count - 2;
    int prot = PROT_READ | (request->numbers[1] ? PROT_WRITE : 0);

    memcpy(refs, request->numbers + 2, count * sizeof(*refs));
    return open_handles() &&
           enter_region(xengnttab_map_domain_grant_refs(map_handle, count, request->numbers[0],
                                                        refs, prot),
                        count, answer);
}

/* map-notify DOMID REF OFFSET PORT: region */
static bool map_notify(const struct request *request, struct answer *answer)
{
    const uint32_t *n = request->numbers;

    return open_handles() &&
           enter_region(xengnttab_map_grant_ref_notify(map_handle, n[0], n[1],
                                                       PROT_READ | PROT_WRITE, n[2], n[3]),
                        1, answer);
}

/* unmap REGION */
static bool unmap(const struct request *request, struct answer *answer)
{
    struct region *mapped = region(request->numbers[0]);

    (void)answer;
    if (!mapped || xengnttab_unmap(map_handle, mapped->address, mapped->pages) < 0)
        return false;
    mapped->address = NULL;
    return true;
}

/* Every byte of every page depends on where it is, and on the seed. */
static uint8_t pattern(uint32_t seed, uint32_t page, uint32_t offset)
{
    return (uint8_t)(seed + page * 31u + (page >> 8) + offset * 7u + (offset >> 8));
}

/* fill REGION SEED */
static bool fill(const struct request *request, struct answer *answer)
{
    struct region *target = region(request->numbers[0]);

    (void)answer;
    if (!target)
        return false;
    for (uint32_t page = 0; page < target->pages; page++)
        for (uint32_t offset = 0; offset < PAGE; offset++)
            target->address[page * PAGE + offset] = pattern(request->numbers[1], page, offset);
    return true;
}

/* differ REGION SEED: how many bytes are not what fill with that seed wrote */
static bool differ(const struct request *request, struct answer *answer)
{
    struct region *target = region(request->numbers[0]);
    long wrong = 0;

    if (!target)
        return false;
    for (uint32_t page = 0; page < target->pages; page++)
        for (uint32_t offset = 0; offset < PAGE; offset++)
            wrong += target->address[page * PAGE + offset] !=
                     pattern(request->numbers[1], page, offset);
    answer_number(answer, wrong);
    return true;
}

/* peek REGION OFFSET: the byte */
static bool peek(const struct request *request, struct answer *answer)
{
    struct region *target = region(request->numbers[0]);

    if (!target)
        return false;
    answer_number(answer, *(volatile uint8_t *)(target->address + request->numbers[1]));
    return true;
}

/* poke REGION OFFSET VALUE: fails with EFAULT where the page cannot be written */
static bool poke(const struct request *request, struct answer *answer)
{
    struct region *target = region(request->numbers[0]);
    uint8_t value = (uint8_t)request->numbers[2];
    int ends[2];
    ssize_t got = -1;

    (void)answer;
    if (!target || pipe(ends) < 0)
        return false;
    if (write(ends[1], &value, 1) == 1)
        got = read(ends[0], target->address + request->numbers[1], 1);
    close(ends[0]);
    close(ends[1]);
    return got == 1;
}

/* copy DOMID REF TO-GRANT: status, wrong bytes; a page with seed 9 each way */
static bool copy(const struct request *request, struct answer *answer)
{
    static uint8_t local[PAGE] __attribute__((aligned(PAGE)));
    xengnttab_grant_copy_segment_t segment = {.len = PAGE, .status = 1};
    bool to_grant = request->numbers[2];
    union xengnttab_copy_ptr *grant = to_grant ? &segment.dest : &segment.source;
    long wrong = 0;

    for (uint32_t i = 0; i < PAGE; i++)
        local[i] = to_grant ? pattern(9, 0, i) : 0;
    (to_grant ? &segment.source : &segment.dest)->virt = local;
    segment.flags = to_grant ? GNTCOPY_dest_gref : GNTCOPY_source_gref;
    grant->foreign.domid = (uint16_t)request->numbers[0];
    grant->foreign.ref = request->numbers[1];
    if (!open_handles() || xengnttab_grant_copy(map_handle, 1, &segment) < 0)
        return false;
    for (uint32_t i = 0; i < PAGE; i++)
        wrong += local[i] != pattern(9, 0, i);
    answer_number(answer, segment.status);
    answer_number(answer, wrong);
    return true;
}

const struct verb grant_verbs[] = {
    {"share", 3, share},
    {"share-notify", 3, share_notify},
    {"unshare", 1, unshare_pages},
    {"map", 3, map},
    {"map-notify", 4, map_notify},
    {"unmap", 1, unmap},
    {"fill", 2, fill},
    {"differ", 2, differ},
    {"peek", 2, peek},
    {"poke", 3, poke},
    {"copy", 3, copy},
    {NULL, 0, NULL},
};
