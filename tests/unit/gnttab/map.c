/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mapping granted pages: what reaches the kernel, and what a failure leaves. */
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fake_drivers.h"
#include "fakexen.h"
#include "recorded_log.h"
#include "xengnttab.h"

enum { DOMID = 5, REF = 9, PAGE = 4096 };

#define NONE UINT32_MAX

static struct recorded_log record = RECORDED_LOG;
static struct fake_drivers *drivers;

static xengnttab_handle *open_gnttab(void)
{
    xengnttab_handle *xgt;

    drivers = fake_drivers_add();
    xgt = xengnttab_open(&record.logger, 0);
    assert_non_null(xgt);
    return xgt;
}

/* Nothing is left, and the failure was spoken of once. */
static void close_after_failure(xengnttab_handle *xgt)
{
    assert_int_equal(record.messages, 1);
    assert_int_equal(record.level, XTL_ERROR);
    assert_string_equal(record.context, "gnttab");
    assert_int_equal(drivers->mapped, 0);
    assert_int_equal(fakexen_mappings(), 0);
    xengnttab_close(xgt);
}

static uint32_t *numbers_from(uint32_t first, uint32_t count)
{
    uint32_t *numbers = malloc(count * sizeof(*numbers));

    for (uint32_t i = 0; i < count; i++)
        numbers[i] = first + i;
    return numbers;
}

TEST(one_page_reaches_the_kernel_as_asked)
{
    xengnttab_handle *xgt = open_gnttab();
    char *page = xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ | PROT_WRITE);

    assert_non_null(page);
    assert_int_equal(drivers->map_count, 1);
    assert_int_equal(drivers->first_ref.domid, DOMID);
    assert_int_equal(drivers->first_ref.ref, REF);
    page[PAGE - 1] = 1;
    assert_int_equal(xengnttab_unmap(xgt, page, 1), 0);
    assert_int_equal(drivers->mapped, 0);
    assert_int_equal(record.messages, 0);
    xengnttab_close(xgt);
}

TEST(each_page_has_the_domid_given_for_it)
{
    enum { COUNT = 100 };
    xengnttab_handle *xgt = open_gnttab();
    uint32_t *domids = numbers_from(3, COUNT), *refs = numbers_from(1000, COUNT);
    void *pages = xengnttab_map_grant_refs(xgt, COUNT, domids, refs, PROT_READ);

    assert_non_null(pages);
    assert_int_equal(drivers->map_count, COUNT);
    assert_int_equal(drivers->first_ref.domid, 3);
    assert_int_equal(drivers->last_ref.domid, 3 + COUNT - 1);
    assert_int_equal(drivers->last_ref.ref, 1000 + COUNT - 1);
    assert_int_equal(xengnttab_unmap(xgt, pages, COUNT), 0);
    free(domids);
    free(refs);
    xengnttab_close(xgt);
}

TEST(pages_of_one_domain_share_its_domid)
{
    xengnttab_handle *xgt = open_gnttab();
    uint32_t refs[3] = {7, 8, 11};
    void *pages = xengnttab_map_domain_grant_refs(xgt, 3, DOMID, refs, PROT_READ);

    assert_non_null(pages);
    assert_int_equal(drivers->first_ref.domid, DOMID);
    assert_int_equal(drivers->last_ref.domid, DOMID);
    assert_int_equal(drivers->last_ref.ref, 11);
    assert_int_equal(xengnttab_unmap(xgt, pages, 3), 0);
    xengnttab_close(xgt);
}

static unsigned calls_to_map_and_unmap(xengnttab_handle *xgt, uint32_t count)
{
    uint32_t *refs = numbers_from(0, count);
    unsigned before = fakexen_count_all();
    unsigned anonymous = fakexen_count_anonymous(FAKEXEN_MMAP);
    void *pages = xengnttab_map_domain_grant_refs(xgt, count, DOMID, refs, PROT_READ);

    assert_non_null(pages);
    assert_int_equal(xengnttab_unmap(xgt, pages, count), 0);
    free(refs);
    return fakexen_count_all() - before + 2 * (fakexen_count_anonymous(FAKEXEN_MMAP) - anonymous);
}

