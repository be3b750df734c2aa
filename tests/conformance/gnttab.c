/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Grants within one domain: share, map, unmap, notify, limits. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conformance.h"
#include "grants.h"
#include "loopback.h"

#define NO_OFFSET UINT32_MAX
#define NO_PORT ((evtchn_port_t)-1)

enum { RW = PROT_READ | PROT_WRITE, SOME = 8 };

TEST(a_mapping_handle_is_close_on_exec)
{
    xengnttab_handle *xgt = xengnttab_open(NULL, 0);

    assert_non_null(xgt);
    assert_true(is_cloexec(xengnttab_fd(xgt)));
    assert_int_equal(xen_devices_after_exec(), 0);
    assert_int_equal(xengnttab_close(xgt), 0);
}

TEST(a_sharing_handle_and_exec)
{
    xengntshr_handle *xgs = xengntshr_open(NULL, 0);

    assert_non_null(xgs);
    observe("cloexec", "%d", is_cloexec(xengntshr_fd(xgs)));
    observe("devices-after-exec", "%d", xen_devices_after_exec());
    assert_int_equal(xengntshr_close(xgs), 0);
}

TEST(closing_no_handle_is_a_success)
{
    assert_int_equal(xengnttab_close(NULL), 0);
    assert_int_equal(xengntshr_close(NULL), 0);
}

TEST(both_ends_see_what_the_other_writes)
{
    struct grants grants = grants_open();
    uint8_t zeros[PAGE] = {0}, *shared, *mapped;
    uint32_t ref;

    need_mappings_of_own_grants();
    shared = share_with_self(&grants, 1, &ref, true);
    assert_memory_equal(shared, zeros, PAGE);
    mapped = xengnttab_map_grant_ref(grants.map, own_domid(), ref, RW);
    assert_non_null(mapped);
    memset(shared, 0x5a, PAGE);
    assert_memory_equal(mapped, shared, PAGE);
    mapped[PAGE - 1] = 0xa5;
    assert_int_equal(shared[PAGE - 1], 0xa5);
    assert_int_equal(xengnttab_unmap(grants.map, mapped, 1), 0);
    assert_int_equal(shared[PAGE - 1], 0xa5);
    assert_int_equal(xengntshr_unshare(grants.share, shared, 1), 0);
    grants_close(&grants);
}

TEST(pages_are_mapped_in_the_order_of_their_refs)
{
    struct grants grants = grants_open();
    uint32_t refs[SOME], backwards[SOME], domids[SOME];
    uint8_t *shared = share_with_self(&grants, SOME, refs, true), *mapped;

    need_mappings_of_own_grants();
    for (int i = 0; i < SOME; i++) {
        memset(shared + i * PAGE, 'a' + i, PAGE);
        backwards[SOME - 1 - i] = refs[i];
        domids[i] = own_domid();
    }
    mapped = map_own(&grants, SOME, refs, PROT_READ);
    assert_memory_equal(mapped, shared, SOME * PAGE);
    assert_int_equal(xengnttab_unmap(grants.map, mapped, SOME), 0);
    mapped = xengnttab_map_grant_refs(grants.map, SOME, domids, backwards, RW);
    assert_non_null(mapped);
    for (int i = 0; i < SOME; i++)
        assert_memory_equal(mapped + i * PAGE, shared + (SOME - 1 - i) * PAGE, PAGE);
    assert_int_equal(xengnttab_unmap(grants.map, mapped, SOME), 0);
    assert_int_equal(xengntshr_unshare(grants.share, shared, SOME), 0);
    grants_close(&grants);
}

TEST(a_read_only_grant_cannot_be_written)
{
    struct grants grants = grants_open();
    uint32_t ref;
    uint8_t *shared = share_with_self(&grants, 1, &ref, false), *mapped;

    need_mappings_of_own_grants();
    assert_null(xengnttab_map_grant_ref(grants.map, own_domid(), ref, RW));
    observe("map-for-writing", "%s", errno_name(errno));
    mapped = map_own(&grants, 1, &ref, PROT_READ);
    *shared = 7;
    assert_int_equal(*mapped, 7);
    assert_true(write_faults(mapped));
    assert_false(write_faults(shared));
    assert_int_equal(xengnttab_unmap(grants.map, mapped, 1), 0);
    assert_int_equal(xengntshr_unshare(grants.share, shared, 1), 0);
    grants_close(&grants);
}

