/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xc_translate_foreign_address over page tables of all kinds. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fakeguest.h"
#include "fakexen.h"
#include "fixture.h"
#include "xenctrl.h"

#include <xen/arch-x86/hvm/save.h>

enum {
    DOM = 7,
    VCPU = 3,
    FRAMES = 16,
    GETVCPUCONTEXT = 13,
    GETDOMAININFO = 5,
    GET_ADDRESS_SIZE = 36,
    GETHVMCONTEXT_PARTIAL = 55,
};
enum { PRESENT = 1, LARGE = 1 << 7, TOP = 1, SECOND = 2, THIRD = 3, FOURTH = 4 };
#define PAGING (UINT64_C(1) << 31)
#define PSE (UINT64_C(1) << 4)
#define PAE (UINT64_C(1) << 5)
#define LONG_MODE (UINT64_C(1) << 10)
/* Bits that are no part of an entry's address. */
#define FLAGS (UINT64_C(1) << 63 | UINT64_C(0x7) << 52 | 0x67)

/* ---- the domain ---- */

static struct {
    bool is_hvm;
    unsigned guest_width; /* PV, bytes */
    int failing;          /* the operation that fails with ESRCH */
    struct hvm_hw_cpu cpu;
    vcpu_guest_context_any_t context;
} domain;
static uint8_t *memory;

static void put_word(uint8_t *payload, const char *member, const char *field, uint64_t value)
{
    set_field(running_minor, "xen_domctl", member, field, payload, value);
}

static int tell_context(const uint8_t *payload)
{
    vcpu_guest_context_any_t *context =
        address_in(running_minor, "xen_domctl", "vcpucontext", "ctxt.p", payload);

    assert_int_equal(payload[0], VCPU);
    *context = domain.context;
    return 0;
}

static int tell_cpu(uint8_t *payload)
{
    static const char member[] = "hvmcontext_partial";
    struct hvm_hw_cpu *cpu = address_in(running_minor, "xen_domctl", member, "buffer.p", payload);

    assert_int_equal(fakerelease_get(payload, fakerelease_field(running_minor, "xen_domctl",
                                                                member, "instance")),
                     VCPU);
    *cpu = domain.cpu;
    put_word(payload, member, "bufsz", sizeof(*cpu));
    return 0;
}

static int answer_as_the_domain(struct sent *request, uint8_t *payload)
{
    if (request->domid != DOM || (int)request->op == domain.failing)
        return -ESRCH;
    switch (request->op) {
    case GETDOMAININFO:
        put_word(payload, "getdomaininfo", "domain", DOM);
        put_word(payload, "getdomaininfo", "flags", domain.is_hvm ? XEN_DOMINF_hvm_guest : 0);
        return 0;
    case GETVCPUCONTEXT:
        return tell_context(payload);
    case GET_ADDRESS_SIZE:
        put_word(payload, "address_size", "size", domain.guest_width * 8);
        return 0;
    case GETHVMCONTEXT_PARTIAL:
        return tell_cpu(payload);
    default:
        return -ENOSYS;
    }
}

static xc_interface *start_domain(unsigned minor, bool is_hvm)
{
    xc_interface *xch = start(minor);

    memset(&domain, 0, sizeof(domain));
    domain.is_hvm = is_hvm;
    domain.guest_width = 8;
    domain.cpu.cr0 = PAGING;
    memory = fakeguest_start(DOM, FRAMES);
    answer_with(answer_as_the_domain);
    return xch;
}

static void set_entry(unsigned frame, unsigned index, uint64_t entry)
{
    memcpy(memory + frame * FAKEGUEST_PAGE + index * 8, &entry, 8);
}

static void set_entry32(unsigned frame, unsigned index, uint32_t entry)
{
    memcpy(memory + frame * FAKEGUEST_PAGE + index * 4, &entry, 4);
}

/* A table, or a page, by its frame. */
static uint64_t at_frame(uint64_t frame)
{
    return frame << 12 | FLAGS;
}

/* What is mapped once the interface has the buffers that it keeps. */
static unsigned mappings_kept(xc_interface *xch)
{
    xc_translate_foreign_address(xch, DOM, VCPU, 0);
    fakeguest_asked.requests = 0;
    return fakexen_mappings();
}

/* Found, without a word in errno. */
static void assert_frame_of(xc_interface *xch, unsigned long long address, unsigned long frame)
{
    errno = EXDEV;
    assert_true(xc_translate_foreign_address(xch, DOM, VCPU, address) == frame);
    assert_int_equal(errno, EXDEV);
}

/* ---- four levels ---- */

/* Of 0xffff8123456789ab the four indices, and the bits within pages of each size. */
#define ADDRESS UINT64_C(0xffff8123456789ab)
enum { INDEX4 = 0x102, INDEX3 = 0x8d, INDEX2 = 0x2b, INDEX1 = 0x78 };

static void make_four_levels(void)
{
    set_entry(TOP, INDEX4, at_frame(SECOND));
    set_entry(SECOND, INDEX3, at_frame(THIRD));
    set_entry(THIRD, INDEX2, at_frame(FOURTH));
    set_entry(FOURTH, INDEX1, at_frame(0xabcdef1234));
}

