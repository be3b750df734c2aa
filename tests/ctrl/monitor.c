/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A listener to a domain of the test's own, which does one thing that can be listened
 * to. The ring is read here as a program would do it: libxenctrl reads none itself.
 */
#define XC_WANT_COMPAT_EVTCHN_API 1
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "on_xen.h"

#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <xen/vm_event.h>

#include "tiny_domain.h"

/* ---- the listener ---- */

static struct listener {
    uint32_t domid;
    uint32_t port;
    uint32_t slot_bytes; /* events were shorter in form 6 */
    uint8_t *ring;
    uint32_t read;
} listener;

/* The ring's indices, in the order of <xen/io/ring.h>; events lie behind 64 bytes. */
enum { REQUESTS_MADE, WAKE_AT_REQUEST, ANSWERS_MADE, WAKE_AT_ANSWER };
enum { RING_HEADER = 64, EVENT_HEADER = 24, RING_SLOTS = 8 };

static uint32_t *ring_index(unsigned which)
{
    return (uint32_t *)(void *)listener.ring + which;
}

static void listen_to(uint32_t domid)
{
    assert_works(xc_hvm_param_set(xc(), domid, HVM_PARAM_MONITOR_RING_PFN, TINY_RING_FRAME));
    long version = assert_works(xc_vm_event_get_version(xc()));
    assert_in_range(version, 6, 7);
    listener.slot_bytes = version == 6 ? 384 : 400;
    listener.domid = domid;
    listener.read = 0;
    listener.ring = xc_monitor_enable(xc(), domid, &listener.port);
    assert_works(listener.ring ? 0 : -1);
    *ring_index(WAKE_AT_REQUEST) = *ring_index(WAKE_AT_ANSWER) = 1;
}

static void stop_listening(void)
{
    assert_works(xc_monitor_disable(xc(), listener.domid));
    munmap(listener.ring, XC_PAGE_SIZE);
}

static bool has_event(void *unused)
{
    (void)unused;
    return __atomic_load_n(ring_index(REQUESTS_MADE), __ATOMIC_ACQUIRE) != listener.read;
}

static uint8_t *slot(uint32_t number)
{
    return listener.ring + RING_HEADER + number % RING_SLOTS * listener.slot_bytes;
}

/* The next event, which is one of @reason. */
static vm_event_request_t next_event(uint32_t reason)
{
    vm_event_request_t event = {0};

    assert_true(becomes_true(has_event, NULL, 10));
    memcpy(&event, slot(listener.read++), listener.slot_bytes);
    assert_int_equal(event.reason, reason);
    assert_int_equal(event.vcpu_id, 0);
    return event;
}

/* Answers the event that was read last; Xen does not know it yet. */
static void answer(vm_event_request_t *event, uint32_t flags)
{
    event->flags = (event->flags & VM_EVENT_FLAG_VCPU_PAUSED) | flags;
    memcpy(slot(listener.read - 1), event, listener.slot_bytes);
    __atomic_store_n(ring_index(ANSWERS_MADE), listener.read, __ATOMIC_RELEASE);
}

/* Such an event leaves the vCPU where it is: the answer moves it behind the instruction. */
static uint32_t step_over(vm_event_request_t *event, uint32_t insn_length)
{
    event->data.regs.x86.rip += insn_length;
    return VM_EVENT_FLAG_SET_REGISTERS;
}

static void answer_and_resume(vm_event_request_t *event, uint32_t flags)
{
    answer(event, flags);
    assert_works(xc_monitor_resume(xc(), listener.domid));
}

/* The domain's code: the bytes that matter, then "mov [TINY_DATA], 1; cli; hlt". */
#define AND_THEN_END 0xc7, 0x05, 0x00, 0x50, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0xfa, 0xf4
#define CODE_OF(...) static const uint8_t code[] = {__VA_ARGS__, AND_THEN_END}

static uint32_t listened_to_domain(const void *code, size_t size)
{
    uint32_t domid = tiny_domain(code, size);

    listen_to(domid);
    return domid;
}

static void run_to_the_end(void)
{
    assert_true(tiny_domain_halts(10));
    assert_int_equal(tiny_domain_data(), 1);
    stop_listening();
}

