/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each function of a domain sends exactly its request, on every release. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { DOM = 7 };

TEST(life_is_one_request_each)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_domain_pause(xch, DOM), 0);
        assert_bare_domctl(3, DOM);
        assert_int_equal(xc_domain_unpause(xch, DOM), 0);
        assert_bare_domctl(4, DOM);
        assert_int_equal(xc_domain_destroy(xch, DOM), 0);
        assert_bare_domctl(2, DOM);
        assert_int_equal(xc_domain_soft_reset(xch, DOM), 0);
        assert_bare_domctl(79, DOM);
        assert_int_equal(requests, 4);
        stop(xch);
    }
}

TEST(properties_are_set_with_nothing_beside_them)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint8_t handle[16] = {1, 2, 3, [15] = 16};

        assert_int_equal(xc_domain_max_vcpus(xch, DOM, 3), 0);
        assert_domctl(minor, 15, DOM, "max_vcpus", {"max", 3});
        assert_int_equal(xc_domain_setmaxmem(xch, DOM, UINT64_C(0x123456789)), 0);
        assert_domctl(minor, 11, DOM, "max_mem", {"max_memkb", UINT64_C(0x123456789)});
        assert_int_equal(xc_domain_set_target(xch, DOM, 9), 0);
        assert_domctl(minor, 46, DOM, "set_target", {"target", 9});
        assert_int_equal(xc_domain_set_time_offset(xch, DOM, -5), 0);
        assert_domctl(minor, 24, DOM, "settimeoffset", {"time_offset_seconds", (uint64_t)-5});
        assert_int_equal(xc_domain_set_tsc_info(xch, DOM, 1, 22, 333, 4), 0);
        assert_domctl(minor, 60, DOM, "tsc_info", {"tsc_mode", 1}, {"elapsed_nsec", 22},
                      {"gtsc_khz", 333}, {"incarnation", 4});
        assert_int_equal(xc_domain_subscribe_for_suspend(xch, DOM, 77), 0);
        assert_domctl(minor, 29, DOM, "subscribe", {"port", 77});
        assert_int_equal(xc_domain_set_virq_handler(xch, DOM, 3), 0);
        assert_domctl(minor, 66, DOM, "set_virq_handler", {"virq", 3});
        assert_int_equal(xc_domain_send_trigger(xch, DOM, 2, 5), 0);
        assert_domctl(minor, 28, DOM, "sendtrigger", {"trigger", 2}, {"vcpu", 5});
        assert_int_equal(xc_domain_setdebugging(xch, DOM, 8), 0);
        assert_domctl(minor, 18, DOM, "setdebugging", {"enable", 1});
        assert_int_equal(xc_domain_debug_control(xch, DOM, 2, 1), 0);
        assert_domctl(minor, 54, DOM, "debug_op", {"op", 2}, {"vcpu", 1});
        assert_int_equal(xc_domain_set_access_required(xch, DOM, 1), 0);
        assert_domctl(minor, 64, DOM, "access_required", {"access_required", 1});

        assert_int_equal(xc_domain_sethandle(xch, DOM, handle), 0);
        assert_int_equal(sent.op, 17);
        assert_memory_equal(sent.payload, handle, sizeof(handle));
        stop(xch);
    }
}

static int tell_tsc(struct sent *request, uint8_t *payload)
{
    (void)request;
    fakerelease_fill(running_minor, "xen_domctl", "tsc_info", 1, payload);
    return 0;
}

static uint64_t told(const char *field, size_t size)
{
    return fakerelease_value(field, 1, size);
}

static int tell_width(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "address_size", "size", payload, 32);
    return 0;
}

TEST(properties_are_read)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t mode, khz, incarnation;
        uint64_t elapsed;
        unsigned width;

        answer_with(tell_tsc);
        assert_int_equal(xc_domain_get_tsc_info(xch, DOM, &mode, &elapsed, &khz, &incarnation),
                         0);
        assert_int_equal(mode, told("tsc_mode", 4));
        assert_true(elapsed == told("elapsed_nsec", 8));
        assert_int_equal(khz, told("gtsc_khz", 4));
        assert_int_equal(incarnation, told("incarnation", 4));
        answer_with(tell_width);
        assert_int_equal(xc_domain_get_guest_width(xch, DOM, &width), 0);
        assert_int_equal(width, 4);
        stop(xch);
    }
}

static int connect_uart(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "vuart_op", "evtchn", payload, 12);
    return 0;
}

TEST(a_uart_tells_its_port)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        evtchn_port_t port = 0;

        answer_with(connect_uart);
        assert_int_equal(xc_dom_vuart_init(xch, 5, DOM, 3, UINT64_C(0x123456789), &port), 0);
        assert_domctl(minor, 81, DOM, "vuart_op", {"type", 5}, {"gfn", UINT64_C(0x123456789)},
                      {"console_domid", 3});
        assert_int_equal(port, 12);
        stop(xch);
    }
}

static int refuse(struct sent *request, uint8_t *payload)
{
    (void)request;
    (void)payload;
    return -EPERM;
}

TEST(a_failure_leaves_a_sentence)
{
    xc_interface *xch = start(17);

    assert_int_equal(xc_get_last_error(xch)->code, XC_ERROR_NONE);
    answer_with(refuse);
    assert_fails_with(xc_domain_pause(xch, DOM), -1, EPERM);
    assert_int_equal(xc_get_last_error(xch)->code, XC_INTERNAL_ERROR);
    assert_string_equal(xc_get_last_error(xch)->message,
                        "pausedomain of domain 7: Operation not permitted");
    assert_int_equal(logged.messages, 0);
    xc_clear_last_error(xch);
    assert_int_equal(xc_get_last_error(xch)->code, XC_ERROR_NONE);
    stop(xch);
}