/* Upstream needs 5 for one page and 7 for 1024. */
TEST(mapping_and_unmapping_costs_four_system_calls)
{
    xengnttab_handle *xgt = open_gnttab();

    assert_int_equal(calls_to_map_and_unmap(xgt, 1), 4);
    assert_int_equal(calls_to_map_and_unmap(xgt, 64), 4);
    assert_int_equal(calls_to_map_and_unmap(xgt, 65), 4);
    assert_int_equal(calls_to_map_and_unmap(xgt, 1024), 4);
    xengnttab_close(xgt);
}

/* Upstream needs 6. */
TEST(with_a_notification_it_costs_five)
{
    xengnttab_handle *xgt = open_gnttab();
    unsigned before = fakexen_count_all();
    void *page = xengnttab_map_grant_ref_notify(xgt, DOMID, REF, PROT_READ | PROT_WRITE, 0, 4);

    assert_int_equal(xengnttab_unmap(xgt, page, 1), 0);
    assert_int_equal(fakexen_count_all() - before, 5);
    xengnttab_close(xgt);
}

TEST(a_driver_that_refuses_is_an_error)
{
    xengnttab_handle *xgt = open_gnttab();

    fakexen_fail_next(FAKEXEN_IOCTL, ENOMEM, 1, 0);
    assert_fails_with(xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ), NULL, ENOMEM);
    assert_int_equal(record.errnoval, ENOMEM);
    close_after_failure(xgt);
}

TEST(a_failed_mmap_gives_the_slots_back)
{
    xengnttab_handle *xgt = open_gnttab();

    fakexen_fail_next(FAKEXEN_MMAP, EINVAL, 1, 0);
    assert_fails_with(xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ), NULL, EINVAL);
    assert_int_equal(fakexen_count_ioctl(UAPI_GNTDEV_UNMAP_GRANT_REF), 1);
    close_after_failure(xgt);
}

TEST(a_failed_notification_unmaps_and_gives_the_slots_back)
{
    xengnttab_handle *xgt = open_gnttab();

    fakexen_fail_next(FAKEXEN_IOCTL, EINVAL, 1, 1);
    assert_fails_with(
        xengnttab_map_grant_ref_notify(xgt, DOMID, REF, PROT_READ | PROT_WRITE, 8, NONE),
        NULL, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_MUNMAP), 1);
    close_after_failure(xgt);
}

/* The errno is that of the failure, not of the clean-up. */
TEST(a_clean_up_that_fails_keeps_errno)
{
    xengnttab_handle *xgt = open_gnttab();

    fakexen_fail_next(FAKEXEN_MMAP, EPERM, 1, 0);
    fakexen_fail_next(FAKEXEN_IOCTL, ENOENT, 1, 1);
    assert_fails_with(xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ), NULL, EPERM);
    assert_int_equal(record.messages, 1);
    xengnttab_close(xgt);
}

TEST(no_pages_is_einval)
{
    xengnttab_handle *xgt = open_gnttab();
    uint32_t number = 1;

    assert_fails_with(xengnttab_map_grant_refs(xgt, 0, &number, &number, PROT_READ), NULL,
                      EINVAL);
    close_after_failure(xgt);
}

TEST(more_than_the_drivers_limit_is_einval)
{
    xengnttab_handle *xgt = open_gnttab();
    uint32_t *refs = numbers_from(0, FAKE_GNTDEV_LIMIT + 1);

    assert_fails_with(xengnttab_map_domain_grant_refs(xgt, FAKE_GNTDEV_LIMIT + 1, DOMID, refs,
                                                      PROT_READ),
                      NULL, EINVAL);
    free(refs);
    close_after_failure(xgt);
}

/* No array of that length exists. Upstream reads it all the same, and crashes. */
TEST(absurd_counts_are_refused_unread)
{
    static const uint32_t counts[] = {(1u << 24) + 1, 1u << 30, 0x80000000u, 0xffffffffu};
    xengnttab_handle *xgt = open_gnttab();
    unsigned before = fakexen_count_all();
    uint32_t number = 1;

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        assert_fails_with(xengnttab_map_grant_refs(xgt, counts[i], &number, &number, PROT_READ),
                          NULL, EINVAL);
        assert_fails_with(
            xengnttab_map_domain_grant_refs(xgt, counts[i], DOMID, &number, PROT_READ), NULL,
            EINVAL);
    }
    assert_int_equal(fakexen_count_all(), before);
    xengnttab_close(xgt);
}