/* ---- the ring ---- */

TEST(a_ring_is_of_one_listener_and_taken_from_the_domain)
{
    CODE_OF(0x90);
    uint32_t domid = listened_to_domain(code, sizeof(code)), port = 9;
    static const uint8_t zeroes[XC_PAGE_SIZE - RING_HEADER];

    assert_memory_equal(listener.ring + RING_HEADER, zeroes, sizeof(zeroes));
    assert_null(xc_map_foreign_range(xc(), domid, XC_PAGE_SIZE, PROT_READ, TINY_RING_FRAME));
    assert_fails_with(xc_monitor_enable(xc(), domid, &port), NULL, EBUSY);
    assert_int_equal(port, 9);
    /* The second listener's page is gone again, and the first still listens. */
    assert_null(xc_map_foreign_range(xc(), domid, XC_PAGE_SIZE, PROT_READ, TINY_RING_FRAME));
    assert_works(xc_monitor_resume(xc(), domid));
    stop_listening();
    listen_to(domid);
    stop_listening();
    assert_fails_with(xc_monitor_disable(xc(), domid), -1, EINVAL);
    assert_fails_with(xc_monitor_resume(xc(), domid), -1, ENODEV);
}

TEST(the_domain_runs_again_after_the_listener_came)
{
    CODE_OF(0x90);
    uint32_t domid = listened_to_domain(code, sizeof(code));

    assert_works(xc_domain_unpause(xc(), domid));
    run_to_the_end();
}

TEST(a_domain_without_a_ring_page_is_refused)
{
    CODE_OF(0x90);
    uint32_t port, domid = tiny_domain(code, sizeof(code));

    assert_fails_with(xc_monitor_enable(xc(), domid, &port), NULL, EOPNOTSUPP);
    assert_works(xc_domain_unpause(xc(), domid));
    assert_true(tiny_domain_halts(10));
}

TEST(a_pv_domain_is_refused)
{
    uint32_t port, domid = guest("pv");

    assert_fails_with(xc_monitor_enable(xc(), domid, &port), NULL, EINVAL);
    assert_fails_with(xc_monitor_enable(xc(), 999, &port), NULL, ESRCH);
    assert_fails_with(xc_monitor_cpuid(xc(), 999, true), -1, ESRCH);
}

TEST(an_event_is_notified_through_the_port)
{
    CODE_OF(0x0f, 0xa2); /* cpuid */
    uint32_t domid = listened_to_domain(code, sizeof(code));
    xc_evtchn *events = xc_evtchn_open(NULL, 0);
    assert_non_null(events);
    xc_evtchn_port_or_error_t port = xc_evtchn_bind_interdomain(events, domid, listener.port);

    assert_true(port > 0);
    while (xc_evtchn_pending(events) != port)
        ; /* binding notifies once by itself */
    assert_int_equal(xc_evtchn_unmask(events, (evtchn_port_t)port), 0);
    assert_works(xc_monitor_cpuid(xc(), domid, true));
    assert_works(xc_domain_unpause(xc(), domid));
    assert_int_equal(xc_evtchn_pending(events), port);
    vm_event_request_t event = next_event(VM_EVENT_REASON_CPUID);
    answer(&event, step_over(&event, event.u.cpuid.insn_length));
    /* A notification does what xc_monitor_resume() does. */
    assert_int_equal(xc_evtchn_notify(events, (evtchn_port_t)port), 0);
    assert_true(tiny_domain_halts(10));
    assert_int_equal(tiny_domain_data(), 1);
    assert_int_equal(xc_evtchn_close(events), 0);
    stop_listening();
}

/* ---- events ---- */

