/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What questions cost in allocations (upstream: a buffer each, cleared twice). */
#include "counted_heap.h"
#include "fake_hypervisor.h"

#ifdef HEAP_IS_SANITIZED
TEST(allocations_are_counted_and_made_to_fail)
{
    skip_because("the heap belongs to the sanitizer");
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_counted_and_made_to_fail),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
#else

static void no_question_allocates(unsigned minor)
{
    xenmanage_handle *hdl = fake_open(minor);
    struct xenmanage_domain domain = {.size = sizeof(domain)};
    unsigned told, before, failed = 0;

    expect_change(hdl, 0, EXIST);
    expect_no_change(hdl);
    expect_no_change(hdl); /* two lists are kept from now on */
    failed += xenmanage_domain_list(hdl, 0, &domain, 1) != 1;
    before = allocations;
    for (int i = 0; i < 10; i++) {
        failed += xenmanage_get_domain_info(hdl, 0, &told, NULL, NULL) != 0;
        failed += xenmanage_domain_get(hdl, 0, &domain) != 0;
        failed += xenmanage_domain_next(hdl, 0, &domain) != 0;
        failed += xenmanage_domain_list(hdl, 0, &domain, 1) != 1;
        failed += xenmanage_poll_changed_domain(hdl, &told, NULL, NULL, NULL) != -1;
        fake_find(0)->state ^= SHUTDOWN;
        fake_find(0)->changed = true;
        failed += xenmanage_poll_changed_domain(hdl, &told, NULL, NULL, NULL) != 0;
    }
    assert_int_equal(allocations, before);
    assert_int_equal(failed, 0);
    xenmanage_close(hdl);
}

EACH_OLDER_RELEASE(RELEASE_TEST, no_question_allocates)
EACH_NEWER_RELEASE(RELEASE_TEST, no_question_allocates)

/* The Nth allocation of opening fails: ENOMEM, and nothing is left behind. */
TEST(opening_without_memory_is_ENOMEM)
{
    xenmanage_handle *hdl;

    fake_start(17);
    failures_left = 1;
    hdl = xenmanage_open(NULL, 0);
    assert_null(hdl);
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(polling_without_memory_is_ENOMEM_and_loses_nothing)
{
    xenmanage_handle *hdl = fake_open(17);
    unsigned domid = 77;
    int rc;

    for (uint16_t i = 1; i < 100; i++)
        fake_create(i, (uint8_t)i);
    assert_int_equal(xenmanage_get_domain_info(hdl, 0, NULL, NULL, NULL), 0);
    for (int i = 0; i < 3; i++) {
        failures_left = 1;
        rc = xenmanage_poll_changed_domain(hdl, &domid, NULL, NULL, NULL);
        assert_int_equal(failures_left, 0);
        assert_int_equal(rc, -1);
        assert_int_equal(errno, ENOMEM);
        assert_int_equal(domid, 77);
    }
    for (unsigned i = 0; i < 100; i++)
        expect_change(hdl, i, EXIST);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        EACH_OLDER_RELEASE(RELEASE_UNIT_TEST, no_question_allocates)
        EACH_NEWER_RELEASE(RELEASE_UNIT_TEST, no_question_allocates)
        cmocka_unit_test(opening_without_memory_is_ENOMEM),
        cmocka_unit_test(polling_without_memory_is_ENOMEM_and_loses_nothing),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
#endif
