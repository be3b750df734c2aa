/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trace buffers, and CPUs that come and go. */
#include "harness.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fakexen.h"
#include "fixture.h"
#include "xenctrl.h"

#include "uapi_privcmd.h"

#define NO_DOMAIN 0x10007u

/* The buffers' size has been set before. */
static int tell_buffers(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "tbuf_op";

    if (payload[0] == 3)
        return -EINVAL;
    assert_int_equal(request->op, 2);
    set_field(running_minor, unit, member, "buffer_mfn", payload, 0x1234);
    set_field(running_minor, unit, member, "size", payload, 8192);
    return 0;
}

TEST(tracing_starts_with_the_buffers_that_there_are)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        unsigned long mfn, size;

        answer_with(tell_buffers);
        assert_int_equal(xc_tbuf_enable(xch, 20, &mfn, &size), 0);
        assert_int_equal(requests, 3);
        assert_int_equal(mfn, 0x1234);
        assert_int_equal(size, 8192);
        stop(xch);
    }
}

TEST(the_buffers_size_is_set)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_tbuf_set_size(xch, 20), 0);
        assert_sysctl(minor, 2, "tbuf_op", {"cmd", 3}, {"size", 20});
        stop(xch);
    }
}

/* The description's first field, as Xen's memory shows it. */
static uint16_t buffer_pages;
static struct uapi_privcmd_mmapbatch_v2 mapped;
static xen_pfn_t first_frame;

/* Xen shows it to be read only. */
static bool is_writable(uint64_t address)
{
    uint8_t byte = 0;
    struct iovec here = {&byte, 1}, there = {(void *)(uintptr_t)address, 1};

    return process_vm_writev(getpid(), &here, 1, &there, 1, 0) == 1;
}

static void write_description(uint64_t address)
{
    void *page = (void *)(uintptr_t)address;

    assert_int_equal(mprotect(page, XC_PAGE_SIZE, PROT_READ | PROT_WRITE), 0);
    memcpy(page, &buffer_pages, sizeof(buffer_pages));
    assert_int_equal(mprotect(page, XC_PAGE_SIZE, PROT_READ), 0);
}

static int map_description(int fd, void *argument, void *user)
{
    (void)fd;
    (void)user;
    memcpy(&mapped, argument, sizeof(mapped));
    if (is_writable(mapped.addr)) {
        errno = EBUSY;
        return -1;
    }
    first_frame = mapped.arr[0];
    memset(mapped.err, 0, mapped.num * sizeof(*mapped.err));
    write_description(mapped.addr);
    return 0;
}

/* Upstream's library wants to write there, and never succeeds. */
TEST(the_buffers_size_stands_in_their_description)
{
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2, map_description, NULL);
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        unsigned long pages = 0;

        answer_with(tell_buffers);
        buffer_pages = 20;
        unsigned mappings = fakexen_mappings();
        assert_int_equal(xc_tbuf_get_size(xch, &pages), 0);
        assert_sysctl(minor, 2, "tbuf_op", {"cmd", 0});
        assert_int_equal(pages, 20);
        assert_int_equal(mapped.dom, DOMID_XEN);
        assert_int_equal(mapped.num, 2);
        assert_true(first_frame == 0x1234);
        buffer_pages = 0;
        assert_fails_with(xc_tbuf_get_size(xch, &pages), -1, EINVAL);
        assert_int_equal(pages, 20);
        assert_true(fakexen_mappings() <= mappings + 1); /* a buffer in store, no more */
        stop(xch);
    }
}

static int no_mapping(int fd, void *argument, void *user)
{
    (void)fd;
    (void)argument;
    (void)user;
    errno = EPERM;
    return -1;
}

TEST(buffers_that_there_are_not_have_no_size)
{
    xc_interface *xch = start(17);
    unsigned long pages = 3;

    assert_fails_with(xc_tbuf_get_size(xch, &pages), -1, EINVAL);
    answer_with(tell_buffers);
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2, no_mapping, NULL);
    assert_fails_with(xc_tbuf_get_size(xch, &pages), -1, EPERM);
    assert_int_equal(pages, 3);
    stop(xch);
}

static int refuse_to_begin(struct sent *request, uint8_t *payload)
{
    (void)request;
    return payload[0] == 4 ? -EINVAL : 0;
}

TEST(a_failure_to_start_is_told)
{
    xc_interface *xch = start(17);
    unsigned long mfn = 1, size = 2;

    answer_with(refuse_to_begin);
    assert_fails_with(xc_tbuf_enable(xch, 20, &mfn, &size), -1, EINVAL);
    assert_int_equal(requests, 2);
    assert_true(mfn == 1 && size == 2);
    stop(xch);
}

static int bits_from(struct sent *request, uint8_t *payload)
{
    uint8_t *bits = address_in(running_minor, "xen_sysctl", "tbuf_op", "cpu_mask.bitmap.p",
                               payload);

    (void)request;
    assert_true(bits[0] == 0x12 && bits[1] == 0x34 && bits[2] == 0x5);
    return 0;
}

TEST(the_mask_goes_out_whole)
{
    xc_interface *xch = start(17);
    uint8_t cpus[3] = {0x12, 0x34, 0x5};

    answer_with(bits_from);
    assert_int_equal(xc_tbuf_set_cpu_mask(xch, cpus), 0);
    stop(xch);
}

TEST(masks_are_set)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint8_t cpus[3] = {1};

        assert_int_equal(xc_tbuf_set_cpu_mask(xch, cpus), 0);
        assert_sysctl(minor, 2, "tbuf_op", {"cmd", 1}, {"cpu_mask.bitmap.p", AN_ADDRESS},
                      {"cpu_mask.nr_bits", HOST_CPUS});
        assert_int_equal(xc_tbuf_set_evt_mask(xch, 0xf000), 0);
        assert_sysctl(minor, 2, "tbuf_op", {"cmd", 2}, {"evt_mask", 0xf000});
        assert_int_equal(xc_tbuf_disable(xch), 0);
        assert_sysctl(minor, 2, "tbuf_op", {"cmd", 5});
        stop(xch);
    }
}

