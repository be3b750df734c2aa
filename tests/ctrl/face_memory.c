/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What only libxenctrl.so.4.17 and its like have, for libxenguest: page tables in batches,
 * types of frames, runs of frames. Both libraries are in this program, side by side.
 */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "bare_domain.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "foreign.h"
#include "pv_memory.h"

static void *library;
static xc_interface *face;

/* The library's own function of the name. */
#define CALL(name) ((__typeof__(&name))find(#name))

static void *find(const char *name)
{
    void *function = dlsym(library, name);

    if (!function)
        fail_msg("%s", dlerror());
    return function;
}

static int open_face(void **state)
{
    (void)state;
    library = dlopen("libxenctrl.so.4.17", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        fail_msg("%s", dlerror());
    face = CALL(xc_interface_open)(NULL, NULL, 0);
    return !face;
}

static int close_face(void **state)
{
    int failed = CALL(xc_interface_close)(face) | dlclose(library);

    return destroy_bare_domains(state) || failed;
}

static void get_frames(xen_pfn_t *frames, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        frames[i] = i;
    assert_works(xc_domain_populate_physmap_exact(xc(), bare_pv(), count, 0, 0, frames));
}

static void pin(xen_pfn_t frame)
{
    struct mmuext_op op = {.cmd = MMUEXT_PIN_L1_TABLE, .arg1.mfn = frame};

    assert_works(xc_mmuext_op(xc(), &op, 1, bare_pv()));
}

TEST(frames_have_types)
{
    xen_pfn_t frames[2], types[3];

    get_frames(frames, 2);
    pin(frames[1]);
    types[0] = frames[0];
    types[1] = frames[1];
    types[2] = UINT32_MAX;
    assert_int_equal(CALL(xc_get_pfn_type_batch)(face, bare_pv(), 3, types), 0);
    assert_int_equal(types[0], XEN_DOMCTL_PFINFO_NOTAB);
    assert_int_equal(types[1], XEN_DOMCTL_PFINFO_L1TAB | XEN_DOMCTL_PFINFO_LPINTAB);
    assert_int_equal(types[2], XEN_DOMCTL_PFINFO_XTAB);
}

TEST(a_batch_writes_entries_of_a_page_table)
{
    enum { ENTRIES = 3, PRESENT_AND_USER = 5 };
    uint32_t domid = bare_pv(); /* its frames, in its tables */
    struct xc_mmu *batch = CALL(xc_alloc_mmu_updates)(face, (domid + 1) << 16 | domid);
    xen_pfn_t frames[2];

    assert_non_null(batch);
    get_frames(frames, 2);
    pin(frames[0]);
    uint64_t entry = frames[1] << XC_PAGE_SHIFT | PRESENT_AND_USER;
    for (unsigned i = 0; i < ENTRIES; i++)
        assert_int_equal(CALL(xc_add_mmu_update)(face, batch,
                                                 frames[0] << XC_PAGE_SHIFT | i * 8, entry),
                         0);
    const uint64_t *table =
        xc_map_foreign_range(xc(), bare_pv(), XC_PAGE_SIZE, PROT_READ, frames[0]);
    assert_non_null(table);
    assert_true(table[0] == 0);
    assert_int_equal(CALL(xc_flush_mmu_updates)(face, batch), 0);
    for (unsigned i = 0; i < ENTRIES; i++)
        assert_true((table[i] & ~UINT64_C(0xff8)) >> XC_PAGE_SHIFT << XC_PAGE_SHIFT ==
                    frames[1] << XC_PAGE_SHIFT);
    assert_true(table[ENTRIES] == 0);
    munmap((void *)(uintptr_t)table, XC_PAGE_SIZE);
    free(batch);
}

TEST(runs_of_frames_follow_each_other)
{
    privcmd_mmap_entry_t runs[2] = {{.mfn = 6}, {.mfn = 2}};
    static const unsigned frames[4] = {6, 7, 2, 3};
    char page[XC_PAGE_SIZE];

    give_pages(bare_hvm(), 8);
    for (unsigned frame = 0; frame < 8; frame++) {
        memset(page, (int)frame, sizeof(page));
        assert_works(xc_copy_to_domain_page(xc(), bare_hvm(), frame, page));
    }
    const uint8_t *mapping = CALL(xc_map_foreign_ranges)(face, bare_hvm(), 4 * XC_PAGE_SIZE,
                                                         PROT_READ, 2 * XC_PAGE_SIZE, runs, 2);
    assert_non_null(mapping);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(mapping[i * XC_PAGE_SIZE + 100], frames[i]);
    munmap((void *)(uintptr_t)mapping, 4 * XC_PAGE_SIZE);
}

int main(int argc, char **argv)
{
#define ON_FACE(name) cmocka_unit_test_setup_teardown(name, open_face, close_face)
    static const struct CMUnitTest tests[] = {
        ON_FACE(frames_have_types),
        ON_FACE(a_batch_writes_entries_of_a_page_table),
        ON_FACE(runs_of_frames_follow_each_other),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