TEST(what_a_release_lacks_is_refused_in_words)
{
    static const uint32_t colors[] = {1, 2};
    xc_interface *xch = start(19);

    assert_fails_with(xc_domain_set_llc_colors(xch, DOM, colors, 2), -1, ENOTSUP);
    assert_string_equal(logged.text, "Xen 4.19 has no set_llc_colors: it came in 4.20");
    assert_int_equal(requests, 0);
    stop(xch);

    xch = start(20);
    assert_int_equal(xc_domain_set_llc_colors(xch, DOM, colors, 2), 0);
    assert_domctl(20, 89, DOM, "set_llc_colors", {"num_llc_colors", 2},
                  {"llc_colors.p", AN_ADDRESS});
    assert_int_equal(xc_domain_set_llc_colors(xch, DOM, NULL, 0), 0);
    assert_domctl(20, 89, DOM, "set_llc_colors", {"num_llc_colors", 0});
    stop(xch);
}

/* Debian 13's libxl does it for each new domain, and takes ENOTSUP for an answer. */
TEST(no_colours_at_all_are_refused_without_an_error_message)
{
    xc_interface *xch = start(19);

    assert_fails_with(xc_domain_set_llc_colors(xch, DOM, NULL, 0), -1, ENOTSUP);
    assert_int_equal(requests, 0);
    assert_int_equal(logged.messages, 0);
    assert_string_equal(xc_get_last_error(xch)->message, "domain 7 cannot have cache colours here: "
                                                         "Operation not supported");
    stop(xch);
}

TEST(an_id_that_is_none_is_refused_before_anything_is_sent)
{
    xc_interface *xch = start(17);

    assert_fails_with(xc_domain_destroy(xch, 0x10001), -1, EINVAL);
    assert_fails_with(xc_domain_shutdown(xch, 0x10001, 0), -1, EINVAL);
    assert_fails_with(xc_domain_set_target(xch, 1, 0x10001), -1, EINVAL);
    assert_fails_with(xc_dom_vuart_init(xch, 0, 1, 0x10001, 0, NULL), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static int refuse_and_spoil(struct sent *request, uint8_t *payload)
{
    (void)request;
    memset(payload, 0x77, 128);
    return -ENOSYS;
}

TEST(a_failure_fills_nothing)
{
    xc_interface *xch = start(17);
    uint32_t mode = 1, khz = 2, incarnation = 3;
    evtchn_port_t port = 5;
    uint64_t elapsed = 4;
    unsigned width = 6;

    answer_with(refuse_and_spoil);
    assert_fails_with(xc_domain_get_tsc_info(xch, DOM, &mode, &elapsed, &khz, &incarnation), -1,
                      ENOSYS);
    assert_int_equal(mode + khz + incarnation + elapsed, 10);
    assert_fails_with(xc_domain_get_guest_width(xch, DOM, &width), -1, ENOSYS);
    assert_int_equal(width, 6);
    assert_fails_with(xc_dom_vuart_init(xch, 0, DOM, 0, 0, &port), -1, ENOSYS);
    assert_int_equal(port, 5);
    stop(xch);
}

static int second_timer(struct sent *request, uint8_t *memory)
{
    (void)request;
    (void)memory;
    return 2;
}

TEST(a_new_timer_is_named)
{
    xc_interface *xch = start(17);

    answer_with(second_timer);
    assert_int_equal(xc_watchdog(xch, 0, 30), 2);
    stop(xch);
}

TEST(shutdown_and_watchdog_are_sched_ops)
{
    xc_interface *xch = start(17);
    struct sched_remote_shutdown shutdown;
    struct sched_watchdog watchdog = {.id = 1, .timeout = 30};

    memset(&shutdown, 0, sizeof(shutdown));
    shutdown.domain_id = DOM;
    shutdown.reason = SHUTDOWN_reboot;
    assert_int_equal(xc_domain_shutdown(xch, DOM, SHUTDOWN_reboot), 0);
    assert_int_equal(sent.op, __HYPERVISOR_sched_op);
    assert_int_equal(sent.arguments[0], SCHEDOP_remote_shutdown);
    assert_memory_equal(sent.memory, &shutdown, sizeof(shutdown));
    assert_int_equal(xc_watchdog(xch, 1, 30), 0);
    assert_int_equal(sent.arguments[0], SCHEDOP_watchdog);
    assert_memory_equal(sent.memory, &watchdog, sizeof(watchdog));
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(life_is_one_request_each),
        cmocka_unit_test(properties_are_set_with_nothing_beside_them),
        cmocka_unit_test(properties_are_read),
        cmocka_unit_test(a_uart_tells_its_port),
        cmocka_unit_test(a_failure_leaves_a_sentence),
        cmocka_unit_test(a_failure_fills_nothing),
        cmocka_unit_test(a_new_timer_is_named),
        cmocka_unit_test(what_a_release_lacks_is_refused_in_words),
        cmocka_unit_test(no_colours_at_all_are_refused_without_an_error_message),
        cmocka_unit_test(an_id_that_is_none_is_refused_before_anything_is_sent),
        cmocka_unit_test(shutdown_and_watchdog_are_sched_ops),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