TEST(cpuid_waits_for_its_answer)
{
    CODE_OF(0xb8, 0x01, 0x00, 0x00, 0x40, /* mov eax, 0x40000001 */
            0xb9, 0x05, 0x00, 0x00, 0x00, /* mov ecx, 5 */
            0x0f, 0xa2);                  /* cpuid */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    assert_works(xc_monitor_cpuid(xc(), domid, true));
    assert_fails_with(xc_monitor_cpuid(xc(), domid, true), -1, EEXIST);
    assert_works(xc_domain_unpause(xc(), domid));
    vm_event_request_t event = next_event(VM_EVENT_REASON_CPUID);
    assert_int_equal(event.u.cpuid.leaf, 0x40000001);
    assert_int_equal(event.u.cpuid.subleaf, 5);
    assert_true(event.flags & VM_EVENT_FLAG_VCPU_PAUSED);
    assert_int_equal(tiny_domain_data(), 0);
    assert_int_equal(event.u.cpuid.insn_length, 2);
    answer_and_resume(&event, step_over(&event, event.u.cpuid.insn_length));
    run_to_the_end();
}

TEST(nothing_is_told_after_the_event_is_switched_off)
{
    CODE_OF(0x0f, 0xa2); /* cpuid */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    assert_works(xc_monitor_cpuid(xc(), domid, true));
    assert_works(xc_monitor_cpuid(xc(), domid, false));
    assert_works(xc_domain_unpause(xc(), domid));
    assert_true(tiny_domain_halts(10));
    assert_false(has_event(NULL));
    stop_listening();
}

TEST(a_write_to_cr4_is_told)
{
    CODE_OF(0xb8, 0x04, 0x00, 0x00, 0x00, /* mov eax, 4 */
            0x0f, 0x22, 0xe0);            /* mov cr4, eax */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    assert_works(xc_monitor_write_ctrlreg(xc(), domid, VM_EVENT_X86_CR4, true, true, 0, true));
    assert_works(xc_domain_unpause(xc(), domid));
    vm_event_request_t event = next_event(VM_EVENT_REASON_WRITE_CTRLREG);
    assert_int_equal(event.u.write_ctrlreg.index, VM_EVENT_X86_CR4);
    assert_int_equal(event.u.write_ctrlreg.new_value, 4);
    assert_int_equal(event.u.write_ctrlreg.old_value, 0);
    answer_and_resume(&event, 0);
    run_to_the_end();
}

TEST(masked_bits_of_a_register_are_of_no_interest)
{
    CODE_OF(0xb8, 0x04, 0x00, 0x00, 0x00, /* mov eax, 4 */
            0x0f, 0x22, 0xe0);            /* mov cr4, eax */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    assert_works(xc_monitor_write_ctrlreg(xc(), domid, VM_EVENT_X86_CR4, true, true, 4, true));
    assert_works(xc_domain_unpause(xc(), domid));
    assert_true(tiny_domain_halts(10));
    assert_false(has_event(NULL));
    stop_listening();
}

TEST(a_write_to_an_msr_is_told)
{
    CODE_OF(0xb9, 0x74, 0x01, 0x00, 0x00, /* mov ecx, 0x174: SYSENTER_CS */
            0x31, 0xd2,                   /* xor edx, edx */
            0xb8, 0x08, 0x00, 0x00, 0x00, /* mov eax, 8 */
            0x0f, 0x30);                  /* wrmsr */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    assert_works(xc_monitor_mov_to_msr(xc(), domid, 0x174, true, true));
    assert_works(xc_domain_unpause(xc(), domid));
    vm_event_request_t event = next_event(VM_EVENT_REASON_MOV_TO_MSR);
    assert_int_equal(event.u.mov_to_msr.msr, 0x174);
    assert_int_equal(event.u.mov_to_msr.new_value, 8);
    answer_and_resume(&event, 0);
    run_to_the_end();
}

TEST(the_guest_asks_for_an_event)
{
    CODE_OF(0xb8, 0x22, 0x00, 0x00, 0x00, /* mov eax, 34: hvm_op */
            0xbb, 0x18, 0x00, 0x00, 0x00, /* mov ebx, 24: guest_request_vm_event */
            0x31, 0xc9,                   /* xor ecx, ecx */
            0x0f, 0x01, 0xd9);            /* vmmcall */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    assert_works(xc_monitor_guest_request(xc(), domid, true, true, false));
    assert_works(xc_domain_unpause(xc(), domid));
    vm_event_request_t event = next_event(VM_EVENT_REASON_GUEST_REQUEST);
    answer_and_resume(&event, 0);
    run_to_the_end();
}

