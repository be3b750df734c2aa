/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of domains, and what holds for them as a whole. */
#define XC_WANT_COMPAT_EVTCHN_API 1
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "scratch.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static bool is_paused(uint32_t domid)
{
    return (info_of(domid).flags & XEN_DOMINF_paused) != 0;
}

TEST(pauses_are_counted)
{
    uint32_t domid = scratch_domain(SCRATCH_PVH); /* which counts as one */

    assert_works(xc_domain_pause(xc(), domid));
    assert_works(xc_domain_unpause(xc(), domid));
    assert_true(is_paused(domid));
    assert_works(xc_domain_unpause(xc(), domid));
    assert_false(is_paused(domid));
    assert_fails_with(xc_domain_unpause(xc(), domid), -1, EINVAL);
    assert_works(xc_domain_pause(xc(), domid));
    assert_true(is_paused(domid));
}

TEST(a_destroyed_domain_is_gone)
{
    uint32_t domid = scratch_domain(SCRATCH_PV);

    scratch_destroy(domid);
    assert_fails_with(xc_domain_getinfo_single(xc(), domid, NULL), -1, ESRCH);
    assert_fails_with(xc_domain_pause(xc(), domid), -1, ESRCH);
    assert_fails_with(xc_domain_destroy(xc(), domid), -1, ESRCH);
}

TEST(a_shut_down_domain_says_why_and_is_reset)
{
    uint32_t domid = scratch_domain(SCRATCH_PVH);
    xc_domaininfo_t info;

    assert_fails_with(xc_domain_soft_reset(xc(), domid), -1, EINVAL);
    assert_works(xc_domain_shutdown(xc(), domid, SHUTDOWN_soft_reset));
    info = info_of(domid);
    assert_true(dominfo_shutdown_with(&info, SHUTDOWN_soft_reset));
    assert_works(xc_domain_soft_reset(xc(), domid));
    assert_false(info_of(domid).flags & XEN_DOMINF_shutdown);
}

TEST(vcpus_come_all_at_once)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PV);
    xc_vcpuinfo_t vcpu;

    config.max_vcpus = 3;
    uint32_t domid = (uint32_t)assert_works(scratch_create(0, config));
    assert_fails_with(xc_domain_max_vcpus(xc(), domid, 4), -1, EINVAL);
    assert_fails_with(xc_vcpu_getinfo(xc(), domid, 2, &vcpu), -1, ESRCH);
    assert_works(xc_domain_max_vcpus(xc(), domid, 3));
    assert_works(xc_vcpu_getinfo(xc(), domid, 2, &vcpu));
    assert_int_equal(info_of(domid).max_vcpu_id, 2);
}

TEST(properties_are_those_that_were_set)
{
    uint32_t domid = scratch_domain(SCRATCH_PV);
    xen_domain_handle_t name = {1, 2, 3, 4}, before;
    unsigned width = 0;

    assert_works(xc_domain_setmaxmem(xc(), domid, 12344));
    assert_int_equal(info_of(domid).max_pages, 12344 / 4);
    memcpy(before, info_of(domid).handle, sizeof(before));
    assert_works(xc_domain_sethandle(xc(), domid, name));
    assert_memory_equal(info_of(domid).handle, name, sizeof(name));
    assert_works(xc_domain_sethandle(xc(), domid, before));
    assert_works(xc_domain_setdebugging(xc(), domid, 1));
    assert_true(info_of(domid).flags & XEN_DOMINF_debugged);
    assert_works(xc_domain_setdebugging(xc(), domid, 0));
    assert_false(info_of(domid).flags & XEN_DOMINF_debugged);
    assert_works(xc_domain_get_guest_width(xc(), domid, &width));
    assert_int_equal(width, 8);
}

