/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sharing pages of our own: what the peer gets, and what a failure leaves. */
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "fake_drivers.h"
#include "fakexen.h"
#include "recorded_log.h"
#include "xengnttab.h"

enum { DOMID = 5, PAGE = 4096, UNTOUCHED = 0x5a5a };

#define NONE UINT32_MAX

static struct recorded_log record = RECORDED_LOG;
static struct fake_drivers *drivers;

static xengntshr_handle *open_gntshr(void)
{
    xengntshr_handle *xgs;

    drivers = fake_drivers_add();
    xgs = xengntshr_open(&record.logger, 0);
    assert_non_null(xgs);
    return xgs;
}

static void close_after_failure(xengntshr_handle *xgs)
{
    assert_int_equal(record.messages, 1);
    assert_int_equal(record.level, XTL_ERROR);
    assert_string_equal(record.context, "gntshr");
    assert_int_equal(drivers->granted, 0);
    assert_int_equal(fakexen_mappings(), 0);
    xengntshr_close(xgs);
}

static void share_and_unshare(xengntshr_handle *xgs, int count, int writable)
{
    uint32_t *refs = calloc((size_t)count, sizeof(*refs));
    char *pages = xengntshr_share_pages(xgs, DOMID, count, refs, writable);

    assert_non_null(pages);
    assert_int_equal(drivers->share_domid, DOMID);
    assert_int_equal(drivers->share_count, count);
    assert_int_equal(drivers->share_flags, writable ? UAPI_GNTALLOC_FLAG_WRITABLE : 0);
    for (int i = 0; i < count; i++)
        assert_int_equal(refs[i], FAKE_FIRST_REF + i);
    pages[(size_t)count * PAGE - 1] = 1;
    assert_int_equal(xengntshr_unshare(xgs, pages, (uint32_t)count), 0);
    assert_int_equal(fakexen_mappings(), 0);
    free(refs);
}

TEST(pages_are_granted_as_asked)
{
    xengntshr_handle *xgs = open_gntshr();

    share_and_unshare(xgs, 1, 0);
    share_and_unshare(xgs, 1, 1);
    share_and_unshare(xgs, 2, -1);
    share_and_unshare(xgs, 64, 1);
    share_and_unshare(xgs, 65, 1);
    share_and_unshare(xgs, 1024, 1);
    assert_int_equal(record.messages, 0);
    xengntshr_close(xgs);
}

/* Only the mapping keeps them: they go with it, however the process ends. */
TEST(references_are_deallocated_while_the_pages_are_mapped)
{
    xengntshr_handle *xgs = open_gntshr();
    uint32_t refs[3];
    void *pages = xengntshr_share_pages(xgs, DOMID, 3, refs, 1);

    assert_int_equal(fakexen_mappings(), 1);
    assert_int_equal(drivers->granted, 0);
    assert_int_equal(drivers->dealloc_count, 3);
    assert_int_equal(xengntshr_unshare(xgs, pages, 3), 0);
    xengntshr_close(xgs);
}

TEST(sharing_and_unsharing_costs_four_system_calls)
{
    xengntshr_handle *xgs = open_gntshr();
    uint32_t refs[3];
    unsigned before = fakexen_count_all();
    void *pages = xengntshr_share_pages(xgs, DOMID, 3, refs, 1);

    assert_int_equal(xengntshr_unshare(xgs, pages, 3), 0);
    assert_int_equal(fakexen_count_all() - before, 4);

    before = fakexen_count_all();
    pages = xengntshr_share_page_notify(xgs, DOMID, refs, 1, 0, 4);
    assert_int_equal(xengntshr_unshare(xgs, pages, 1), 0);
    assert_int_equal(fakexen_count_all() - before, 5);
    xengntshr_close(xgs);
}

static void assert_notify(xengntshr_handle *xgs, uint32_t offset, uint32_t port,
                          uint32_t action, uint32_t added)
{
    unsigned before = drivers->notifications;
    uint32_t ref;
    void *page = xengntshr_share_page_notify(xgs, DOMID, &ref, 1, offset, port);

    assert_non_null(page);
    assert_int_equal(ref, FAKE_FIRST_REF);
    assert_int_equal(drivers->notifications - before, action != 0);
    if (action) {
        assert_int_equal(drivers->notify.action, action);
        assert_int_equal(drivers->notify.index, drivers->last_index + added);
    }
    if (action & UAPI_UNMAP_NOTIFY_SEND_EVENT)
        assert_int_equal(drivers->notify.event_channel_port, port);
    assert_int_equal(xengntshr_unshare(xgs, page, 1), 0);
}

