/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unmapping: by the library's own memory, and by the kernel's where that ends. */
#include "harness.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "fake_drivers.h"
#include "fakexen.h"
#include "recorded_log.h"
#include "xengnttab.h"

enum { DOMID = 5, REF = 9, PAGE = 4096 };

static struct recorded_log record = RECORDED_LOG;
static struct fake_drivers *drivers;
static uint32_t refs[8] = {1, 2, 3, 4, 5, 6, 7, 8};

static xengnttab_handle *open_gnttab(void)
{
    xengnttab_handle *xgt;

    drivers = fake_drivers_add();
    xgt = xengnttab_open(&record.logger, 0);
    assert_non_null(xgt);
    return xgt;
}

static char *map_pages(xengnttab_handle *xgt, uint32_t count)
{
    char *pages = xengnttab_map_domain_grant_refs(xgt, count, DOMID, refs, PROT_READ);

    assert_non_null(pages);
    return pages;
}

/* Unmapping never speaks, and leaves neither slots nor mappings. */
static void close_clean(xengnttab_handle *xgt)
{
    assert_int_equal(record.messages, 0);
    assert_int_equal(drivers->mapped, 0);
    assert_int_equal(fakexen_mappings(), 0);
    xengnttab_close(xgt);
}

TEST(the_kernel_is_not_asked_for_the_offset)
{
    xengnttab_handle *xgt = open_gnttab();
    char *pages = map_pages(xgt, 4);

    assert_int_equal(xengnttab_unmap(xgt, pages, 4), 0);
    assert_int_equal(fakexen_count_ioctl(UAPI_GNTDEV_GET_OFFSET_FOR_VADDR), 0);
    close_clean(xgt);
}

TEST(no_address_is_einval)
{
    xengnttab_handle *xgt = open_gnttab();

    assert_fails_with(xengnttab_unmap(xgt, NULL, 1), -1, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_MUNMAP), 0);
    close_clean(xgt);
}

TEST(an_address_that_is_not_a_mapping_is_einval)
{
    xengnttab_handle *xgt = open_gnttab();
    void *page = aligned_alloc(PAGE, PAGE);

    assert_fails_with(xengnttab_unmap(xgt, page, 1), -1, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_MUNMAP), 0);
    free(page);
    close_clean(xgt);
}

TEST(a_wrong_count_unmaps_nothing)
{
    static const uint32_t wrong[] = {0, 1, 3, 5, 1u << 30, 0xffffffffu};
    xengnttab_handle *xgt = open_gnttab();
    char *pages = map_pages(xgt, 4);

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_fails_with(xengnttab_unmap(xgt, pages, wrong[i]), -1, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_MUNMAP), 0);
    assert_int_equal(fakexen_mappings(), 1);
    assert_int_equal(xengnttab_unmap(xgt, pages, 4), 0);
    close_clean(xgt);
}

/* Upstream unmaps `count` pages from there, beyond the end of the mapping. */
TEST(the_middle_of_a_mapping_is_einval)
{
    xengnttab_handle *xgt = open_gnttab();
    char *pages = map_pages(xgt, 4);

    assert_fails_with(xengnttab_unmap(xgt, pages + PAGE, 4), -1, EINVAL);
    assert_fails_with(xengnttab_unmap(xgt, pages + 3 * PAGE, 1), -1, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_MUNMAP), 0);
    assert_int_equal(xengnttab_unmap(xgt, pages, 4), 0);
    close_clean(xgt);
}

TEST(unmapping_twice_is_einval)
{
    xengnttab_handle *xgt = open_gnttab();
    char *pages = map_pages(xgt, 2);

    assert_int_equal(xengnttab_unmap(xgt, pages, 2), 0);
    assert_fails_with(xengnttab_unmap(xgt, pages, 2), -1, EINVAL);
    close_clean(xgt);
}

TEST(a_failed_munmap_can_be_repeated)
{
    xengnttab_handle *xgt = open_gnttab();
    char *pages = map_pages(xgt, 2);

    fakexen_fail_next(FAKEXEN_MUNMAP, ENOMEM, 1, 0);
    assert_fails_with(xengnttab_unmap(xgt, pages, 2), -1, ENOMEM);
    assert_int_equal(xengnttab_unmap(xgt, pages, 2), 0);
    close_clean(xgt);
}

TEST(a_driver_that_keeps_the_slots_is_an_error)
{
    xengnttab_handle *xgt = open_gnttab();
    char *page = map_pages(xgt, 1);

    fakexen_fail_next(FAKEXEN_IOCTL, EIO, 1, 0);
    if (xengnttab_unmap(xgt, page, 1) == 0)
        fail_msg("the failure of the driver was lost");
    assert_int_equal(errno, EIO);
    assert_int_equal(record.messages, 0);
    munmap(page, PAGE);
    xengnttab_close(xgt);
}