/* Nothing shows a target but that there can be only one. */
TEST(a_target_is_set_once)
{
    uint32_t domid = scratch_domain(SCRATCH_PV), target = scratch_domain(SCRATCH_PVH);

    assert_works(xc_domain_set_target(xc(), domid, target));
    assert_fails_with(xc_domain_set_target(xc(), domid, target), -1, EINVAL);
    assert_fails_with(xc_domain_set_target(xc(), target, 3333), -1, ESRCH);
}

/* The offset is added to the clock that the domain sees. */
static uint32_t seconds_seen_by(uint32_t domid)
{
    shared_info_t *shared = xc_map_foreign_range(
        xc(), domid, XC_PAGE_SIZE, PROT_READ, (unsigned long)info_of(domid).shared_info_frame);
    if (!shared)
        fail_msg("shared_info of domain %u: %s", domid, strerror(errno));
    uint32_t seconds = shared->wc_sec;
    munmap(shared, XC_PAGE_SIZE);
    return seconds;
}

TEST(a_clock_is_off_by_what_was_set)
{
    uint32_t domid = scratch_domain(SCRATCH_PV);

    assert_works(xc_domain_set_time_offset(xc(), domid, 0));
    uint32_t utc = seconds_seen_by(domid);
    assert_works(xc_domain_set_time_offset(xc(), domid, -3600));
    assert_in_range(utc - seconds_seen_by(domid), 3590, 3600);
    assert_works(xc_domain_set_time_offset(xc(), domid, 7200));
    assert_in_range(seconds_seen_by(domid) - utc, 7200, 7210);
}

TEST(a_tsc_goes_on_from_where_it_was_set)
{
    uint32_t domid = scratch_domain(SCRATCH_PV), mode = 9, khz = 0, incarnation = 0;
    uint64_t nanoseconds = 0;
    enum { ALWAYS_EMULATE = 1, KHZ = 1234567 };

    assert_works(xc_domain_set_tsc_info(xc(), domid, ALWAYS_EMULATE, UINT64_C(5000000000), KHZ,
                                        7));
    assert_works(xc_domain_get_tsc_info(xc(), domid, &mode, &nanoseconds, &khz, &incarnation));
    assert_int_equal(mode, ALWAYS_EMULATE);
    assert_int_equal(khz, KHZ);
    assert_in_range(incarnation, 7, 8);
    assert_true(nanoseconds >= UINT64_C(5000000000) && nanoseconds < UINT64_C(65000000000));
}

/* ---- events ---- */

/* The port that becomes pending within @seconds, or -1. */
static int next_port(xc_evtchn *evtchn, int seconds)
{
    struct pollfd ready = {.fd = xc_evtchn_fd(evtchn), .events = POLLIN};

    if (poll(&ready, 1, seconds * 1000) != 1)
        return -1;
    int port = xc_evtchn_pending(evtchn);
    xc_evtchn_unmask(evtchn, (evtchn_port_t)port);
    return port;
}

TEST(a_suspended_domain_is_told_of)
{
    uint32_t domid = scratch_domain(SCRATCH_PVH);
    xc_evtchn *evtchn = xc_evtchn_open(NULL, 0);

    assert_non_null(evtchn);
    long remote = assert_works(xc_evtchn_alloc_unbound(xc(), domid, 0));
    long local = assert_works(
        xc_evtchn_bind_interdomain(evtchn, domid, (evtchn_port_t)remote));
    while (next_port(evtchn, 1) >= 0)
        continue;
    assert_works(xc_domain_subscribe_for_suspend(xc(), domid, (evtchn_port_t)remote));
    assert_works(xc_domain_shutdown(xc(), domid, SHUTDOWN_suspend));
    assert_int_equal(next_port(evtchn, 10), local);
    assert_int_equal(xc_evtchn_close(evtchn), 0);
}

/* Xen's console is written to; the VIRQ goes to whoever handles it. */
static int make_xen_speak(xc_evtchn *evtchn, int seconds)
{
    char key[] = "h";

    assert_works(xc_send_debug_keys(xc(), key));
    return next_port(evtchn, seconds);
}

