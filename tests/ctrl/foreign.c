/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory of other domains, mapped, written, and found by their own addresses. */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "bare_domain.h"

#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <xen/arch-x86/hvm/save.h>

enum { SOME = 8 };

static void write_page(uint32_t domid, xen_pfn_t frame, int byte)
{
    char page[XC_PAGE_SIZE];

    memset(page, byte, sizeof(page));
    assert_works(xc_copy_to_domain_page(xc(), domid, frame, page));
}

static void assert_holds(const void *mapping, unsigned page, int byte)
{
    const uint8_t *bytes = (const uint8_t *)mapping + page * XC_PAGE_SIZE;

    assert_int_equal(bytes[0], byte);
    assert_int_equal(bytes[XC_PAGE_SIZE - 1], byte);
}

TEST(what_is_copied_to_a_domain_is_there_in_every_mapping)
{
    uint32_t domid = bare_hvm();
    xen_pfn_t frames[3] = {5, SOME + 9, 4};
    int errs[3];

    give_pages(domid, SOME);
    write_page(domid, 4, 0x44);
    write_page(domid, 5, 0x55);
    void *range = xc_map_foreign_range(xc(), domid, 2 * XC_PAGE_SIZE, PROT_READ | PROT_WRITE, 4);
    assert_non_null(range);
    assert_holds(range, 0, 0x44);
    assert_holds(range, 1, 0x55);
    void *bulk = xc_map_foreign_bulk(xc(), domid, PROT_READ, frames, errs, 3);
    assert_non_null(bulk);
    assert_true(errs[0] == 0 && errs[1] < 0 && errs[2] == 0);
    assert_holds(bulk, 0, 0x55);
    memset(range, 0x66, XC_PAGE_SIZE);
    assert_holds(bulk, 2, 0x66);
    munmap(bulk, 3 * XC_PAGE_SIZE);
    assert_true(xc_map_foreign_pages(xc(), domid, PROT_READ, frames, 3) == NULL);
    frames[1] = 5;
    void *pages = xc_map_foreign_pages(xc(), domid, PROT_READ, frames, 3);
    assert_non_null(pages);
    assert_holds(pages, 1, 0x55);
    munmap(pages, 3 * XC_PAGE_SIZE);
    munmap(range, 2 * XC_PAGE_SIZE);
}

TEST(cleared_pages_are_zero_and_their_neighbours_are_not)
{
    uint32_t domid = bare_hvm();

    give_pages(domid, SOME);
    for (unsigned frame = 2; frame < 6; frame++)
        write_page(domid, frame, 0x77);
    assert_works(xc_clear_domain_pages(xc(), domid, 3, 2));
    void *range = xc_map_foreign_range(xc(), domid, 4 * XC_PAGE_SIZE, PROT_READ, 2);
    assert_non_null(range);
    assert_holds(range, 0, 0x77);
    assert_holds(range, 1, 0);
    assert_holds(range, 2, 0);
    assert_holds(range, 3, 0x77);
    assert_works(xc_clear_domain_page(xc(), domid, 5));
    assert_holds(range, 3, 0);
    munmap(range, 4 * XC_PAGE_SIZE);
}

/* ---- a guest's own addresses ---- */

/* Where its vCPU goes on; what is before that is the instruction by which it went idle. */
static uint64_t next_instruction_of_pv(uint32_t domid)
{
    vcpu_guest_context_any_t context;

    memset(&context, 0, sizeof(context));
    assert_works(xc_vcpu_getcontext(xc(), domid, 0, &context));
    return context.x64.user_regs.rip;
}

static uint64_t next_instruction_of_pvh(uint32_t domid)
{
    union {
        struct hvm_hw_cpu cpu;
        uint8_t room[4096];
    } record;

    memset(&record, 0, sizeof(record));
    assert_works(xc_domain_hvm_getcontext_partial(xc(), domid, HVM_SAVE_CODE(CPU), 0, &record,
                                                  sizeof(record)));
    return record.cpu.rip;
}

struct idle {
    uint32_t domid;
    uint64_t (*next_instruction)(uint32_t domid);
    const uint8_t *instruction;
    size_t size;
};

/* A guest that is not idle just now is looked at again. */
static bool is_idle(void *argument)
{
    const struct idle *idle = argument;
    bool found = false;

    assert_works(xc_domain_pause(xc(), idle->domid));
    uint64_t address = idle->next_instruction(idle->domid) - idle->size;
    unsigned long frame = xc_translate_foreign_address(xc(), idle->domid, 0, address);
    size_t within = address % XC_PAGE_SIZE;
    uint8_t *page = frame ? xc_map_foreign_range(xc(), idle->domid, XC_PAGE_SIZE, PROT_READ,
                                                 frame)
                          : NULL;
    if (page && within + idle->size <= XC_PAGE_SIZE)
        found = memcmp(page + within, idle->instruction, idle->size) == 0;
    if (page)
        munmap(page, XC_PAGE_SIZE);
    assert_works(xc_domain_unpause(xc(), idle->domid));
    return found;
}

TEST(an_idle_pvh_guest_has_just_made_hlt)
{
    static const uint8_t hlt[] = {0xf4};
    struct idle idle = {guest("pvh"), next_instruction_of_pvh, hlt, sizeof(hlt)};

    assert_true(becomes_true(is_idle, &idle, 20));
}

TEST(an_idle_pv_guest_has_just_made_a_hypercall)
{
    static const uint8_t syscall[] = {0x0f, 0x05};
    struct idle idle = {guest("pv"), next_instruction_of_pv, syscall, sizeof(syscall)};

    assert_true(becomes_true(is_idle, &idle, 20));
}

TEST(an_address_where_nothing_is_fails)
{
    enum { NOBODY = 32000 };

    assert_fails_with(xc_translate_foreign_address(xc(), guest("pvh"), 0, 0xffff900000000000), 0,
                      EADDRNOTAVAIL);
    assert_fails_with(xc_translate_foreign_address(xc(), guest("pv"), 0, 0xffff0000deadb000), 0,
                      EADDRNOTAVAIL);
    assert_fails_with(xc_translate_foreign_address(xc(), NOBODY, 0, 0), 0, ESRCH);
    assert_true(xc_translate_foreign_address(xc(), guest("pv"), 1000, 0) == 0);
    observe("foreign.no_such_vcpu_pv", "%s", strerror(errno));
    assert_true(xc_translate_foreign_address(xc(), guest("pvh"), 1000, 0) == 0);
    observe("foreign.no_such_vcpu_pvh", "%s", strerror(errno));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_BARE_DOMAIN(what_is_copied_to_a_domain_is_there_in_every_mapping),
        ON_BARE_DOMAIN(cleared_pages_are_zero_and_their_neighbours_are_not),
        ON_XEN(an_idle_pvh_guest_has_just_made_hlt),
        ON_XEN(an_idle_pv_guest_has_just_made_a_hypercall),
        ON_XEN(an_address_where_nothing_is_fails),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
