/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's hardware: registers, CPUs' versions, microcode, machine checks. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

/* The request of a hypercall of one argument, as it was sent. */
static uint8_t asked[256];
enum { PLATFORM_SIZE = 136 };

static uint8_t *one_argument(struct sent *request, size_t size)
{
    uint8_t *memory = (uint8_t *)(uintptr_t)request->arguments[0];

    memset(asked, 0, sizeof(asked));
    memcpy(asked, memory, size);
    return memory;
}

static void put(uint8_t *bytes, unsigned offset, uint64_t value, size_t size)
{
    memcpy(bytes + offset, &value, size);
}

static uint64_t number_at(unsigned offset, size_t size)
{
    uint64_t value = 0;

    memcpy(&value, asked + offset, size);
    return value;
}

/* cmd and version of a platform_op, and what follows in @wanted from byte 8 on. */
static void assert_platform_op(uint32_t cmd, const uint8_t *wanted_payload)
{
    uint8_t wanted[PLATFORM_SIZE] = {0};

    put(wanted, 0, cmd, 4);
    put(wanted, 4, 0x03000001, 4);
    memcpy(wanted + 8, wanted_payload, PLATFORM_SIZE - 8);
    assert_memory_equal(asked, wanted, sizeof(wanted));
}

/* ---- versions ---- */

static int tell_cpu(struct sent *request, uint8_t *unused)
{
    struct xenpf_pcpu_version version = {3, 7, "GenuineIntel", 6, 85, 4};
    uint8_t *memory = one_argument(request, PLATFORM_SIZE);

    (void)unused;
    assert_int_equal(request->op, __HYPERVISOR_platform_op);
    memcpy(memory + 8, &version, sizeof(version));
    return 0;
}

TEST(a_cpu_tells_its_version)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xenpf_pcpu_version version = {.xen_cpuid = 3};
        uint8_t payload[128] = {3};

        answer_with(tell_cpu);
        assert_int_equal(xc_get_cpu_version(xch, &version), 0);
        assert_platform_op(48, payload);
        assert_int_equal(version.max_present, 7);
        assert_memory_equal(version.vendor_id, "GenuineIntel", 12);
        assert_int_equal(version.model, 85);
        stop(xch);
    }
}

static int tell_revision(struct sent *request, uint8_t *unused)
{
    uint8_t *memory = one_argument(request, PLATFORM_SIZE);

    (void)unused;
    memcpy(memory + 8, (uint32_t[]){2, 0x50654, 0x80, 0x2000065}, 16);
    return 0;
}

TEST(a_revision_of_microcode_is_told_from_4_18_on)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xenpf_ucode_revision revision = {.cpu = 2};
        uint8_t payload[128] = {2};

        answer_with(tell_revision);
        if (minor < 18) {
            assert_fails_with(xc_get_ucode_revision(xch, &revision), -1, ENOTSUP);
            assert_int_equal(requests, 0);
            assert_int_equal(logged.messages, 1);
            assert_non_null(strstr(logged.text, "4.18"));
        } else {
            assert_int_equal(xc_get_ucode_revision(xch, &revision), 0);
            assert_platform_op(65, payload);
            assert_int_equal(revision.signature, 0x50654);
            assert_int_equal(revision.pf, 0x80);
            assert_int_equal(revision.revision, 0x2000065);
        }
        stop(xch);
    }
}

/* ---- microcode ---- */

static unsigned data_at;

static int see_microcode(struct sent *request, uint8_t *unused)
{
    (void)unused;
    one_argument(request, PLATFORM_SIZE);
    assert_string_equal((char *)(uintptr_t)number_at(data_at, 8), "microcode");
    return 0;
}

TEST(microcode_goes_to_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint8_t payload[128] = {0};

        data_at = 8;
        answer_with(see_microcode);
        assert_int_equal(xc_microcode_update(xch, "microcode", 10, 0), 0);
        put(payload, 0, number_at(8, 8), 8);
        put(payload, 8, 10, 4);
        assert_platform_op(35, payload);
        stop(xch);
    }
}