TEST(a_read_only_mapping_cannot_be_written)
{
    struct grants grants = grants_open();
    uint32_t ref;
    uint8_t *shared = share_with_self(&grants, 1, &ref, true);
    uint8_t *mapped = map_own(&grants, 1, &ref, PROT_READ);

    assert_true(write_faults(mapped));
    assert_int_equal(xengnttab_unmap(grants.map, mapped, 1), 0);
    mapped = map_own(&grants, 1, &ref, RW);
    assert_false(write_faults(mapped));
    assert_int_equal(xengnttab_unmap(grants.map, mapped, 1), 0);
    assert_int_equal(xengntshr_unshare(grants.share, shared, 1), 0);
    grants_close(&grants);
}

TEST(unmap_takes_a_whole_mapping_or_nothing)
{
    struct grants grants = grants_open();
    uint32_t refs[SOME];
    uint8_t *shared = share_with_self(&grants, SOME, refs, true);
    uint8_t *mapped = map_own(&grants, SOME, refs, RW);

    assert_fails_with(xengnttab_unmap(grants.map, NULL, SOME), -1, EINVAL);
    assert_fails_with(xengnttab_unmap(grants.map, mapped, SOME - 1), -1, EINVAL);
    assert_fails_with(xengnttab_unmap(grants.map, mapped, SOME + 1), -1, EINVAL);
    assert_fails_with(xengnttab_unmap(grants.map, mapped + PAGE, SOME - 1), -1, EINVAL);
    assert_fails_with(xengnttab_unmap(grants.map, shared, SOME), -1, EINVAL);
    memset(mapped, 0x11, SOME * PAGE);
    assert_memory_equal(mapped, shared, SOME * PAGE);
    assert_int_equal(xengnttab_unmap(grants.map, mapped, SOME), 0);
    assert_fails_with(xengnttab_unmap(grants.map, mapped, SOME), -1, EINVAL);
    assert_int_equal(xengntshr_unshare(grants.share, shared, SOME), 0);
    grants_close(&grants);
}

static void observe_map(struct grants *grants, const char *key, uint32_t domid, uint32_t ref)
{
    void *mapped = xengnttab_map_grant_ref(grants->map, domid, ref, PROT_READ);

    observe(key, "%s", outcome_pointer(mapped));
    assert_null(mapped);
}

TEST(bad_refs_and_domains_are_refused)
{
    struct grants grants = grants_open();

    observe_map(&grants, "no-such-ref", own_domid(), NO_SUCH_REF);
    observe_map(&grants, "ref-minus-1", own_domid(), UINT32_MAX);
    observe_map(&grants, "no-such-domain", NO_SUCH_DOMAIN, 8);
    observe_map(&grants, "self", DOMID_SELF, 8);
    observe_map(&grants, "17-bit-domain", 0x10000u + NO_SUCH_DOMAIN, 8);
    grants_close(&grants);
}

TEST(one_bad_ref_spoils_the_whole_mapping)
{
    struct grants grants = grants_open();
    uint32_t refs[SOME], spoilt[SOME];
    uint8_t *shared = share_with_self(&grants, SOME, refs, true);

    need_mappings_of_own_grants();
    memcpy(spoilt, refs, sizeof(refs));
    spoilt[SOME / 2] = NO_SUCH_REF;
    assert_null(xengnttab_map_domain_grant_refs(grants.map, SOME, own_domid(), spoilt, RW));
    observe("errno", "%s", errno_name(errno));
    assert_int_equal(xengntshr_unshare(grants.share, shared, SOME), 0);
    grants_close(&grants);
    expect_no_page_shared();
}