TEST(a_virq_goes_to_its_handler)
{
    uint32_t domid = scratch_domain(SCRATCH_PVH);
    xc_evtchn *evtchn = xc_evtchn_open(NULL, 0);

    assert_non_null(evtchn);
    int port = xc_evtchn_bind_virq(evtchn, VIRQ_CON_RING);
    if (port < 0)
        skip_because("somebody else listens to Xen's console");
    assert_int_equal(make_xen_speak(evtchn, 10), port);
    while (next_port(evtchn, 1) >= 0)
        continue;
    int result = xc_domain_set_virq_handler(xc(), domid, VIRQ_CON_RING);
    observe("virq_handler", "%s", result ? strerror(errno) : "moved");
    if (!result) {
        assert_int_equal(make_xen_speak(evtchn, 2), -1);
        assert_works(xc_domain_set_virq_handler(xc(), 0, VIRQ_CON_RING));
        assert_int_equal(make_xen_speak(evtchn, 10), port);
    }
    assert_fails_with(xc_domain_set_virq_handler(xc(), domid, VIRQ_TIMER), -1, EINVAL);
    assert_int_equal(xc_evtchn_close(evtchn), 0);
}

/* The lab's command that shows what a guest's kernel counts. */
static bool find_counting_command(uint32_t domid, char command[64])
{
    FILE *list = fopen("/etc/xenlab/guests", "re");
    char name[16];
    uint32_t id;
    bool is_found = false;

    while (list && !is_found && fscanf(list, "%15s %*s %u", name, &id) == 2)
        is_found = id == domid;
    if (list)
        fclose(list);
    snprintf(command, 64, "in-guest %s cat /proc/interrupts", name);
    return is_found;
}

/* How many NMIs a guest's kernel has seen, or -1. */
static long nmis_of(uint32_t domid)
{
    char command[64];
    FILE *interrupts = find_counting_command(domid, command) ? popen(command, "re") : NULL;
    char line[256];
    long count = -1;

    while (interrupts && fgets(line, sizeof(line), interrupts))
        sscanf(line, " NMI: %ld", &count);
    if (interrupts)
        pclose(interrupts);
    return count;
}

TEST(a_trigger_reaches_the_vcpu)
{
    uint32_t domid = guest("pv"), own = scratch_domain(SCRATCH_PVH);
    long before = nmis_of(domid);

    assert_works(xc_domain_send_trigger(xc(), domid, XEN_DOMCTL_SENDTRIGGER_NMI, 0));
    long after = nmis_of(domid);
    observe("nmis", "%ld then %ld", before, after);
    if (before >= 0)
        assert_int_equal(after, before + 1);
    assert_works(xc_domain_send_trigger(xc(), own, XEN_DOMCTL_SENDTRIGGER_NMI, 0));
    assert_int_equal(xc_domain_send_trigger(xc(), own, XEN_DOMCTL_SENDTRIGGER_NMI, 99), -1);
    assert_int_equal(xc_domain_send_trigger(xc(), own, 99, 0), -1);
}

/* ---- what machines and builds may lack ---- */

TEST(single_steps_need_a_monitor_trap_flag)
{
    uint32_t domid = scratch_domain(SCRATCH_PVH);

    if (!is_lacking("debug_control", xc_domain_debug_control(xc(), domid,
                                                           XEN_DOMCTL_DEBUG_OP_SINGLE_STEP_ON, 0)))
        assert_works(xc_domain_debug_control(xc(), domid, XEN_DOMCTL_DEBUG_OP_SINGLE_STEP_OFF, 0));
}

/* Seen only when an access is denied and nobody listens (tests of mem_access). */
TEST(access_listeners_are_made_required)
{
    uint32_t domid = scratch_domain(SCRATCH_PVH);

    if (!is_lacking("access_required", xc_domain_set_access_required(xc(), domid, 1)))
        assert_works(xc_domain_set_access_required(xc(), domid, 0));
}