TEST(microcode_is_forced_from_4_20_on)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint8_t payload[128] = {0};

        data_at = 16;
        answer_with(see_microcode);
        if (minor < 20) {
            assert_fails_with(xc_microcode_update(xch, "microcode", 10, XENPF_UCODE_FORCE), -1,
                              ENOTSUP);
            assert_int_equal(requests, 0);
            assert_non_null(strstr(logged.text, "4.20"));
        } else {
            assert_int_equal(xc_microcode_update(xch, "microcode", 10, XENPF_UCODE_FORCE), 0);
            put(payload, 0, XENPF_UCODE_FORCE, 4);
            put(payload, 4, 10, 4);
            put(payload, 8, number_at(16, 8), 8);
            assert_platform_op(66, payload);
        }
        stop(xch);
    }
}

/* Upstream's library sends the length cut down to 32 bits. */
TEST(microcode_of_no_or_too_many_bytes_is_refused)
{
    xc_interface *xch = start(20);

    assert_fails_with(xc_microcode_update(xch, NULL, 10, 0), -1, EINVAL);
    assert_fails_with(xc_microcode_update(xch, "microcode", 0, 0), -1, EINVAL);
    assert_fails_with(xc_microcode_update(xch, "microcode", (size_t)UINT32_MAX + 1, 0), -1,
                      EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* ---- registers ---- */

static int do_registers(struct sent *request, uint8_t *unused)
{
    struct multicall_entry *calls = (void *)(uintptr_t)request->arguments[0];

    (void)unused;
    assert_int_equal(request->op, __HYPERVISOR_multicall);
    assert_int_equal(request->arguments[1], 2);
    for (unsigned i = 0; i < 2; i++) {
        uint8_t *op = (uint8_t *)(uintptr_t)calls[i].args[0];
        uint8_t payload[128] = {0};
        xenpf_resource_entry_t *entries;

        assert_int_equal(calls[i].op, __HYPERVISOR_platform_op);
        memcpy(asked, op, PLATFORM_SIZE);
        entries = (void *)(uintptr_t)number_at(16, 8);
        put(payload, 0, i + 1, 4);
        put(payload, 4, i * 5, 4);
        put(payload, 8, (uintptr_t)entries, 8);
        assert_platform_op(61, payload);
        for (unsigned n = 0; n <= i; n++)
            entries[n].val = entries[n].idx + 1000;
        calls[i].result = i ? (uint64_t)-EPERM : 1;
    }
    return 0;
}

TEST(registers_of_several_cpus_are_one_multicall)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_resource_entry_t first[1] = {{.idx = 0x10}}, second[2] = {{.idx = 0x20}, {.idx = 0x21}};
        xc_resource_op_t ops[2] = {{.cpu = 0, .nr_entries = 1, .entries = first},
                                   {.cpu = 5, .nr_entries = 2, .entries = second}};

        answer_with(do_registers);
        assert_int_equal(xc_resource_op(xch, 2, ops), 0);
        assert_int_equal(requests, 1);
        assert_int_equal(ops[0].result, 1);
        assert_int_equal((int64_t)ops[1].result, -EPERM);
        assert_int_equal(first[0].val, 0x10 + 1000);
        assert_int_equal(second[1].val, 0x21 + 1000);
        stop(xch);
    }
}

static int answer_of_registers;

static int do_some(struct sent *request, uint8_t *unused)
{
    uint8_t payload[128] = {2, 0, 0, 0, 6};
    xenpf_resource_entry_t *entries;

    (void)unused;
    assert_int_equal(request->op, __HYPERVISOR_platform_op);
    one_argument(request, PLATFORM_SIZE);
    entries = (void *)(uintptr_t)number_at(16, 8);
    put(payload, 8, (uintptr_t)entries, 8);
    assert_platform_op(61, payload);
    entries[0].val = 5;
    return answer_of_registers;
}

/* As many as were done, which programs look at. */
TEST(registers_of_one_cpu_are_one_request)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_resource_entry_t entries[2] = {{.idx = 0x10}, {.idx = 0x11}};
        xc_resource_op_t op = {.cpu = 6, .nr_entries = 2, .entries = entries};

        answer_with(do_some);
        answer_of_registers = 1;
        assert_int_equal(xc_resource_op(xch, 1, &op), 1);
        assert_int_equal(op.result, 1);
        assert_int_equal(entries[0].val, 5);
        answer_of_registers = -EINVAL;
        assert_fails_with(xc_resource_op(xch, 1, &op), -1, EINVAL);
        assert_int_equal((int64_t)op.result, -1);
        stop(xch);
    }
}

/* ---- machine checks ---- */