TEST(a_notification_is_a_byte_an_event_or_both)
{
    xengntshr_handle *xgs = open_gntshr();

    assert_notify(xgs, NONE, NONE, 0, 0);
    assert_notify(xgs, PAGE - 1, NONE, UAPI_UNMAP_NOTIFY_CLEAR_BYTE, PAGE - 1);
    assert_notify(xgs, NONE, 17, UAPI_UNMAP_NOTIFY_SEND_EVENT, 0);
    assert_notify(xgs, 0, 17, UAPI_UNMAP_NOTIFY_CLEAR_BYTE | UAPI_UNMAP_NOTIFY_SEND_EVENT, 0);
    assert_notify(xgs, PAGE, NONE, 0, 0);
    xengntshr_close(xgs);
}

TEST(a_driver_that_refuses_is_an_error)
{
    xengntshr_handle *xgs = open_gntshr();
    uint32_t ref = UNTOUCHED;

    fakexen_fail_next(FAKEXEN_IOCTL, ENOSPC, 1, 0);
    assert_fails_with(xengntshr_share_pages(xgs, DOMID, 1, &ref, 1), NULL, ENOSPC);
    assert_int_equal(ref, UNTOUCHED);
    assert_int_equal(record.errnoval, ENOSPC);
    close_after_failure(xgs);
}

TEST(a_failed_mmap_takes_the_grants_back)
{
    xengntshr_handle *xgs = open_gntshr();
    uint32_t ref = UNTOUCHED;

    fakexen_fail_next(FAKEXEN_MMAP, EPERM, 1, 0);
    assert_fails_with(xengntshr_share_pages(xgs, DOMID, 1, &ref, 1), NULL, EPERM);
    close_after_failure(xgs);
}

/* Upstream hands out references of pages that it has just taken back. */
TEST(a_failed_notification_leaves_refs_alone)
{
    xengntshr_handle *xgs = open_gntshr();
    uint32_t ref = UNTOUCHED;

    fakexen_fail_next(FAKEXEN_IOCTL, EINVAL, 1, 1);
    assert_fails_with(xengntshr_share_page_notify(xgs, DOMID, &ref, 1, 0, 4), NULL, EINVAL);
    assert_int_equal(ref, UNTOUCHED);
    close_after_failure(xgs);
}

/* Upstream reports the errno of the clean-up. */
TEST(a_clean_up_that_fails_keeps_errno)
{
    xengntshr_handle *xgs = open_gntshr();
    uint32_t ref;

    fakexen_fail_next(FAKEXEN_MMAP, EPERM, 1, 0);
    fakexen_fail_next(FAKEXEN_IOCTL, EINVAL, 1, 1);
    assert_fails_with(xengntshr_share_pages(xgs, DOMID, 1, &ref, 1), NULL, EPERM);
    xengntshr_close(xgs);
}

/* The pages are shared all the same: they merely stay for longer. */
TEST(a_failed_deallocation_is_no_failure)
{
    xengntshr_handle *xgs = open_gntshr();
    uint32_t ref = UNTOUCHED;
    void *page;

    fakexen_fail_next(FAKEXEN_IOCTL, EIO, 1, 1);
    assert_non_null(page = xengntshr_share_pages(xgs, DOMID, 1, &ref, 1));
    assert_int_equal(ref, FAKE_FIRST_REF);
    assert_int_equal(record.messages, 1);
    assert_int_equal(xengntshr_unshare(xgs, page, 1), 0);
    xengntshr_close(xgs);
}

/* Upstream asks the kernel, with a request too small for its answer. */
TEST(absurd_counts_are_einval)
{
    static const int counts[] = {0, -1, INT32_MIN, (1 << 24) + 1, INT32_MAX};
    xengntshr_handle *xgs = open_gntshr();
    unsigned before = fakexen_count_all();
    uint32_t ref = UNTOUCHED;

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        assert_fails_with(xengntshr_share_pages(xgs, DOMID, counts[i], &ref, 1), NULL, EINVAL);
    assert_int_equal(fakexen_count_all(), before);
    assert_int_equal(ref, UNTOUCHED);
    assert_int_equal(record.messages, sizeof(counts) / sizeof(counts[0]));
    xengntshr_close(xgs);
}