TEST(mapping_and_sharing_nothing)
{
    struct grants grants = grants_open();
    uint32_t ref = 0, domid = own_domid();

    observe("map-0", "%s",
            outcome_pointer(xengnttab_map_domain_grant_refs(grants.map, 0, domid, &ref, RW)));
    observe("map-refs-0", "%s",
            outcome_pointer(xengnttab_map_grant_refs(grants.map, 0, &domid, &ref, RW)));
    observe("share-0", "%s",
            outcome_pointer(xengntshr_share_pages(grants.share, domid, 0, &ref, 1)));
    grants_close(&grants);
}

static void unmap_and_look(uint32_t offset, bool with_port)
{
    struct grants grants = grants_open();
    struct loopback pair = loopback_open();
    uint32_t ref;
    uint8_t *shared = share_with_self(&grants, 1, &ref, true), *mapped;

    need_mappings_of_own_grants();
    memset(shared, 0xff, PAGE);
    mapped = xengnttab_map_grant_ref_notify(grants.map, own_domid(), ref, RW, offset,
                                            with_port ? pair.calling : NO_PORT);
    assert_non_null(mapped);
    expect_silence(pair.xce);
    assert_int_equal(xengnttab_unmap(grants.map, mapped, 1), 0);
    if (with_port)
        expect_event(pair.xce, pair.listening);
    expect_silence(pair.xce);
    for (uint32_t i = 0; i < PAGE; i++)
        assert_int_equal(shared[i], i == offset ? 0 : 0xff);
    assert_int_equal(xengntshr_unshare(grants.share, shared, 1), 0);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
    grants_close(&grants);
}

TEST(unmap_clears_a_byte_and_sends_an_event)
{
    unmap_and_look(PAGE - 1, true);
}

TEST(unmap_only_clears_a_byte)
{
    unmap_and_look(0, false);
}

TEST(unmap_only_sends_an_event)
{
    unmap_and_look(NO_OFFSET, true);
}

TEST(unmap_does_neither_when_not_asked_to)
{
    unmap_and_look(PAGE, false);
}

TEST(unshare_clears_a_byte_and_sends_an_event)
{
    struct grants grants = grants_open();
    struct loopback pair = loopback_open();
    uint32_t ref;
    uint8_t *mapped, *shared = xengntshr_share_page_notify(grants.share, own_domid(), &ref, 1,
                                                           17, pair.calling);

    assert_non_null(shared);
    memset(shared, 0xff, PAGE);
    mapped = map_own(&grants, 1, &ref, PROT_READ);
    assert_int_equal(xengntshr_unshare(grants.share, shared, 1), 0);
    expect_event(pair.xce, pair.listening);
    for (int i = 0; i < PAGE; i++)
        assert_int_equal(mapped[i], i == 17 ? 0 : 0xff);
    assert_int_equal(xengnttab_unmap(grants.map, mapped, 1), 0);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
    grants_close(&grants);
    expect_no_page_shared();
}

TEST(mapping_with_a_bad_notify_port_leaves_nothing)
{
    struct grants grants = grants_open();
    uint32_t ref;
    uint8_t *shared = share_with_self(&grants, 1, &ref, true);

    need_mappings_of_own_grants();
    assert_null(xengnttab_map_grant_ref_notify(grants.map, own_domid(), ref, RW, 0, NO_SUCH_REF));
    observe("errno", "%s", errno_name(errno));
    assert_int_equal(xengntshr_unshare(grants.share, shared, 1), 0);
    grants_close(&grants);
    expect_no_page_shared();
}

TEST(sharing_with_a_bad_notify_port_leaves_nothing)
{
    struct grants grants = grants_open();
    uint32_t ref = 0xdead;

    assert_null(
        xengntshr_share_page_notify(grants.share, own_domid(), &ref, 1, 0, NO_SUCH_REF));
    observe("errno", "%s", errno_name(errno));
    observe("ref", "%s", ref == 0xdead ? "untouched" : "written");
    grants_close(&grants);
    expect_no_page_shared();
}