TEST(a_uart_is_there_on_arm_only)
{
    uint32_t domid = scratch_domain(SCRATCH_PVH);
    evtchn_port_t port = 0;

    assert_true(is_lacking("vuart", xc_dom_vuart_init(xc(), XEN_DOMCTL_VUART_TYPE_VPL011, domid,
                                                      0, 0x10000, &port)));
    assert_int_equal(port, 0);
}

TEST(cache_colors_need_4_20_and_a_build_with_them)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);
    uint32_t domid = (uint32_t)assert_works(scratch_create(0, config)), color = 0;

    if (!xen_is_at_least(4, 20))
        assert_fails_with(xc_domain_set_llc_colors(xc(), domid, &color, 1), -1, ENOTSUP);
    else
        is_lacking("llc_colors", xc_domain_set_llc_colors(xc(), domid, &color, 1));
}

TEST(nodes_are_those_that_were_set)
{
    uint32_t domid = scratch_domain(SCRATCH_PV);
    xc_nodemap_t nodes = xc_nodemap_alloc(xc());

    assert_non_null(nodes);
    assert_works(xc_domain_node_getaffinity(xc(), domid, nodes));
    assert_int_equal(nodes[0] & 1, 1);
    nodes[0] = 0;
    assert_fails_with(xc_domain_node_setaffinity(xc(), domid, nodes), -1, EINVAL);
    nodes[0] = 1;
    assert_works(xc_domain_node_setaffinity(xc(), domid, nodes));
    nodes[0] = 0;
    assert_works(xc_domain_node_getaffinity(xc(), domid, nodes));
    assert_int_equal(nodes[0], 1);
    free(nodes);
}

/* Dom0's own: long enough never to end it, should this test be killed. */
TEST(timers_are_made_set_again_and_stopped)
{
    enum { LONG = 7200 };
    long timer = assert_works(xc_watchdog(xc(), 0, LONG));

    assert_true(timer > 0);
    assert_int_equal(xc_watchdog(xc(), (uint32_t)timer, LONG), 0);
    long other = assert_works(xc_watchdog(xc(), 0, LONG));
    assert_true(other > 0 && other != timer);
    assert_fails_with(xc_watchdog(xc(), 0, LONG), -1, ENOSPC);
    assert_int_equal(xc_watchdog(xc(), (uint32_t)other, 0), 0);
    assert_int_equal(xc_watchdog(xc(), (uint32_t)timer, 0), 0);
    assert_fails_with(xc_watchdog(xc(), (uint32_t)timer, LONG), -1, EINVAL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        WITH_SCRATCH(pauses_are_counted),
        WITH_SCRATCH(a_destroyed_domain_is_gone),
        WITH_SCRATCH(a_shut_down_domain_says_why_and_is_reset),
        WITH_SCRATCH(vcpus_come_all_at_once),
        WITH_SCRATCH(properties_are_those_that_were_set),
        WITH_SCRATCH(a_target_is_set_once),
        WITH_SCRATCH(a_clock_is_off_by_what_was_set),
        WITH_SCRATCH(a_tsc_goes_on_from_where_it_was_set),
        WITH_SCRATCH(a_suspended_domain_is_told_of),
        WITH_SCRATCH(a_virq_goes_to_its_handler),
        WITH_SCRATCH(a_trigger_reaches_the_vcpu),
        WITH_SCRATCH(single_steps_need_a_monitor_trap_flag),
        WITH_SCRATCH(access_listeners_are_made_required),
        WITH_SCRATCH(a_uart_is_there_on_arm_only),
        WITH_SCRATCH(cache_colors_need_4_20_and_a_build_with_them),
        WITH_SCRATCH(nodes_are_those_that_were_set),
        ON_XEN(timers_are_made_set_again_and_stopped),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