TEST(missing_arrays_are_einval)
{
    xengnttab_handle *xgt = open_gnttab();
    uint32_t number = 1;

    assert_fails_with(xengnttab_map_grant_refs(xgt, 1, NULL, &number, PROT_READ), NULL, EINVAL);
    assert_fails_with(xengnttab_map_grant_refs(xgt, 1, &number, NULL, PROT_READ), NULL, EINVAL);
    assert_fails_with(xengnttab_map_domain_grant_refs(xgt, 1, DOMID, NULL, PROT_READ), NULL,
                      EINVAL);
    xengnttab_close(xgt);
}

/* Upstream lets the kernel cut 0x10005 down to domain 5. */
TEST(a_domid_of_more_than_16_bits_is_einval)
{
    xengnttab_handle *xgt = open_gnttab();

    assert_fails_with(xengnttab_map_grant_ref(xgt, 0x10000 + DOMID, REF, PROT_READ), NULL,
                      EINVAL);
    close_after_failure(xgt);
}

/* 4096 * count does not fit into the 32 bits that count has. */
TEST(sizes_of_more_than_4_gib_do_not_wrap)
{
    enum { COUNT = 0x100001 };
    xengnttab_handle *xgt = open_gnttab();
    uint32_t *refs = numbers_from(0, COUNT);
    unsigned char resident;
    char *pages;

    drivers->map_limit = COUNT;
    pages = xengnttab_map_domain_grant_refs(xgt, COUNT, DOMID, refs, PROT_READ);
    assert_non_null(pages);
    assert_int_equal(mincore(pages + (size_t)(COUNT - 1) * PAGE, PAGE, &resident), 0);
    assert_int_equal(xengnttab_unmap(xgt, pages, COUNT), 0);
    free(refs);
    xengnttab_close(xgt);
}

static void assert_notify(uint32_t offset, uint32_t port, uint32_t action, uint32_t added)
{
    xengnttab_handle *xgt = xengnttab_open(&record.logger, 0);
    unsigned before = drivers->notifications;
    void *page = xengnttab_map_grant_ref_notify(xgt, DOMID, REF, PROT_READ | PROT_WRITE,
                                                offset, port);

    assert_non_null(page);
    assert_int_equal(drivers->notifications - before, action != 0);
    if (action) {
        assert_int_equal(drivers->notify.action, action);
        assert_int_equal(drivers->notify.index, drivers->last_index + added);
    }
    if (action & UAPI_UNMAP_NOTIFY_SEND_EVENT)
        assert_int_equal(drivers->notify.event_channel_port, port);
    assert_int_equal(xengnttab_unmap(xgt, page, 1), 0);
    xengnttab_close(xgt);
}

TEST(a_notification_is_a_byte_an_event_or_both)
{
    drivers = fake_drivers_add();
    assert_notify(NONE, NONE, 0, 0);
    assert_notify(PAGE - 1, NONE, UAPI_UNMAP_NOTIFY_CLEAR_BYTE, PAGE - 1);
    assert_notify(NONE, 17, UAPI_UNMAP_NOTIFY_SEND_EVENT, 0);
    assert_notify(0, 17, UAPI_UNMAP_NOTIFY_CLEAR_BYTE | UAPI_UNMAP_NOTIFY_SEND_EVENT, 0);
    assert_notify(PAGE, NONE, 0, 0);
    assert_notify(PAGE, 17, UAPI_UNMAP_NOTIFY_SEND_EVENT, 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_page_reaches_the_kernel_as_asked),
        cmocka_unit_test(each_page_has_the_domid_given_for_it),
        cmocka_unit_test(pages_of_one_domain_share_its_domid),
        cmocka_unit_test(mapping_and_unmapping_costs_four_system_calls),
        cmocka_unit_test(with_a_notification_it_costs_five),
        cmocka_unit_test(a_driver_that_refuses_is_an_error),
        cmocka_unit_test(a_failed_mmap_gives_the_slots_back),
        cmocka_unit_test(a_failed_notification_unmaps_and_gives_the_slots_back),
        cmocka_unit_test(a_clean_up_that_fails_keeps_errno),
        cmocka_unit_test(no_pages_is_einval),
        cmocka_unit_test(more_than_the_drivers_limit_is_einval),
        cmocka_unit_test(absurd_counts_are_refused_unread),
        cmocka_unit_test(missing_arrays_are_einval),
        cmocka_unit_test(a_domid_of_more_than_16_bits_is_einval),
        cmocka_unit_test(sizes_of_more_than_4_gib_do_not_wrap),
        cmocka_unit_test(a_notification_is_a_byte_an_event_or_both),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