TEST(the_kernel_shares_1024_pages_and_no_more)
{
    static uint32_t refs[GNTALLOC_LIMIT + 1];
    struct grants grants = grants_open();
    uint8_t *shared;

    assert_null(
        xengntshr_share_pages(grants.share, own_domid(), GNTALLOC_LIMIT + 1, refs, 1));
    observe("one-too-many", "%s", errno_name(errno));
    shared = share_with_self(&grants, GNTALLOC_LIMIT, refs, true);
    assert_null(xengntshr_share_pages(grants.share, own_domid(), 1, refs + GNTALLOC_LIMIT, 1));
    observe("one-more", "%s", errno_name(errno));
    assert_int_equal(xengntshr_unshare(grants.share, shared, GNTALLOC_LIMIT), 0);
    grants_close(&grants);
    expect_no_page_shared();
}

TEST(a_thousand_and_twenty_four_pages_are_mapped_at_once)
{
    static uint32_t refs[GNTALLOC_LIMIT];
    struct grants grants = grants_open();
    uint8_t *shared = share_with_self(&grants, GNTALLOC_LIMIT, refs, true), *mapped;

    for (int i = 0; i < GNTALLOC_LIMIT; i++)
        memcpy(shared + i * PAGE, &refs[i], sizeof(refs[i]));
    mapped = map_own(&grants, GNTALLOC_LIMIT, refs, RW);
    for (int i = 0; i < GNTALLOC_LIMIT; i++)
        assert_memory_equal(mapped + i * PAGE, &refs[i], sizeof(refs[i]));
    assert_int_equal(xengnttab_unmap(grants.map, mapped, GNTALLOC_LIMIT), 0);
    assert_int_equal(xengntshr_unshare(grants.share, shared, GNTALLOC_LIMIT), 0);
    grants_close(&grants);
    expect_no_page_shared();
}

TEST(one_mapping_has_no_more_pages_than_the_kernel_allows)
{
    static uint32_t refs[GNTDEV_LIMIT + 1];
    xengnttab_handle *xgt = xengnttab_open(NULL, 0);

    assert_non_null(xgt);
    assert_null(
        xengnttab_map_domain_grant_refs(xgt, GNTDEV_LIMIT + 1, own_domid(), refs, PROT_READ));
    observe("errno", "%s", errno_name(errno));
    assert_int_equal(xengnttab_close(xgt), 0);
}

TEST(the_limit_of_grants_may_be_set)
{
    xengnttab_handle *xgt = xengnttab_open(NULL, 0);

    assert_non_null(xgt);
    assert_int_equal(xengnttab_set_max_grants(xgt, 4096), 0);
    assert_int_equal(xengnttab_close(xgt), 0);
}

TEST(dma_buffers)
{
    xengnttab_handle *xgt = xengnttab_open(NULL, 0);
    uint32_t ref = 8, fd = 0;

    assert_non_null(xgt);
    assert_fails_with(xengnttab_dmabuf_exp_from_refs(xgt, own_domid(), 0, 0, &ref, &fd), -1,
                      EINVAL);
    assert_fails_with(xengnttab_dmabuf_imp_to_refs(xgt, own_domid(), 0, 0, &ref), -1, EINVAL);
    observe("export", "%s",
            outcome(xengnttab_dmabuf_exp_from_refs(xgt, own_domid(), 0, 1, &ref, &fd)));
    observe("wait", "%s", outcome(xengnttab_dmabuf_exp_wait_released(xgt, 1000, 1)));
    observe("import", "%s", outcome(xengnttab_dmabuf_imp_to_refs(xgt, own_domid(), 0, 1, &ref)));
    observe("release", "%s", outcome(xengnttab_dmabuf_imp_release(xgt, 1000)));
    assert_int_equal(xengnttab_close(xgt), 0);
}

