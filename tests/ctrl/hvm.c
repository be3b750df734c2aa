/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HVM domains: their parameters, and their state, saved and set. */
#include "own_domain.h"

#include <stdlib.h>
#include <string.h>
#include <xen/hvm/save.h>

TEST(parameters_are_set_and_told)
{
    uint64_t wide = 0;
    unsigned long narrow = 0;

    assert_works(xc_hvm_param_set(xc(), own_domain(), HVM_PARAM_STORE_PFN, 5));
    assert_works(xc_hvm_param_get(xc(), own_domain(), HVM_PARAM_STORE_PFN, &wide));
    assert_true(wide == 5);
    assert_works(xc_set_hvm_param(xc(), own_domain(), HVM_PARAM_CONSOLE_PFN, 6));
    assert_works(xc_get_hvm_param(xc(), own_domain(), HVM_PARAM_CONSOLE_PFN, &narrow));
    assert_true(narrow == 6);
}

TEST(a_guests_store_has_a_page_and_a_port)
{
    uint64_t page = 0, port = 0;

    assert_works(xc_hvm_param_get(xc(), guest("pvh"), HVM_PARAM_STORE_PFN, &page));
    assert_works(xc_hvm_param_get(xc(), guest("pvh"), HVM_PARAM_STORE_EVTCHN, &port));
    assert_true(page != 0 && port != 0);
}

TEST(there_is_no_such_parameter_and_no_such_domain)
{
    uint64_t value;

    assert_fails_with(xc_hvm_param_get(xc(), own_domain(), HVM_NR_PARAMS + 1000, &value), -1,
                      EINVAL);
    assert_fails_with(xc_hvm_param_set(xc(), DOMID_FIRST_RESERVED - 1, HVM_PARAM_STORE_PFN, 1),
                      -1, ESRCH);
}

/* ---- state ---- */

/* All of a domain's state, for free(). */
static uint8_t *state_of(uint32_t domid, uint32_t *size)
{
    *size = (uint32_t)assert_works(xc_domain_hvm_getcontext(xc(), domid, NULL, 0));
    uint8_t *context = calloc(1, *size);

    assert_non_null(context);
    *size = (uint32_t)assert_works(xc_domain_hvm_getcontext(xc(), domid, context, *size));
    return context;
}

/* The first record of a type in it, NULL if there is none. */
static uint8_t *record_in(uint8_t *context, uint32_t size, uint16_t type, uint32_t *length)
{
    struct hvm_save_descriptor record;

    for (uint32_t at = 0; at + sizeof(record) <= size; at += (uint32_t)sizeof(record) + *length) {
        memcpy(&record, context + at, sizeof(record));
        *length = record.length;
        if (record.typecode == type)
            return context + at + sizeof(record);
    }
    return NULL;
}

TEST(a_record_is_the_same_alone_as_among_all)
{
    HVM_SAVE_TYPE(MTRR) alone;
    uint32_t size, length = 0;
    uint8_t *context = state_of(guest("pvh"), &size);
    const uint8_t *among_all = record_in(context, size, HVM_SAVE_CODE(MTRR), &length);

    assert_non_null(record_in(context, size, HVM_SAVE_CODE(CPU), &length));
    assert_non_null(among_all);
    memset(&alone, 0xee, sizeof(alone));
    assert_works(xc_domain_hvm_getcontext_partial(xc(), guest("pvh"), HVM_SAVE_CODE(MTRR), 0,
                                                  &alone, sizeof(alone)));
    assert_memory_equal(&alone, among_all, sizeof(alone));
    free(context);
}

TEST(state_that_is_set_is_told_again)
{
    HVM_SAVE_TYPE(RTC) *clock, after;
    uint32_t size, length = 0;
    uint8_t *context = state_of(own_domain(), &size);

    clock = (void *)record_in(context, size, HVM_SAVE_CODE(RTC), &length);
    assert_non_null(clock);
    clock->cmos_data[1] = 0x15;
    clock->cmos_index = 1;
    assert_works(xc_domain_hvm_setcontext(xc(), own_domain(), context, size));
    assert_works(xc_domain_hvm_getcontext_partial(xc(), own_domain(), HVM_SAVE_CODE(RTC), 0,
                                                  &after, sizeof(after)));
    assert_int_equal(after.cmos_data[1], 0x15);
    assert_int_equal(after.cmos_index, 1);
    context[sizeof(struct hvm_save_descriptor)] ^= 0xff; /* the magic number */
    assert_int_equal(xc_domain_hvm_setcontext(xc(), own_domain(), context, size), -1);
    observe("hvm/setcontext-of-rubbish", "%s", strerror(errno));
    free(context);
}

TEST(state_needs_room)
{
    uint8_t few[64];

    assert_fails_with(xc_domain_hvm_getcontext(xc(), guest("pvh"), few, sizeof(few)), -1,
                      ENOSPC);
    assert_int_equal(xc_domain_hvm_getcontext(xc(), guest("pv"), NULL, 0), -1);
    observe("hvm/getcontext-of-pv", "%s", strerror(errno));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_OWN_DOMAIN(parameters_are_set_and_told),
        ON_XEN(a_guests_store_has_a_page_and_a_port),
        ON_OWN_DOMAIN(there_is_no_such_parameter_and_no_such_domain),
        ON_XEN(a_record_is_the_same_alone_as_among_all),
        ON_OWN_DOMAIN(state_that_is_set_is_told_again),
        ON_XEN(state_needs_room),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
