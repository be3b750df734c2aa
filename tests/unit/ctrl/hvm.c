/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HVM domains: parameters, and the state that is saved. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { DOM = 7, HVM_OP = 34, SET_PARAM = 0, GET_PARAM = 1, PARAM_BYTES = 16 };
enum { GETHVMCONTEXT = 33, SETHVMCONTEXT = 34, GETHVMCONTEXT_PARTIAL = 55 };
#define NO_DOMAIN 0x10007u
#define STORE_PFN 1 /* HVM_PARAM_STORE_PFN */

/* ---- parameters ---- */

TEST(parameters_are_set)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_hvm_param_set(xch, DOM, STORE_PFN, UINT64_MAX - 1), 0);
        assert_struct(HVM_OP, SET_PARAM, PARAM_BYTES, {0, 2, DOM}, {4, 4, STORE_PFN},
                      {8, 8, UINT64_MAX - 1});
        assert_int_equal(xc_set_hvm_param(xch, DOM, STORE_PFN, 9), 0);
        assert_struct(HVM_OP, SET_PARAM, PARAM_BYTES, {0, 2, DOM}, {4, 4, STORE_PFN}, {8, 8, 9});
        stop(xch);
    }
}

static int tell_value(struct sent *request, uint8_t *memory)
{
    uint64_t value = UINT64_C(0x1122334455667788);

    (void)request;
    memcpy(memory + 8, &value, sizeof(value));
    return 0;
}

static int no_such_domain(struct sent *request, uint8_t *memory)
{
    (void)request;
    (void)memory;
    return -ESRCH;
}

TEST(parameters_are_told)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        unsigned long narrow = 3;
        uint64_t wide = 3;

        answer_with(no_such_domain);
        assert_fails_with(xc_hvm_param_get(xch, DOM, STORE_PFN, &wide), -1, ESRCH);
        assert_fails_with(xc_get_hvm_param(xch, DOM, STORE_PFN, &narrow), -1, ESRCH);
        assert_fails_with(xc_hvm_param_set(xch, DOM, STORE_PFN, 1), -1, ESRCH);
        assert_true(wide == 3 && narrow == 3);
        answer_with(tell_value);
        assert_int_equal(xc_hvm_param_get(xch, DOM, STORE_PFN, &wide), 0);
        assert_struct(HVM_OP, GET_PARAM, PARAM_BYTES, {0, 2, DOM}, {4, 4, STORE_PFN});
        assert_int_equal(xc_get_hvm_param(xch, DOM, STORE_PFN, &narrow), 0);
        assert_true(wide == UINT64_C(0x1122334455667788) && narrow == wide);
        stop(xch);
    }
}

/* ---- the state ---- */

enum { STATE_BYTES = 8192 };

static uint8_t saved[STATE_BYTES];

static void *buffer_of(const char *member, const uint8_t *payload)
{
    return address_in(running_minor, "xen_domctl", member, "buffer.p", payload);
}

static int tell_state(struct sent *request, uint8_t *payload)
{
    void *buffer = buffer_of("hvmcontext", payload);

    (void)request;
    if (buffer)
        memset(buffer, 0x5a, 100);
    set_field(running_minor, "xen_domctl", "hvmcontext", "size", payload,
              buffer ? 100 : STATE_BYTES);
    return 0;
}

TEST(the_states_size_is_asked_for_and_the_state_told)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        memset(saved, 1, sizeof(saved));
        answer_with(tell_state);
        assert_int_equal(xc_domain_hvm_getcontext(xch, DOM, NULL, 55), STATE_BYTES);
        assert_domctl(minor, GETHVMCONTEXT, DOM, "hvmcontext", {"size", 0});
        assert_int_equal(xc_domain_hvm_getcontext(xch, DOM, saved, sizeof(saved)), 100);
        assert_domctl(minor, GETHVMCONTEXT, DOM, "hvmcontext", {"size", STATE_BYTES},
                      {"buffer.p", AN_ADDRESS});
        assert_true(saved[0] == 0x5a && saved[99] == 0x5a && saved[100] == 1);
        stop(xch);
    }
}

static int says_too_much(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "hvmcontext", "size", payload, STATE_BYTES);
    return 0;
}

static int no_space(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "hvmcontext", "size", payload, 1);
    return -ENOSPC;
}

TEST(no_more_is_written_than_there_is_room_for)
{
    xc_interface *xch = start(17);
    uint8_t small[16];

    memset(small, 1, sizeof(small));
    answer_with(says_too_much);
    assert_int_equal(xc_domain_hvm_getcontext(xch, DOM, small, 8), STATE_BYTES);
    assert_int_equal(small[8], 1);
    memset(small, 1, sizeof(small));
    answer_with(no_space);
    assert_fails_with(xc_domain_hvm_getcontext(xch, DOM, small, 8), -1, ENOSPC);
    assert_int_equal(small[0], 1);
    stop(xch);
}