TEST(nowhere_to_put_the_references_is_einval)
{
    xengntshr_handle *xgs = open_gntshr();

    assert_fails_with(xengntshr_share_pages(xgs, DOMID, 1, NULL, 1), NULL, EINVAL);
    close_after_failure(xgs);
}

/* Upstream cuts 0x10005 down and grants the page to domain 5. */
TEST(a_domid_of_more_than_16_bits_is_einval)
{
    xengntshr_handle *xgs = open_gntshr();
    uint32_t ref;

    assert_fails_with(xengntshr_share_pages(xgs, 0x10000 + DOMID, 1, &ref, 1), NULL, EINVAL);
    close_after_failure(xgs);
}

/* 4096 * count does not fit into the 32 bits that count has. */
TEST(sizes_of_more_than_4_gib_do_not_wrap)
{
    enum { COUNT = 0x100001 };
    xengntshr_handle *xgs = open_gntshr();
    uint32_t *refs = malloc(COUNT * sizeof(*refs));
    unsigned char resident;
    char *pages = xengntshr_share_pages(xgs, DOMID, COUNT, refs, 1);

    assert_non_null(pages);
    assert_int_equal(mincore(pages + (size_t)(COUNT - 1) * PAGE, PAGE, &resident), 0);
    assert_int_equal(xengntshr_unshare(xgs, pages, COUNT), 0);
    assert_int_equal(fakexen_mappings(), 0);
    free(refs);
    xengntshr_close(xgs);
}

static size_t address_space(void)
{
    FILE *statm = fopen("/proc/self/statm", "re");
    size_t pages = 0;

    assert_int_equal(fscanf(statm, "%zu", &pages), 1);
    fclose(statm);
    return pages * PAGE;
}

/* Upstream returns NULL here without a word. */
TEST(want_of_memory_is_logged)
{
    xengntshr_handle *xgs;
    struct rlimit limit = {address_space() + (16 << 20), RLIM_INFINITY};
    uint32_t ref;

#ifdef HEAP_IS_SANITIZED
    skip_because("a sanitizer ends a program that runs out of memory");
#endif
    xgs = open_gntshr();
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
    assert_fails_with(xengntshr_share_pages(xgs, DOMID, 1 << 24, &ref, 1), NULL, ENOMEM);
    close_after_failure(xgs);
}

TEST(unshare_refuses_what_cannot_be_a_mapping)
{
    xengntshr_handle *xgs = open_gntshr();
    uint32_t ref;
    char *page = xengntshr_share_pages(xgs, DOMID, 1, &ref, 1);

    assert_fails_with(xengntshr_unshare(xgs, NULL, 1), -1, EINVAL);
    assert_fails_with(xengntshr_unshare(xgs, page, 0), -1, EINVAL);
    assert_fails_with(xengntshr_unshare(xgs, page + 1, 1), -1, EINVAL);
    assert_fails_with(xengntshr_unshare(xgs, page, 0xffffffffu), -1, EINVAL);
    assert_int_equal(fakexen_mappings(), 1);
    assert_int_equal(xengntshr_unshare(xgs, page, 1), 0);
    xengntshr_close(xgs);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_granted_as_asked),
        cmocka_unit_test(references_are_deallocated_while_the_pages_are_mapped),
        cmocka_unit_test(sharing_and_unsharing_costs_four_system_calls),
        cmocka_unit_test(a_notification_is_a_byte_an_event_or_both),
        cmocka_unit_test(a_driver_that_refuses_is_an_error),
        cmocka_unit_test(a_failed_mmap_takes_the_grants_back),
        cmocka_unit_test(a_failed_notification_leaves_refs_alone),
        cmocka_unit_test(a_clean_up_that_fails_keeps_errno),
        cmocka_unit_test(a_failed_deallocation_is_no_failure),
        cmocka_unit_test(absurd_counts_are_einval),
        cmocka_unit_test(nowhere_to_put_the_references_is_einval),
        cmocka_unit_test(a_domid_of_more_than_16_bits_is_einval),
        cmocka_unit_test(sizes_of_more_than_4_gib_do_not_wrap),
        cmocka_unit_test(want_of_memory_is_logged),
        cmocka_unit_test(unshare_refuses_what_cannot_be_a_mapping),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