static int tell_option(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "vmtrace_op", "value", payload, 99);
    return 0;
}

TEST(a_vcpu_is_traced_from_4_15_on)
{
    xc_interface *old = start(14);
    uint64_t value;

    assert_fails_with(xc_vmtrace_enable(old, 7, 1), -1, ENOTSUP);
    assert_int_equal(requests, 0);
    stop(old);
    for (unsigned minor = 15; minor <= NEWEST_MINOR; minor++) {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_vmtrace_enable(xch, 7, 1), 0);
        assert_domctl(minor, 84, 7, "vmtrace_op", {"cmd", 1}, {"vcpu", 1});
        assert_int_equal(xc_vmtrace_set_option(xch, 7, 1, 0x570, 5), 0);
        assert_domctl(minor, 84, 7, "vmtrace_op", {"cmd", 6}, {"vcpu", 1}, {"key", 0x570},
                      {"value", 5});
        assert_int_equal(xc_vmtrace_disable(xch, 7, 1), 0);
        assert_domctl(minor, 84, 7, "vmtrace_op", {"cmd", 2}, {"vcpu", 1});
        assert_int_equal(xc_vmtrace_reset_and_enable(xch, 7, 1), 0);
        assert_domctl(minor, 84, 7, "vmtrace_op", {"cmd", 3}, {"vcpu", 1});
        answer_with(tell_option);
        assert_int_equal(xc_vmtrace_get_option(xch, 7, 1, 0x570, &value), 0);
        assert_domctl(minor, 84, 7, "vmtrace_op", {"cmd", 5}, {"vcpu", 1}, {"key", 0x570});
        assert_int_equal(value, 99);
        assert_int_equal(xc_vmtrace_output_position(xch, 7, 1, &value), 0);
        assert_domctl(minor, 84, 7, "vmtrace_op", {"cmd", 4}, {"vcpu", 1});
        stop(xch);
    }
}

static int no_trace(struct sent *request, uint8_t *payload)
{
    tell_option(request, payload);
    return -ENODEV;
}

TEST(a_vcpu_that_is_not_traced_has_no_position)
{
    xc_interface *xch = start(17);
    uint64_t value = 3;

    answer_with(no_trace);
    assert_fails_with(xc_vmtrace_output_position(xch, 7, 1, &value), -1, ENODEV);
    assert_fails_with(xc_vmtrace_get_option(xch, 7, 1, 5, &value), -1, ENODEV);
    assert_true(value == 3);
    stop(xch);
}

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start(17);
    uint64_t value;

    assert_fails_with(xc_tbuf_set_size(xch, 1ul << 32), -1, EINVAL);
    assert_fails_with(xc_vmtrace_enable(xch, NO_DOMAIN, 0), -1, EINVAL);
    assert_fails_with(xc_vmtrace_disable(xch, NO_DOMAIN, 0), -1, EINVAL);
    assert_fails_with(xc_vmtrace_reset_and_enable(xch, NO_DOMAIN, 0), -1, EINVAL);
    assert_fails_with(xc_vmtrace_output_position(xch, NO_DOMAIN, 0, &value), -1, EINVAL);
    assert_fails_with(xc_vmtrace_get_option(xch, NO_DOMAIN, 0, 1, &value), -1, EINVAL);
    assert_fails_with(xc_vmtrace_set_option(xch, NO_DOMAIN, 0, 1, 1), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static long set_mask(xc_interface *xch)
{
    uint8_t cpus[3] = {1};

    return xc_tbuf_set_cpu_mask(xch, cpus);
}

static long get_size(xc_interface *xch)
{
    unsigned long pages;

    return xc_tbuf_get_size(xch, &pages);
}

static long trace_vcpu(xc_interface *xch)
{
    return xc_vmtrace_enable(xch, 7, 0);
}

TEST(without_a_buffer_nothing_is_left)
{
    assert_fails_without_buffers(set_mask);
    assert_fails_without_buffers(get_size);
    assert_fails_without_buffers(trace_vcpu);
}

TEST(cpus_come_and_go)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_cpu_online(xch, 3), 0);
        assert_sysctl(minor, 11, "cpu_hotplug", {"cpu", 3}, {"op", 0});
        assert_int_equal(xc_cpu_offline(xch, 3), 0);
        assert_sysctl(minor, 11, "cpu_hotplug", {"cpu", 3}, {"op", 1});
        assert_int_equal(xc_smt_enable(xch), 0);
        assert_sysctl(minor, 11, "cpu_hotplug", {"op", 2});
        assert_int_equal(xc_smt_disable(xch), 0);
        assert_sysctl(minor, 11, "cpu_hotplug", {"op", 3});
        stop(xch);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(tracing_starts_with_the_buffers_that_there_are),
        cmocka_unit_test(the_buffers_size_is_set),
        cmocka_unit_test(the_buffers_size_stands_in_their_description),
        cmocka_unit_test(buffers_that_there_are_not_have_no_size),
        cmocka_unit_test(a_failure_to_start_is_told),
        cmocka_unit_test(the_mask_goes_out_whole),
        cmocka_unit_test(masks_are_set),
        cmocka_unit_test(a_vcpu_is_traced_from_4_15_on),
        cmocka_unit_test(a_vcpu_that_is_not_traced_has_no_position),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(without_a_buffer_nothing_is_left),
        cmocka_unit_test(cpus_come_and_go),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
