/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A ring comes into use: the steps, and that a failure at each of them leaves nothing. */
#include "harness.h"

#include "vm_event.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fakexen.h"
#include "fixture.h"
#include "uapi_privcmd.h"
#include "xenctrl.h"

enum { VM_EVENT_OP = 56, MONITOR = 2, NUMBER_OF_PORT = 77, FRAME = 0xfeffd };

/* ---- a domain with a page for each ring ---- */

static struct {
    char steps[128];
    unsigned step, fail_at; /* 1: the first; 0: none */
    bool page_is_there, ring_is_in_use, is_paused;
    uint64_t param;
    uint16_t mapped;
    uint64_t frame_mapped;
    uint32_t mode;
} domain;

/* 0, or what the step fails with. */
static int step(const char *name)
{
    strncat(domain.steps, " ", sizeof(domain.steps) - 1);
    strncat(domain.steps, name, sizeof(domain.steps) - strlen(domain.steps) - 1);
    return ++domain.step == domain.fail_at ? -EBUSY : 0;
}

static int page_type(const uint8_t *payload)
{
    int result = step("type");
    uint64_t *type = address_in(running_minor, "xen_domctl", "getpageframeinfo3", "array.p",
                                payload);

    assert_int_equal(*type, FRAME);
    *type = domain.page_is_there ? 0 : XEN_DOMCTL_PFINFO_XTAB;
    return result;
}

static int control(uint8_t *payload)
{
    static const char *const names[] = {"enable", "disable", "resume", "version"};
    uint32_t op;

    memcpy(&op, payload, 4);
    memcpy(&domain.mode, payload + 4, 4);
    int result = step(names[op]);
    if (op == XEN_VM_EVENT_ENABLE && result == 0)
        set_field(running_minor, "xen_domctl", "vm_event_op", "u.enable.port", payload,
                  NUMBER_OF_PORT);
    if (op <= XEN_VM_EVENT_DISABLE && result == 0)
        domain.ring_is_in_use = op == XEN_VM_EVENT_ENABLE;
    return result;
}

static int change_page(struct sent *request, bool is_there)
{
    int result = step(is_there ? "populate" : "remove");
    uint64_t frames;

    memcpy(&frames, request->memory, sizeof(frames));
    assert_int_equal(*(uint64_t *)(uintptr_t)frames, FRAME);
    if (result == 0)
        domain.page_is_there = is_there;
    return result ? result : 1;
}

static int pause_or_unpause(bool is_paused)
{
    int result = step(is_paused ? "pause" : "unpause");

    if (result == 0)
        domain.is_paused = is_paused;
    return result;
}

static int get_param(uint8_t *memory)
{
    int result = step("param");
    uint32_t index;

    memcpy(&index, memory + 4, sizeof(index));
    assert_in_range(index, 27, 29);
    memcpy(memory + 8, &domain.param, sizeof(domain.param));
    return result;
}

static int answer(struct sent *request, uint8_t *payload)
{
    if (!request->unit)
        return request->op == 34 ? get_param(payload)
                                 : change_page(request, request->arguments[0] == 6);
    switch (request->op) {
    case 3:
        return pause_or_unpause(true);
    case 4:
        return pause_or_unpause(false);
    case 61:
        return page_type(payload);
    default:
        assert_int_equal(request->op, VM_EVENT_OP);
        return control(payload);
    }
}

/* The domain's page as the guest left it. */
static int map_page(int fd, void *argument, void *user)
{
    struct uapi_privcmd_mmapbatch_v2 *batch = argument;

    (void)fd;
    (void)user;
    assert_int_equal(batch->num, 1);
    domain.mapped = batch->dom;
    domain.frame_mapped = batch->arr[0];
    batch->err[0] = 0;
    memset((void *)(uintptr_t)batch->addr, 0x5a, XC_PAGE_SIZE);
    if (step("map")) {
        errno = ENOMEM;
        return -1;
    }
    return 0;
}

static xc_interface *start_with_domain(unsigned minor)
{
    xc_interface *xch = start(minor);

    memset(&domain, 0, sizeof(domain));
    domain.param = FRAME;
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2, map_page, NULL);
    answer_with(answer);
    return xch;
}

/* ---- the tests ---- */

TEST(a_ring_is_cleared_and_taken_from_the_domain)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start_with_domain(minor);
        static const uint8_t zeroes[4096];
        uint32_t port = 0;

        domain.page_is_there = true;
        void *ring = xc_monitor_enable(xch, 7, &port);
        assert_non_null(ring);
        assert_string_equal(domain.steps, " pause param type map enable remove unpause");
        assert_int_equal(port, NUMBER_OF_PORT);
        assert_int_equal(domain.mode, MONITOR);
        assert_int_equal(domain.mapped, 7);
        assert_int_equal(domain.frame_mapped, FRAME);
        assert_memory_equal(ring, zeroes, sizeof(zeroes));
        assert_false(domain.page_is_there);
        munmap(ring, XC_PAGE_SIZE);
        stop(xch);
    }
}

