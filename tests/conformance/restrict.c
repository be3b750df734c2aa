/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A dom0 process with every kind of handle open, restricted to the guest A: what
 * can it still do to A, to the guest B, and to Xen?
 */
#define __XEN_TOOLS__ 1 /* the numbers of today's hypercalls */

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xen/memory.h>
#include <xen/version.h>
#include <xencall.h>
#include <xenevtchn.h>
#include <xengnttab.h>
#include <xentoolcore.h>

#include "conformance.h"
#include "frames.h"

enum { RW = PROT_READ | PROT_WRITE };

/* What dom0 can touch of a guest. */
struct target {
    struct frames frames;
    long port;      /* waits for dom0 */
    uint32_t ref;   /* granted to dom0 */
};

struct ground {
    struct target allowed, other;
    xenevtchn_handle *xce;
    xengnttab_handle *xgt;
    xengntshr_handle *xgs;
    xencall_handle *xcall;
    xenforeignmemory_handle *fmem;
    void *buffer; /* for hypercalls */
};

static struct target target_open(const char *variable)
{
    struct target target = {.frames = frames_open(variable)};

    /* The grants stand in the last answer but for the region's number. */
    target.ref = (uint32_t)target.frames.guest->numbers[1];
    target.port = ask(target.frames.guest, "unbound 0");
    return target;
}

static struct ground ground_open(void)
{
    struct ground ground = {.allowed = target_open("XENLIBS_AGENT_A"),
                            .other = target_open("XENLIBS_AGENT_B"),
                            .xce = xenevtchn_open(NULL, 0),
                            .xgt = xengnttab_open(NULL, 0),
                            .xgs = xengntshr_open(NULL, 0),
                            .xcall = xencall_open(NULL, 0),
                            .fmem = xenforeignmemory_open(NULL, 0)};

    assert_true(ground.xce && ground.xgt && ground.xgs && ground.xcall && ground.fmem);
    ground.buffer = xencall_alloc_buffer(ground.xcall, 4096);
    assert_non_null(ground.buffer);
    return ground;
}

static void ground_close(struct ground *ground)
{
    xencall_free_buffer(ground->xcall, ground->buffer);
    assert_int_equal(xenevtchn_close(ground->xce), 0);
    assert_int_equal(xengnttab_close(ground->xgt), 0);
    assert_int_equal(xengntshr_close(ground->xgs), 0);
    assert_int_equal(xencall_close(ground->xcall), 0);
    assert_int_equal(xenforeignmemory_close(ground->fmem), 0);
    frames_close(&ground->allowed.frames);
    frames_close(&ground->other.frames);
}

/* Each of these does one thing to a guest: true if it could; then it undoes it. */
typedef bool deed(struct ground *ground, struct target *target);

static bool bind_interdomain(struct ground *ground, struct target *target)
{
    int port = xenevtchn_bind_interdomain(ground->xce, target->frames.guest->domid,
                                          (evtchn_port_t)target->port);

    if (port >= 0)
        assert_int_equal(xenevtchn_unbind(ground->xce, (evtchn_port_t)port), 0);
    return port >= 0;
}

static bool bind_unbound(struct ground *ground, struct target *target)
{
    int port = xenevtchn_bind_unbound_port(ground->xce, target->frames.guest->domid);

    if (port >= 0)
        assert_int_equal(xenevtchn_unbind(ground->xce, (evtchn_port_t)port), 0);
    return port >= 0;
}

static bool map_grant(struct ground *ground, struct target *target)
{
    uint32_t domid = target->frames.guest->domid;
    void *page = xengnttab_map_grant_ref(ground->xgt, domid, target->ref, RW);

    if (page)
        assert_int_equal(xengnttab_unmap(ground->xgt, page, 1), 0);
    return page != NULL;
}