/* What a program maps through xengnttab_fd() and ioctls of its own. */
static void *map_directly(xengnttab_handle *xgt, void *address, uint32_t count)
{
    union {
        struct uapi_gntdev_map_grant_ref head;
        unsigned char room[sizeof(struct uapi_gntdev_map_grant_ref) +
                           8 * sizeof(struct uapi_gntdev_ref)];
    } request = {.room = {0}};
    int fixed = address ? MAP_FIXED : 0;
    void *pages;

    request.head.count = count;
    assert_int_equal(ioctl(xengnttab_fd(xgt), UAPI_GNTDEV_MAP_GRANT_REF, &request), 0);
    pages = mmap(address, (size_t)count * PAGE, PROT_READ, MAP_SHARED | fixed,
                 xengnttab_fd(xgt), (off_t)request.head.index);
    assert_true(pages != MAP_FAILED);
    return pages;
}

TEST(a_mapping_made_by_hand_is_asked_of_the_kernel)
{
    xengnttab_handle *xgt = open_gnttab();
    void *pages = map_directly(xgt, NULL, 3);

    assert_fails_with(xengnttab_unmap(xgt, pages, 2), -1, EINVAL);
    assert_int_equal(xengnttab_unmap(xgt, pages, 3), 0);
    assert_int_equal(fakexen_count_ioctl(UAPI_GNTDEV_GET_OFFSET_FOR_VADDR), 2);
    close_clean(xgt);
}

/* The caller munmaps by himself; a new mapping then has the old one's address. */
TEST(a_reused_address_is_the_new_mapping)
{
    xengnttab_handle *xgt = open_gnttab();
    char *old = map_pages(xgt, 2), *new;

    assert_int_equal(munmap(old, 2 * PAGE), 0);
    new = map_pages(xgt, 2);
    assert_ptr_equal(new, old);
    assert_int_equal(xengnttab_unmap(xgt, new, 2), 0);
    assert_int_equal(drivers->mapped, 1); /* the old one's slots, until close */
    assert_int_equal(fakexen_mappings(), 0);
    assert_fails_with(xengnttab_unmap(xgt, new, 2), -1, EINVAL);
    xengnttab_close(xgt);
}

/* The same, with a new mapping that the library did not make. */
TEST(a_reused_address_of_another_size_is_asked_of_the_kernel)
{
    xengnttab_handle *xgt = open_gnttab();
    char *old = map_pages(xgt, 2);

    assert_int_equal(munmap(old, 2 * PAGE), 0);
    assert_ptr_equal(map_directly(xgt, old, 1), old);
    assert_int_equal(xengnttab_unmap(xgt, old, 1), 0);
    assert_fails_with(xengnttab_unmap(xgt, old, 1), -1, EINVAL);
    assert_int_equal(fakexen_mappings(), 0);
    xengnttab_close(xgt);
}

TEST(many_mappings_are_all_remembered)
{
    enum { COUNT = 500 };
    xengnttab_handle *xgt = open_gnttab();
    char *pages[COUNT];

    for (int i = 0; i < COUNT; i++)
        pages[i] = map_pages(xgt, 1 + (uint32_t)i % 8);
    for (int i = 0; i < COUNT; i += 2)
        assert_int_equal(xengnttab_unmap(xgt, pages[i], 1 + (uint32_t)i % 8), 0);
    for (int i = COUNT - 1; i > 0; i -= 2)
        assert_int_equal(xengnttab_unmap(xgt, pages[i], 1 + (uint32_t)i % 8), 0);
    assert_int_equal(fakexen_count_ioctl(UAPI_GNTDEV_GET_OFFSET_FOR_VADDR), 0);
    close_clean(xgt);
}

static void *map_and_unmap(void *argument)
{
    xengnttab_handle *xgt = argument;
    size_t failures = 0;

    for (int i = 0; i < 500; i++) {
        uint32_t count = 1 + (uint32_t)i % 8;
        void *pages = xengnttab_map_domain_grant_refs(xgt, count, DOMID, refs, PROT_READ);

        failures += !pages || xengnttab_unmap(xgt, pages, count);
    }
    return (void *)failures;
}

TEST(threads_may_share_a_handle)
{
    enum { THREADS = 4 };
    xengnttab_handle *xgt = open_gnttab();
    pthread_t threads[THREADS];
    void *failures;

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, map_and_unmap, xgt), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failures);
        assert_null(failures);
    }
    assert_int_equal(fakexen_count_ioctl(UAPI_GNTDEV_GET_OFFSET_FOR_VADDR), 0);
    close_clean(xgt);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_is_not_asked_for_the_offset),
        cmocka_unit_test(no_address_is_einval),
        cmocka_unit_test(an_address_that_is_not_a_mapping_is_einval),
        cmocka_unit_test(a_wrong_count_unmaps_nothing),
        cmocka_unit_test(the_middle_of_a_mapping_is_einval),
        cmocka_unit_test(unmapping_twice_is_einval),
        cmocka_unit_test(a_failed_munmap_can_be_repeated),
        cmocka_unit_test(a_driver_that_keeps_the_slots_is_an_error),
        cmocka_unit_test(a_mapping_made_by_hand_is_asked_of_the_kernel),
        cmocka_unit_test(a_reused_address_is_the_new_mapping),
        cmocka_unit_test(a_reused_address_of_another_size_is_asked_of_the_kernel),
        cmocka_unit_test(many_mappings_are_all_remembered),
        cmocka_unit_test(threads_may_share_a_handle),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