static bool has_event_or_ended(void *unused)
{
    return has_event(unused) || tiny_domain_halts(0);
}

/* Without anybody to take its exception the domain shuts down by itself. */
static bool is_told(const char *key)
{
    assert_true(becomes_true(has_event_or_ended, NULL, 10));
    if (has_event(NULL))
        return true;
    observe(key, "this processor passes the exception to the guest");
    return false;
}

/* The vCPU stays where it is, and would be asked again: the listener moves it or gives up. */
TEST(a_breakpoint_is_told)
{
    CODE_OF(0x90, 0xcc); /* nop; int3 */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    assert_works(xc_monitor_software_breakpoint(xc(), domid, true));
    assert_works(xc_domain_unpause(xc(), domid));
    if (is_told("monitor.software_breakpoint.told")) {
        vm_event_request_t event = next_event(VM_EVENT_REASON_SOFTWARE_BREAKPOINT);
        assert_int_equal(event.u.software_breakpoint.gfn, TINY_CODE / XC_PAGE_SIZE);
        assert_int_equal(event.u.software_breakpoint.insn_length, 1);
    }
    stop_listening();
}

TEST(a_debug_exception_is_told)
{
    CODE_OF(0x9c,                         /* pushf */
            0x81, 0x0c, 0x24, 0, 1, 0, 0, /* or [esp], TF */
            0x9d,                         /* popf */
            0x90, 0x90);                  /* nop; nop */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    assert_works(xc_monitor_debug_exceptions(xc(), domid, true, true));
    assert_works(xc_domain_unpause(xc(), domid));
    if (is_told("monitor.debug_exception.told")) {
        vm_event_request_t event = next_event(VM_EVENT_REASON_DEBUG_EXCEPTION);
        assert_int_equal(event.u.debug_exception.gfn, TINY_CODE / XC_PAGE_SIZE);
    }
    stop_listening();
}

TEST(use_of_a_descriptor_table_is_told)
{
    CODE_OF(0x0f, 0x01, 0x05, 0x00, 0x60, 0x00, 0x00); /* sgdt [0x6000] */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    if (!is_lacking("monitor.descriptor_access", xc_monitor_descriptor_access(xc(), domid, true))) {
        assert_works(xc_domain_unpause(xc(), domid));
        vm_event_request_t event = next_event(VM_EVENT_REASON_DESCRIPTOR_ACCESS);
        assert_int_equal(event.u.desc_access.descriptor, VM_EVENT_DESC_GDTR);
        assert_int_equal(event.u.desc_access.is_write, 0);
        answer_and_resume(&event, VM_EVENT_FLAG_EMULATE);
        run_to_the_end();
        return;
    }
    stop_listening();
}

TEST(an_io_port_is_told_from_4_18_on)
{
    CODE_OF(0xb0, 0x55,             /* mov al, 0x55 */
            0x66, 0xba, 0x64, 0x00, /* mov dx, 0x64: Xen lets guests have 0x80 */
            0xee);                  /* out dx, al */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    if (!is_lacking("monitor.io", xc_monitor_io(xc(), domid, true))) {
        assert_works(xc_domain_unpause(xc(), domid));
        assert_true(becomes_true(has_event_or_ended, NULL, 10));
        bool is_here = has_event(NULL);
        if (is_here) {
            vm_event_request_t event = next_event(16 /* VM_EVENT_REASON_IO_INSTRUCTION */);
            uint16_t port;
            memcpy(&port, (uint8_t *)&event + EVENT_HEADER + 4, sizeof(port));
            assert_int_equal(port, 0x64);
        }
        observe("monitor.io.told", is_here ? "told" : "not on this processor");
    }
    stop_listening();
}

TEST(what_leaves_the_guest_is_told_from_4_17_on)
{
    CODE_OF(0x0f, 0xa2); /* cpuid */
    uint32_t domid = listened_to_domain(code, sizeof(code));

    if (!is_lacking("monitor.vmexit", xc_monitor_vmexit(xc(), domid, true, false))) {
        assert_works(xc_domain_unpause(xc(), domid));
        assert_true(becomes_true(has_event_or_ended, NULL, 10));
        bool is_here = has_event(NULL);
        if (is_here)
            next_event(VM_EVENT_REASON_VMEXIT);
        observe("monitor.vmexit.told", is_here ? "told" : "not on this processor");
    }
    stop_listening();
}

