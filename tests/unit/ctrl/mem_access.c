/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which accesses to memory are watched: what is asked for, and what is told. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { DOM = 7, MEMORY_OP = 12, ACCESS_OP = 21, OP_BYTES = 32, SET = 0, GET = 1, SET_MULTI = 4 };
#define NO_DOMAIN 0x10007u

TEST(accesses_are_set_for_a_run_of_pages)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_set_mem_access(xch, DOM, XENMEM_access_rx, 0x123456789, 5), 0);
        assert_struct(MEMORY_OP, ACCESS_OP, OP_BYTES, {0, 1, SET}, {1, 1, 5}, {2, 2, DOM},
                      {4, 4, 5}, {8, 8, 0x123456789});
        assert_int_equal(xc_set_mem_access(xch, DOM, XENMEM_access_default, UINT64_MAX, 0), 0);
        assert_struct(MEMORY_OP, ACCESS_OP, OP_BYTES, {1, 1, 10}, {2, 2, DOM},
                      {8, 8, UINT64_MAX});
        stop(xch);
    }
}

static int tell_access(struct sent *request, uint8_t *memory)
{
    (void)request;
    memory[1] = XENMEM_access_rx2rw;
    return 0;
}

static int no_such_domain(struct sent *request, uint8_t *memory)
{
    (void)request;
    memory[1] = 1;
    return -ESRCH;
}

TEST(what_a_page_allows_is_told)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xenmem_access_t access = XENMEM_access_n;

        answer_with(no_such_domain);
        assert_fails_with(xc_get_mem_access(xch, DOM, 9, &access), -1, ESRCH);
        assert_int_equal(access, XENMEM_access_n);
        answer_with(tell_access);
        assert_int_equal(xc_get_mem_access(xch, DOM, 9, &access), 0);
        assert_struct(MEMORY_OP, ACCESS_OP, OP_BYTES, {0, 1, GET}, {2, 2, DOM}, {8, 8, 9});
        assert_int_equal(access, XENMEM_access_rx2rw);
        stop(xch);
    }
}

static const uint64_t some_pages[] = {1, 0x100000002, 3};
static const uint8_t some_access[] = {XENMEM_access_r, XENMEM_access_rwx, XENMEM_access_n};

static const void *list_at(const struct sent *request, unsigned offset)
{
    uint64_t address;

    memcpy(&address, request->memory + offset, sizeof(address));
    return (const void *)(uintptr_t)address;
}

static int see_lists(struct sent *request, uint8_t *memory)
{
    (void)memory;
    assert_int_equal((uintptr_t)list_at(request, 16) % 8, 0);
    assert_memory_equal(list_at(request, 16), some_pages, sizeof(some_pages));
    assert_memory_equal(list_at(request, 24), some_access, sizeof(some_access));
    return 0;
}

static int set_some(xc_interface *xch)
{
    uint64_t pages[3];
    uint8_t access[3];

    memcpy(pages, some_pages, sizeof(pages));
    memcpy(access, some_access, sizeof(access));
    return xc_set_mem_access_multi(xch, DOM, access, pages, 3);
}

TEST(each_page_gets_an_access_of_its_own)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(see_lists);
        assert_int_equal(set_some(xch), 0);
        assert_struct(MEMORY_OP, ACCESS_OP, OP_BYTES, {0, 1, SET_MULTI}, {1, 1, 10},
                      {2, 2, DOM}, {4, 4, 3}, {8, 8, UINT64_MAX}, {16, 8, AN_ADDRESS},
                      {24, 8, AN_ADDRESS});
        stop(xch);
    }
}

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start(17);
    xenmem_access_t access;
    uint64_t page = 1;
    uint8_t kind = 0;

    assert_fails_with(xc_set_mem_access(xch, NO_DOMAIN, XENMEM_access_n, 1, 1), -1, EINVAL);
    assert_fails_with(xc_set_mem_access(xch, DOM, (xenmem_access_t)256, 1, 1), -1, EINVAL);
    assert_fails_with(xc_get_mem_access(xch, NO_DOMAIN, 1, &access), -1, EINVAL);
    assert_fails_with(xc_set_mem_access_multi(xch, NO_DOMAIN, &kind, &page, 1), -1, EINVAL);
    assert_fails_with(xc_set_mem_access_multi(xch, DOM, NULL, &page, 1), -1, EINVAL);
    assert_fails_with(xc_set_mem_access_multi(xch, DOM, &kind, NULL, 1), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static long set_one(xc_interface *xch)
{
    return xc_set_mem_access(xch, DOM, XENMEM_access_n, 1, 1);
}

static long set_many(xc_interface *xch)
{
    return set_some(xch);
}

/* Upstream's library keeps the first of two buffers if there is no second. */
TEST(without_a_buffer_nothing_is_left)
{
    assert_fails_without_buffers(set_one);
    assert_fails_without_buffers(set_many);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(accesses_are_set_for_a_run_of_pages),
        cmocka_unit_test(what_a_page_allows_is_told),
        cmocka_unit_test(each_page_gets_an_access_of_its_own),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(without_a_buffer_nothing_is_left),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
