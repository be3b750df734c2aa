/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "foreign.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "call.h"
#include "xenctrl/memory.h"
#include "xenctrl_compat.h"

static void *map(xc_interface *xch, uint32_t dom, int prot, size_t count,
                 const xen_pfn_t *frames, int *errs)
{
    if (xenctrl_check_open(xch)) {
        return NULL;
    }
    void *memory = xenforeignmemory_map(xch->fmem, dom, prot, count, frames, errs);
    if (!memory) {
        xenctrl_failed(xch, "mapping %zu pages of domain %u", count, dom);
    }
    return memory;
}

void *xc_map_foreign_bulk(xc_interface *xch, uint32_t dom, int prot, const xen_pfn_t *arr,
                          int *err, unsigned int num)
{
    return map(xch, dom, prot, num, arr, err);
}

void *xc_map_foreign_pages(xc_interface *xch, uint32_t dom, int prot, const xen_pfn_t *arr,
                           int num)
{
    if (num < 0) {
        xenctrl_refused(xch, EINVAL, "mapping %d pages", num);
        return NULL;
    }
    return map(xch, dom, prot, (size_t)num, arr, NULL);
}

/* ---- runs of frames ---- */

static size_t pages_of(size_t bytes)
{
    return bytes / XC_PAGE_SIZE + (bytes % XC_PAGE_SIZE != 0);
}

static void *map_runs(xc_interface *xch, uint32_t dom, int prot, size_t run,
                      const privcmd_mmap_entry_t *entries, size_t nr_runs)
{
    xen_pfn_t *frames = calloc(nr_runs ? nr_runs : 1, run * sizeof(*frames));

    if (!frames) {
        xenctrl_failed(xch, "mapping %zu runs of %zu pages", nr_runs, run);
        return NULL;
    }
    for (size_t i = 0; i < nr_runs * run; i++) {
        frames[i] = (xen_pfn_t)(entries[i / run].mfn + i % run);
    }
    void *memory = map(xch, dom, prot, nr_runs * run, frames, NULL);
    int saved = errno;
    free(frames);
    errno = saved;
    return memory;
}

void *xc_map_foreign_range(xc_interface *xch, uint32_t dom, int size, int prot,
                           unsigned long mfn)
{
    privcmd_mmap_entry_t one = {.mfn = mfn};

    if (size <= 0) {
        xenctrl_refused(xch, EINVAL, "mapping %d bytes", size);
        return NULL;
    }
    return map_runs(xch, dom, prot, pages_of((size_t)size), &one, 1);
}

void *xc_map_foreign_ranges(xc_interface *xch, uint32_t dom, size_t size, int prot,
                            size_t chunksize, privcmd_mmap_entry_t entries[], int nentries)
{
    size_t run = chunksize / XC_PAGE_SIZE;

    if (!run || nentries <= 0 || run > SIZE_MAX / 64 / (size_t)nentries ||
        run * (size_t)nentries < pages_of(size)) {
        xenctrl_refused(xch, EINVAL, "mapping %zu bytes in %d runs of %zu", size, nentries,
                        chunksize);
        return NULL;
    }
    return map_runs(xch, dom, prot, run, entries, (size_t)nentries);
}

/* ---- writing ---- */

int xc_copy_to_domain_page(xc_interface *xch, uint32_t domid, unsigned long dst_pfn,
                           const char *src_page)
{
    xen_pfn_t frame = dst_pfn;
    void *memory = map(xch, domid, PROT_WRITE, 1, &frame, NULL);

    if (!memory) {
        return -1;
    }
    memcpy(memory, src_page, XC_PAGE_SIZE);
    xenforeignmemory_unmap(xch->fmem, memory, 1);
    xc_domain_cacheflush(xch, domid, dst_pfn, 1);
    return 0;
}

int xc_clear_domain_pages(xc_interface *xch, uint32_t domid, unsigned long dst_pfn, int num)
{
    privcmd_mmap_entry_t one = {.mfn = dst_pfn};

    if (num <= 0) {
        return xenctrl_refused(xch, EINVAL, "clearing %d pages", num);
    }
    void *memory = map_runs(xch, domid, PROT_WRITE, (size_t)num, &one, 1);
    if (!memory) {
        return -1;
    }
    memset(memory, 0, (size_t)num * XC_PAGE_SIZE);
    xenforeignmemory_unmap(xch->fmem, memory, (size_t)num);
    xc_domain_cacheflush(xch, domid, dst_pfn, (xen_pfn_t)num);
    return 0;
}