/* ---- what is switched, without anything to see but that it is ---- */

static void assert_is_switched(const char *key, uint32_t domid,
                               int (*change)(xc_interface *, uint32_t, bool), uint32_t event)
{
    uint32_t can;

    assert_works(xc_monitor_get_capabilities(xc(), domid, &can));
    if (!(can & (uint32_t)1 << event)) {
        assert_int_equal(change(xc(), domid, true), -1);
        observe(key, "%s", strerror(errno));
        assert_true(errno == EOPNOTSUPP || errno == ENOTSUP);
        return;
    }
    assert_works(change(xc(), domid, true));
    assert_fails_with(change(xc(), domid, true), -1, EEXIST);
    assert_works(change(xc(), domid, false));
    assert_fails_with(change(xc(), domid, false), -1, EEXIST);
    observe(key, "switched");
}

static int vmexit_with_sync(xc_interface *xch, uint32_t domid, bool enable)
{
    return xc_monitor_vmexit(xch, domid, enable, true);
}

TEST(every_event_is_switched_or_beyond_the_processor)
{
    CODE_OF(0x90);
    uint32_t domid = listened_to_domain(code, sizeof(code)), can = 0;

    assert_works(xc_monitor_get_capabilities(xc(), domid, &can));
    observe("monitor.capabilities", "%#x", can);
    assert_true(can & 1u << XEN_DOMCTL_MONITOR_EVENT_CPUID);
    assert_is_switched("monitor.singlestep", domid, xc_monitor_singlestep, 2);
    assert_is_switched("monitor.software_breakpoint", domid, xc_monitor_software_breakpoint, 3);
    assert_is_switched("monitor.cpuid", domid, xc_monitor_cpuid, 6);
    assert_is_switched("monitor.privileged_call", domid, xc_monitor_privileged_call, 7);
    assert_is_switched("monitor.descriptor_access", domid, xc_monitor_descriptor_access, 9);
    assert_is_switched("monitor.emul_unimplemented", domid, xc_monitor_emul_unimplemented, 10);
    assert_is_switched("monitor.inguest_pagefault", domid, xc_monitor_inguest_pagefault, 11);
    assert_is_switched("monitor.vmexit", domid, vmexit_with_sync, 12);
    assert_is_switched("monitor.io", domid, xc_monitor_io, 13);
    assert_works(xc_monitor_emulate_each_rep(xc(), domid, true));
    assert_works(xc_monitor_emulate_each_rep(xc(), domid, false));
    stop_listening();
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_TINY_DOMAIN(a_ring_is_of_one_listener_and_taken_from_the_domain),
        ON_TINY_DOMAIN(the_domain_runs_again_after_the_listener_came),
        ON_TINY_DOMAIN(a_domain_without_a_ring_page_is_refused),
        ON_TINY_DOMAIN(a_pv_domain_is_refused),
        ON_TINY_DOMAIN(an_event_is_notified_through_the_port),
        ON_TINY_DOMAIN(cpuid_waits_for_its_answer),
        ON_TINY_DOMAIN(nothing_is_told_after_the_event_is_switched_off),
        ON_TINY_DOMAIN(a_write_to_cr4_is_told),
        ON_TINY_DOMAIN(masked_bits_of_a_register_are_of_no_interest),
        ON_TINY_DOMAIN(a_write_to_an_msr_is_told),
        ON_TINY_DOMAIN(the_guest_asks_for_an_event),
        ON_TINY_DOMAIN(a_breakpoint_is_told),
        ON_TINY_DOMAIN(a_debug_exception_is_told),
        ON_TINY_DOMAIN(use_of_a_descriptor_table_is_told),
        ON_TINY_DOMAIN(an_io_port_is_told_from_4_18_on),
        ON_TINY_DOMAIN(what_leaves_the_guest_is_told_from_4_17_on),
        ON_TINY_DOMAIN(every_event_is_switched_or_beyond_the_processor),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