TEST(a_pv_domain_has_four_levels_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start_domain(minor, false);

        domain.context.x64.ctrlreg[3] = TOP << 12;
        make_four_levels();
        unsigned mappings = mappings_kept(xch);
        assert_int_equal(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS), 0xabcdef1234);
        assert_int_equal(fakeguest_asked.requests, 4);
        assert_int_equal(fakeguest_asked.frames[0], FOURTH);
        assert_int_equal(fakexen_mappings(), mappings);
        stop(xch);
    }
}

TEST(an_hvm_domain_in_long_mode_has_four_levels_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start_domain(minor, true);

        domain.cpu.msr_efer = LONG_MODE;
        domain.cpu.cr3 = TOP << 12 | 0x18;
        make_four_levels();
        assert_int_equal(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS), 0xabcdef1234);
        stop(xch);
    }
}

static xc_interface *start_long_mode(void)
{
    xc_interface *xch = start_domain(17, true);

    domain.cpu.msr_efer = LONG_MODE;
    domain.cpu.cr3 = TOP << 12;
    make_four_levels();
    return xch;
}

TEST(pages_of_2_mib_and_1_gib_end_the_walk)
{
    xc_interface *xch = start_long_mode();

    /* Bit 12 of a large entry is not part of its address. */
    set_entry(THIRD, INDEX2, UINT64_C(0x40000000) | 0x1000 | LARGE | FLAGS);
    assert_true(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS) ==
                (0x40000000 | (ADDRESS & 0x1fffff)) >> 12);
    set_entry(SECOND, INDEX3, UINT64_C(0x180000000) | 0x1000 | LARGE | FLAGS);
    assert_true(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS) ==
                (0x180000000 | (ADDRESS & 0x3fffffff)) >> 12);
    assert_int_equal(fakeguest_asked.requests, 3 + 2);
    stop(xch);
}

TEST(the_bit_that_means_large_means_nothing_in_the_lowest_and_uppermost_level)
{
    xc_interface *xch = start_long_mode();

    set_entry(TOP, INDEX4, at_frame(SECOND) | LARGE);
    set_entry(FOURTH, INDEX1, at_frame(0x77) | LARGE);
    assert_int_equal(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS), 0x77);
    stop(xch);
}

TEST(what_is_not_mapped_is_EADDRNOTAVAIL_at_each_level)
{
    static const struct { unsigned frame, index; } entries[] = {
        {FOURTH, INDEX1}, {THIRD, INDEX2}, {SECOND, INDEX3}, {TOP, INDEX4}};
    xc_interface *xch = start_long_mode();
    unsigned mappings = mappings_kept(xch);

    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        set_entry(entries[i].frame, entries[i].index, at_frame(SECOND) & ~(uint64_t)PRESENT);
        assert_fails_with(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS), 0,
                          EADDRNOTAVAIL);
        assert_non_null(strstr(xc_get_last_error(xch)->message, "not mapped"));
    }
    assert_int_equal(fakexen_mappings(), mappings);
    stop(xch);
}

/* Upstream drops the upper bits: it finds a page where the CPU would fault. */
TEST(an_address_that_no_cpu_has_is_not_mapped)
{
    xc_interface *xch = start_long_mode();

    assert_fails_with(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS ^ 1ULL << 63), 0,
                      EADDRNOTAVAIL);
    assert_fails_with(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS & 0xffffffffffff), 0,
                      EADDRNOTAVAIL);
    assert_int_equal(fakeguest_asked.requests, 0);
    stop(xch);
}

TEST(a_table_where_no_memory_is_fails_and_leaves_nothing)
{
    xc_interface *xch = start_long_mode();
    unsigned mappings = mappings_kept(xch);

    set_entry(SECOND, INDEX3, at_frame(FRAMES));
    assert_fails_with(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS), 0, EINVAL);
    set_entry(SECOND, INDEX3, UINT64_MAX & ~(uint64_t)LARGE);
    assert_fails_with(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS), 0, EINVAL);
    assert_int_equal(fakexen_mappings(), mappings);
    stop(xch);
}

/* A table may be its own next one: the walk has as many steps as levels, no more. */
TEST(a_table_that_leads_to_itself_ends)
{
    xc_interface *xch = start_long_mode();

    for (unsigned i = 0; i < 512; i++)
        set_entry(TOP, i, at_frame(TOP));
    assert_int_equal(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS), TOP);
    assert_int_equal(fakeguest_asked.requests, 4);
    stop(xch);
}

/* ---- 32 bits ---- */

/* Of 0xc56789ab: two bits, nine, nine; or ten and ten. */
#define ADDRESS32 0xc56789abu
enum { PAE3 = 3, PAE2 = 0x2b, PAE1 = 0x78, TWO2 = 0x315, TWO1 = 0x278 };

static void make_three_levels(unsigned offset)
{
    uint64_t entry = (at_frame(SECOND) & 0xffffff000) | PRESENT;

    memcpy(memory + TOP * FAKEGUEST_PAGE + offset + PAE3 * 8, &entry, 8);
    set_entry(SECOND, PAE2, at_frame(THIRD));
    set_entry(THIRD, PAE1, at_frame(0x123456));
}