static int tell_cpus(struct sent *request, uint8_t *unused)
{
    struct xen_mc *mc = (void *)one_argument(request, sizeof(struct xen_mc));

    (void)unused;
    assert_int_equal(request->op, __HYPERVISOR_mca);
    mc->u.mc_physcpuinfo.ncpus = 12;
    return 0;
}

TEST(a_machine_check_request_becomes_its_answer)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_mc mc, wanted;

        memset(&mc, 0, sizeof(mc));
        mc.cmd = XEN_MC_physcpuinfo;
        mc.u.mc_physcpuinfo.ncpus = 1;
        wanted = mc;
        wanted.interface_version = XEN_MCA_INTERFACE_VERSION;
        answer_with(tell_cpus);
        assert_int_equal(xc_mca_op(xch, &mc), 0);
        assert_memory_equal(asked, &wanted, sizeof(wanted));
        assert_int_equal(mc.u.mc_physcpuinfo.ncpus, 12);
        stop(xch);
    }
}

static int see_set(struct sent *request, uint8_t *unused)
{
    const struct xen_mc *mc = (void *)one_argument(request, sizeof(struct xen_mc));
    const uint8_t *set = (void *)(uintptr_t)number_at(16, 8);

    (void)unused;
    assert_int_equal(mc->cmd, XEN_MC_inject_v2);
    assert_int_equal(mc->u.mc_inject_v2.flags, XEN_MC_INJECT_TYPE_CMCI);
    assert_int_equal(mc->u.mc_inject_v2.cpumap.nr_bits, 10);
    assert_memory_equal(set, "\x04\x02", 2);
    return 0;
}

TEST(a_machine_check_is_injected_on_a_set_of_cpus)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint8_t set[2] = {4, 2};

        answer_with(see_set);
        assert_int_equal(xc_mca_op_inject_v2(xch, XEN_MC_INJECT_TYPE_CMCI, set, 10), 0);
        requests = 0;
        assert_fails_with(xc_mca_op_inject_v2(xch, 0, set, 0), -1, EINVAL);
        assert_int_equal(requests, 0);
        stop(xch);
    }
}

static int see_broadcast(struct sent *request, uint8_t *unused)
{
    uint8_t wanted[sizeof(struct xen_mc)] = {XEN_MC_inject_v2};

    (void)unused;
    put(wanted, 4, XEN_MCA_INTERFACE_VERSION, 4);
    put(wanted, 8, XEN_MC_INJECT_CPU_BROADCAST, 4);
    one_argument(request, sizeof(struct xen_mc));
    assert_memory_equal(asked, wanted, sizeof(wanted));
    return 0;
}

TEST(a_machine_check_for_all_needs_no_set)
{
    xc_interface *xch = start(17);

    answer_with(see_broadcast);
    assert_int_equal(xc_mca_op_inject_v2(xch, XEN_MC_INJECT_CPU_BROADCAST, NULL, 0), 0);
    stop(xch);
}

/* ---- no memory ---- */

static int load_microcode(xc_interface *xch)
{
    static const uint8_t microcode[100000];

    return xc_microcode_update(xch, microcode, sizeof(microcode), XENPF_UCODE_FORCE);
}

static int use_registers(xc_interface *xch)
{
    xc_resource_entry_t entry = {.idx = 0x10};
    xc_resource_op_t op = {.nr_entries = 1, .entries = &entry};

    return xc_resource_op(xch, 1, &op);
}

static int inject(xc_interface *xch)
{
    uint8_t set[1] = {1};

    return xc_mca_op_inject_v2(xch, 0, set, 1);
}

TEST(failing_buffers_leave_nothing)
{
    assert_survives_failing_buffers(load_microcode);
    assert_survives_failing_buffers(use_registers);
    assert_survives_failing_buffers(inject);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cpu_tells_its_version),
        cmocka_unit_test(a_revision_of_microcode_is_told_from_4_18_on),
        cmocka_unit_test(microcode_goes_to_every_release),
        cmocka_unit_test(microcode_is_forced_from_4_20_on),
        cmocka_unit_test(microcode_of_no_or_too_many_bytes_is_refused),
        cmocka_unit_test(registers_of_several_cpus_are_one_multicall),
        cmocka_unit_test(registers_of_one_cpu_are_one_request),
        cmocka_unit_test(a_machine_check_request_becomes_its_answer),
        cmocka_unit_test(a_machine_check_is_injected_on_a_set_of_cpus),
        cmocka_unit_test(a_machine_check_for_all_needs_no_set),
        cmocka_unit_test(failing_buffers_leave_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