TEST(a_ring_that_was_in_use_before_gets_a_new_page)
{
    xc_interface *xch = start_with_domain(17);
    uint32_t port = 0;
    void *ring = xc_monitor_enable(xch, 7, &port);

    assert_non_null(ring);
    assert_string_equal(domain.steps, " pause param type populate map enable remove unpause");
    munmap(ring, XC_PAGE_SIZE);
    stop(xch);
}

TEST(each_parameter_has_its_ring)
{
    xc_interface *xch = start_with_domain(17);
    uint32_t port = 0;

    for (int param = HVM_PARAM_PAGING_RING_PFN; param <= HVM_PARAM_SHARING_RING_PFN; param++) {
        void *ring = xc_vm_event_enable(xch, 7, param, &port);

        assert_non_null(ring);
        assert_int_equal(domain.mode, param - HVM_PARAM_PAGING_RING_PFN + 1);
        munmap(ring, XC_PAGE_SIZE);
    }
    stop(xch);
}

/*
 * Upstream's function returns NULL when the page cannot be taken away or the domain
 * not unpaused, and leaves the ring in use: nobody can listen from then on.
 */
static void fail_at(unsigned number, bool page_was_there)
{
    xc_interface *xch = start_with_domain(17);
    uint32_t port = 9;

    domain.page_is_there = page_was_there;
    domain.fail_at = number;
    errno = 0;
    assert_null(xc_monitor_enable(xch, 7, &port));
    assert_true(errno == EBUSY || errno == ENOMEM);
    assert_int_equal(port, 9);
    assert_false(domain.ring_is_in_use);
    if (number < (page_was_there ? 7 : 8)) {
        assert_false(domain.is_paused);
        assert_int_equal(domain.page_is_there, page_was_there);
    }
    stop(xch);
    assert_int_equal(fakexen_mappings(), 0);
}

TEST(a_failure_at_any_step_leaves_the_domain_as_it_was)
{
    for (unsigned number = 1; number <= 7; number++)
        fail_at(number, true);
    for (unsigned number = 1; number <= 8; number++)
        fail_at(number, false);
}

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start_with_domain(17);
    uint32_t port = 9;

    assert_fails_with(xc_monitor_enable(xch, 7, NULL), NULL, EINVAL);
    assert_fails_with(xc_vm_event_enable(xch, 7, 26, &port), NULL, EINVAL);
    assert_fails_with(xc_vm_event_enable(xch, 7, 30, &port), NULL, EINVAL);
    assert_fails_with(xc_monitor_enable(xch, 0x10007, &port), NULL, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* Upstream's function maps the domain's page 0 instead, or makes one there. */
TEST(a_domain_without_a_page_for_the_ring_keeps_its_first)
{
    xc_interface *xch = start_with_domain(17);
    uint32_t port = 9;

    domain.param = 0;
    domain.page_is_there = true;
    assert_fails_with(xc_monitor_enable(xch, 7, &port), NULL, EOPNOTSUPP);
    assert_string_equal(domain.steps, " pause param unpause");
    stop(xch);
}

TEST(a_ring_is_resumed_and_ends)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_monitor_resume(xch, 7), 0);
        assert_domctl(minor, VM_EVENT_OP, 7, "vm_event_op", {"op", 2}, {"mode", MONITOR});
        assert_int_equal(xc_monitor_disable(xch, 7), 0);
        assert_domctl(minor, VM_EVENT_OP, 7, "vm_event_op", {"op", 1}, {"mode", MONITOR});
        assert_int_equal(xc_vm_event_control(xch, 7, 2, 3, NULL), 0);
        assert_domctl(minor, VM_EVENT_OP, 7, "vm_event_op", {"op", 2}, {"mode", 3});
        stop(xch);
    }
}

static int version_7(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "vm_event_op", "u.version", payload, 7);
    return 0;
}

TEST(the_form_of_events_has_a_number)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(version_7);
        assert_int_equal(xc_vm_event_get_version(xch), 7);
        assert_domctl(minor, VM_EVENT_OP, DOMID_INVALID, "vm_event_op", {"op", 3},
                      {"mode", MONITOR});
        stop(xch);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_is_cleared_and_taken_from_the_domain),
        cmocka_unit_test(a_ring_that_was_in_use_before_gets_a_new_page),
        cmocka_unit_test(each_parameter_has_its_ring),
        cmocka_unit_test(a_failure_at_any_step_leaves_the_domain_as_it_was),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(a_domain_without_a_page_for_the_ring_keeps_its_first),
        cmocka_unit_test(a_ring_is_resumed_and_ends),
        cmocka_unit_test(the_form_of_events_has_a_number),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