static bool copy_grant(struct ground *ground, struct target *target)
{
    static uint8_t local[PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
    xengnttab_grant_copy_segment_t segment = {.flags = GNTCOPY_source_gref, .len = PAGE_BYTES};

    segment.source.foreign.ref = target->ref;
    segment.source.foreign.domid = (uint16_t)target->frames.guest->domid;
    segment.dest.virt = local;
    return xengnttab_grant_copy(ground->xgt, 1, &segment) == 0 && segment.status == GNTST_okay;
}

static bool share_page(struct ground *ground, struct target *target)
{
    uint32_t ref;
    void *page = xengntshr_share_pages(ground->xgs, target->frames.guest->domid, 1, &ref, 1);

    if (page)
        assert_int_equal(xengntshr_unshare(ground->xgs, page, 1), 0);
    return page != NULL;
}

static bool map_foreign(struct ground *ground, struct target *target)
{
    void *page = xenforeignmemory_map(ground->fmem, target->frames.guest->domid, RW, 1,
                                      target->frames.gfn, NULL);

    if (page)
        assert_int_equal(xenforeignmemory_unmap(ground->fmem, page, 1), 0);
    return page != NULL;
}

static bool map_resource(struct ground *ground, struct target *target)
{
    void *address = NULL;
    xenforeignmemory_resource_handle *resource = xenforeignmemory_map_resource(
        ground->fmem, (domid_t)target->frames.guest->domid, XENMEM_resource_grant_table, 0, 0, 1,
        &address, PROT_READ, 0);

    if (resource)
        assert_int_equal(xenforeignmemory_unmap_resource(ground->fmem, resource), 0);
    return resource != NULL;
}

/* Asks Xen for the highest page of the guest. */
static bool call_memory_op(struct ground *ground, struct target *target)
{
    domid_t domid = (domid_t)target->frames.guest->domid;

    memcpy(ground->buffer, &domid, sizeof(domid));
    return xencall2(ground->xcall, __HYPERVISOR_memory_op, XENMEM_maximum_gpfn,
                    (uintptr_t)ground->buffer) > 0;
}

static bool call_version(struct ground *ground, struct target *target)
{
    (void)target;
    return xencall2(ground->xcall, __HYPERVISOR_xen_version, XENVER_version, 0) > 0;
}

static const struct {
    const char *name;
    deed *run;
    bool allowed_stays; /* still possible to the guest that we are restricted to */
    bool any_after;     /* upstream leaves it to every guest: only observed */
} deeds[] = {
    {"bind-interdomain", bind_interdomain, true, false},
    {"bind-unbound", bind_unbound, false, false},
    {"map-grant", map_grant, false, false},
    {"copy-grant", copy_grant, false, false},
    {"share-page", share_page, false, true},
    {"map-foreign", map_foreign, true, false},
    {"map-resource", map_resource, true, false},
    {"call-memory-op", call_memory_op, false, false},
    {"call-version", call_version, false, false},
};

enum { DEEDS = sizeof(deeds) / sizeof(deeds[0]) };

TEST(a_restricted_process_touches_no_other_domain_by_any_handle)
{
    struct ground ground = ground_open();

    for (int i = 0; i < DEEDS; i++) {
        assert_true(deeds[i].run(&ground, &ground.allowed));
        assert_true(deeds[i].run(&ground, &ground.other));
    }
    assert_int_equal(xentoolcore_restrict_all((domid_t)ground.allowed.frames.guest->domid), 0);
    for (int i = 0; i < DEEDS; i++) {
        bool done = deeds[i].run(&ground, &ground.other);

        observe(deeds[i].name, "%s", done ? "done" : errno_name(errno));
        if (!deeds[i].any_after)
            assert_false(done);
    }
    ground_close(&ground);
}

TEST(a_restricted_process_keeps_what_its_domain_allows)
{
    struct ground ground = ground_open();

    assert_int_equal(xentoolcore_restrict_all((domid_t)ground.allowed.frames.guest->domid), 0);
    for (int i = 0; i < DEEDS; i++) {
        bool done = deeds[i].run(&ground, &ground.allowed);

        observe(deeds[i].name, "%s", done ? "done" : errno_name(errno));
        if (!deeds[i].any_after)
            assert_int_equal(done, deeds[i].allowed_stays);
    }
    ground_close(&ground);
}

TEST(restricting_again)
{
    struct ground ground = ground_open();
    domid_t domid = (domid_t)ground.allowed.frames.guest->domid;

    assert_int_equal(xentoolcore_restrict_all(domid), 0);
    observe("same-domain", "%s", outcome(xentoolcore_restrict_all(domid)));
    assert_int_equal(
        xentoolcore_restrict_all((domid_t)ground.other.frames.guest->domid), -1);
    observe("other-domain", "%s", errno_name(errno));
    assert_false(map_foreign(&ground, &ground.other));
    assert_true(map_foreign(&ground, &ground.allowed));
    ground_close(&ground);
}

TEST(what_was_mapped_and_bound_before_goes_on)
{
    struct ground ground = ground_open();
    struct target *other = &ground.other;
    uint32_t domid = other->frames.guest->domid, ref;
    int port = xenevtchn_bind_interdomain(ground.xce, domid, (evtchn_port_t)other->port);
    uint8_t *granted = xengnttab_map_grant_ref(ground.xgt, domid, other->ref, RW);
    uint8_t *shared = xengntshr_share_pages(ground.xgs, domid, 1, &ref, 1);
    uint8_t *foreign = frames_map(&other->frames);

    assert_true(port > 0 && granted && shared);
    assert_int_equal(xentoolcore_restrict_all((domid_t)ground.allowed.frames.guest->domid), 0);
    assert_int_equal(xenevtchn_notify(ground.xce, (evtchn_port_t)port), 0);
    expect_peer_event(other->frames.guest, other->port);
    expect_frames_at(&other->frames, foreign);
    foreign[5] = 55;
    assert_int_equal(granted[5], 55);
    *shared = 66;
    assert_int_equal(xenforeignmemory_unmap(other->frames.fmem, foreign, FRAMES), 0);
    assert_int_equal(munmap(granted, PAGE_BYTES), 0);
    assert_int_equal(xengntshr_unshare(ground.xgs, shared, 1), 0);
    ground_close(&ground);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_restricted_process_touches_no_other_domain_by_any_handle),
    cmocka_unit_test(a_restricted_process_keeps_what_its_domain_allows),
    cmocka_unit_test(restricting_again),
    cmocka_unit_test(what_was_mapped_and_bound_before_goes_on),
};

CONFORMANCE_MAIN(tests)