static int see_state(struct sent *request, uint8_t *payload)
{
    (void)request;
    assert_memory_equal(buffer_of("hvmcontext", payload), saved, sizeof(saved));
    return 0;
}

TEST(the_state_is_set)
{
    memset(saved, 0xa5, sizeof(saved));
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(see_state);
        assert_int_equal(xc_domain_hvm_setcontext(xch, DOM, saved, sizeof(saved)), 0);
        assert_domctl(minor, SETHVMCONTEXT, DOM, "hvmcontext", {"size", STATE_BYTES},
                      {"buffer.p", AN_ADDRESS});
        stop(xch);
    }
}

static int tell_record(struct sent *request, uint8_t *payload)
{
    (void)request;
    memset(buffer_of("hvmcontext_partial", payload), 0x5a, 6);
    set_field(running_minor, "xen_domctl", "hvmcontext_partial", "bufsz", payload, 6);
    return 0;
}

/* Upstream's library writes all of the room, whatever stood in its buffer. */
TEST(one_record_is_told_and_nothing_beyond_it)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint8_t record[16];

        memset(record, 1, sizeof(record));
        answer_with(tell_record);
        assert_int_equal(xc_domain_hvm_getcontext_partial(xch, DOM, 2, 3, record, 16), 0);
        assert_domctl(minor, GETHVMCONTEXT_PARTIAL, DOM, "hvmcontext_partial", {"type", 2},
                      {"instance", 3}, {"bufsz", 16}, {"buffer.p", AN_ADDRESS});
        assert_true(record[0] == 0x5a && record[5] == 0x5a && record[6] == 1);
        stop(xch);
    }
}

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start(17);
    unsigned long narrow;
    uint64_t wide;

    assert_fails_with(xc_hvm_param_set(xch, NO_DOMAIN, 1, 1), -1, EINVAL);
    assert_fails_with(xc_hvm_param_get(xch, NO_DOMAIN, 1, &wide), -1, EINVAL);
    assert_fails_with(xc_set_hvm_param(xch, NO_DOMAIN, 1, 1), -1, EINVAL);
    assert_fails_with(xc_get_hvm_param(xch, NO_DOMAIN, 1, &narrow), -1, EINVAL);
    assert_fails_with(xc_domain_hvm_getcontext(xch, NO_DOMAIN, NULL, 0), -1, EINVAL);
    assert_fails_with(xc_domain_hvm_setcontext(xch, NO_DOMAIN, saved, 8), -1, EINVAL);
    assert_fails_with(xc_domain_hvm_setcontext(xch, DOM, NULL, 8), -1, EINVAL);
    assert_fails_with(xc_domain_hvm_getcontext_partial(xch, NO_DOMAIN, 1, 0, saved, 8), -1,
                      EINVAL);
    assert_fails_with(xc_domain_hvm_getcontext_partial(xch, DOM, 1, 0, NULL, 8), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static long get_param(xc_interface *xch)
{
    uint64_t value;

    return xc_hvm_param_get(xch, DOM, 1, &value);
}

static long set_param(xc_interface *xch)
{
    return xc_hvm_param_set(xch, DOM, 1, 1);
}

static long get_state(xc_interface *xch)
{
    return xc_domain_hvm_getcontext(xch, DOM, saved, sizeof(saved)) < 0 ? -1 : 0;
}

static long set_state(xc_interface *xch)
{
    return xc_domain_hvm_setcontext(xch, DOM, saved, sizeof(saved));
}

static long get_record(xc_interface *xch)
{
    return xc_domain_hvm_getcontext_partial(xch, DOM, 1, 0, saved, sizeof(saved));
}

TEST(without_a_buffer_nothing_is_left)
{
    assert_fails_without_buffers(get_param);
    assert_fails_without_buffers(set_param);
    assert_fails_without_buffers(get_state);
    assert_fails_without_buffers(set_state);
    assert_fails_without_buffers(get_record);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_set),
        cmocka_unit_test(parameters_are_told),
        cmocka_unit_test(the_states_size_is_asked_for_and_the_state_told),
        cmocka_unit_test(no_more_is_written_than_there_is_room_for),
        cmocka_unit_test(the_state_is_set),
        cmocka_unit_test(one_record_is_told_and_nothing_beyond_it),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(without_a_buffer_nothing_is_left),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