TEST(mappings_outlive_their_handles)
{
    struct grants grants = grants_open();
    uint32_t ref;
    uint8_t *shared = share_with_self(&grants, 1, &ref, true);
    uint8_t *mapped = map_own(&grants, 1, &ref, RW);

    grants_close(&grants);
    *mapped = 42;
    assert_int_equal(*shared, 42);
    assert_int_equal(munmap(mapped, PAGE), 0);
    assert_int_equal(munmap(shared, PAGE), 0);
    expect_no_page_shared();
}

static bool share_map_and_die(void *unused)
{
    struct grants grants = {.share = xengntshr_open(NULL, 0), .map = xengnttab_open(NULL, 0)};
    uint32_t refs[SOME];

    (void)unused;
    return grants.share && grants.map &&
           xengntshr_share_pages(grants.share, own_domid(), SOME, refs, 1) &&
           xengnttab_map_domain_grant_refs(grants.map, SOME, own_domid(), refs, RW);
}

TEST(a_process_that_ends_leaves_no_grant)
{
    need_mappings_of_own_grants();
    assert_true(succeeds_in_child(share_map_and_die, NULL));
    expect_no_page_shared();
}

static bool close_inherited(void *handles)
{
    struct grants *grants = handles;

    return xengntshr_close(grants->share) == 0 && xengnttab_close(grants->map) == 0;
}

TEST(a_child_closes_and_the_parent_goes_on)
{
    struct grants grants = grants_open();
    uint32_t ref;
    uint8_t *shared = share_with_self(&grants, 1, &ref, true);
    uint8_t *mapped = map_own(&grants, 1, &ref, RW);

    assert_true(succeeds_in_child(close_inherited, &grants));
    *shared = 99;
    assert_int_equal(*mapped, 99);
    assert_int_equal(xengnttab_unmap(grants.map, mapped, 1), 0);
    mapped = map_own(&grants, 1, &ref, RW);
    assert_int_equal(*mapped, 99);
    assert_int_equal(xengnttab_unmap(grants.map, mapped, 1), 0);
    assert_int_equal(xengntshr_unshare(grants.share, shared, 1), 0);
    grants_close(&grants);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_mapping_handle_is_close_on_exec),
    cmocka_unit_test(a_sharing_handle_and_exec),
    cmocka_unit_test(closing_no_handle_is_a_success),
    cmocka_unit_test(both_ends_see_what_the_other_writes),
    cmocka_unit_test(pages_are_mapped_in_the_order_of_their_refs),
    cmocka_unit_test(a_read_only_grant_cannot_be_written),
    cmocka_unit_test(a_read_only_mapping_cannot_be_written),
    cmocka_unit_test(unmap_takes_a_whole_mapping_or_nothing),
    cmocka_unit_test(bad_refs_and_domains_are_refused),
    cmocka_unit_test(one_bad_ref_spoils_the_whole_mapping),
    cmocka_unit_test(mapping_and_sharing_nothing),
    cmocka_unit_test(unmap_clears_a_byte_and_sends_an_event),
    cmocka_unit_test(unmap_only_clears_a_byte),
    cmocka_unit_test(unmap_only_sends_an_event),
    cmocka_unit_test(unmap_does_neither_when_not_asked_to),
    cmocka_unit_test(unshare_clears_a_byte_and_sends_an_event),
    cmocka_unit_test(mapping_with_a_bad_notify_port_leaves_nothing),
    cmocka_unit_test(sharing_with_a_bad_notify_port_leaves_nothing),
    cmocka_unit_test(the_kernel_shares_1024_pages_and_no_more),
    cmocka_unit_test(a_thousand_and_twenty_four_pages_are_mapped_at_once),
    cmocka_unit_test(one_mapping_has_no_more_pages_than_the_kernel_allows),
    cmocka_unit_test(the_limit_of_grants_may_be_set),
    cmocka_unit_test(dma_buffers),
    cmocka_unit_test(mappings_outlive_their_handles),
    cmocka_unit_test(a_process_that_ends_leaves_no_grant),
    cmocka_unit_test(a_child_closes_and_the_parent_goes_on),
};

CONFORMANCE_MAIN(tests)