TEST(three_levels_begin_in_the_middle_of_a_page)
{
    xc_interface *xch = start_domain(17, true);

    domain.cpu.cr4 = PAE | PSE;
    domain.cpu.cr3 = TOP << 12 | 0xfe0 | 0x18;
    make_three_levels(0xfe0);
    assert_int_equal(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS32), 0x123456);
    /* The upper half is not part of it. */
    assert_int_equal(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS32 | 7ULL << 40),
                     0x123456);
    set_entry(SECOND, PAE2, UINT64_C(0x1234000000) | LARGE | PRESENT);
    assert_true(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS32) ==
                (0x1234000000 | (ADDRESS32 & 0x1fffff)) >> 12);
    stop(xch);
}

TEST(a_32_bit_pv_domain_keeps_a_frame_in_both_ends_of_cr3)
{
    xc_interface *xch = start_domain(17, false);

    domain.guest_width = 4;
    domain.context.x32.ctrlreg[3] = TOP << 12;
    make_three_levels(0);
    assert_int_equal(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS32), 0x123456);
    domain.context.x32.ctrlreg[3] = 0x45678abc;
    assert_fails_with(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS32), 0, EINVAL);
    assert_true(fakeguest_asked.frames[0] == 0xabc45678);
    stop(xch);
}

TEST(two_levels_have_pages_of_4_mib_if_the_cpu_is_told)
{
    xc_interface *xch = start_domain(17, true);

    domain.cpu.cr3 = TOP << 12;
    set_entry32(TOP, TWO2, SECOND << 12 | LARGE | PRESENT);
    set_entry32(SECOND, TWO1, 0xfffff000 | PRESENT);
    assert_int_equal(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS32), 0xfffff);
    domain.cpu.cr4 = PSE;
    set_entry32(TOP, TWO2, 0x12c00000 | 0x5a << 13 | 0x1000 | LARGE | PRESENT);
    assert_true(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS32) ==
                (0x5a12c00000 | (ADDRESS32 & 0x3fffff)) >> 12);
    set_entry32(TOP, TWO2, 0);
    assert_fails_with(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS32), 0,
                      EADDRNOTAVAIL);
    stop(xch);
}

TEST(without_paging_an_address_is_what_it_is)
{
    xc_interface *xch = start_domain(17, true);

    domain.cpu.cr0 = 0;
    assert_frame_of(xch, 0x12345678, 0x12345);
    assert_frame_of(xch, 0xfff, 0);
    assert_int_equal(fakeguest_asked.requests, 0);
    stop(xch);
}

/* ---- failures ---- */

TEST(what_was_wrong_with_the_request_goes_no_further)
{
    xc_interface *xch = start_domain(17, true);

    requests = 0;
    assert_fails_with(xc_translate_foreign_address(xch, 0x10000 + DOM, VCPU, 0), 0, EINVAL);
    assert_fails_with(xc_translate_foreign_address(xch, DOM, -1, 0), 0, EINVAL);
    assert_fails_with(xc_translate_foreign_address(xch, DOM, 0x10000, 0), 0, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

TEST(each_question_to_xen_may_fail)
{
    static const struct { bool is_hvm; int operation; } each[] = {
        {true, GETDOMAININFO}, {true, GETHVMCONTEXT_PARTIAL}, {false, GETDOMAININFO},
        {false, GETVCPUCONTEXT}, {false, GET_ADDRESS_SIZE}};

    for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
        xc_interface *xch = start_domain(17, each[i].is_hvm);

        domain.failing = each[i].operation;
        assert_fails_with(xc_translate_foreign_address(xch, DOM, VCPU, ADDRESS), 0, ESRCH);
        assert_int_equal(fakeguest_asked.requests, 0);
        stop(xch);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pv_domain_has_four_levels_on_every_release),
        cmocka_unit_test(an_hvm_domain_in_long_mode_has_four_levels_on_every_release),
        cmocka_unit_test(pages_of_2_mib_and_1_gib_end_the_walk),
        cmocka_unit_test(the_bit_that_means_large_means_nothing_in_the_lowest_and_uppermost_level),
        cmocka_unit_test(what_is_not_mapped_is_EADDRNOTAVAIL_at_each_level),
        cmocka_unit_test(an_address_that_no_cpu_has_is_not_mapped),
        cmocka_unit_test(a_table_where_no_memory_is_fails_and_leaves_nothing),
        cmocka_unit_test(a_table_that_leads_to_itself_ends),
        cmocka_unit_test(three_levels_begin_in_the_middle_of_a_page),
        cmocka_unit_test(a_32_bit_pv_domain_keeps_a_frame_in_both_ends_of_cr3),
        cmocka_unit_test(two_levels_have_pages_of_4_mib_if_the_cpu_is_told),
        cmocka_unit_test(without_paging_an_address_is_what_it_is),
        cmocka_unit_test(what_was_wrong_with_the_request_goes_no_further),
        cmocka_unit_test(each_question_to_xen_may_fail),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
