/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Virtual CPUs, and the NUMA nodes that a domain sees. */
#include "scratch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xen/hvm/save.h>

TEST(a_running_vcpu_uses_time)
{
    xc_vcpuinfo_t info;
    long long before = xc_domain_get_cpu_usage(xc(), 0, 0);

    for (clock_t start = clock(); clock() - start < CLOCKS_PER_SEC / 5;)
        continue;
    long long used = 0;
    assert_true(before > 0);
    for (int vcpu = 0; xc_vcpu_getinfo(xc(), 0, (uint32_t)vcpu, &info) == 0; vcpu++) {
        assert_int_equal(info.online, 1);
        assert_true(info.cpu < (uint32_t)xc_get_max_cpus(xc()));
        used += xc_domain_get_cpu_usage(xc(), 0, vcpu);
    }
    assert_int_equal(errno, EINVAL);
    assert_true(used > before);
}

TEST(a_vcpu_without_registers_is_offline)
{
    uint32_t domid = scratch_domain(SCRATCH_PV);
    xc_vcpuinfo_t info;

    assert_works(xc_vcpu_getinfo(xc(), domid, 0, &info));
    assert_int_equal(info.vcpu, 0);
    assert_int_equal(info.online, 0);
    assert_int_equal(info.running, 0);
    assert_true(xc_domain_get_cpu_usage(xc(), domid, 0) == 0);
    assert_fails_with(xc_domain_get_cpu_usage(xc(), domid, 1), -1, EINVAL);
}

TEST(a_vcpu_may_run_where_it_was_put)
{
    uint32_t domid = scratch_domain(SCRATCH_PV);
    xc_cpumap_t hard = xc_cpumap_alloc(xc()), soft = xc_cpumap_alloc(xc());

    assert_true(hard && soft);
    xc_cpumap_setcpu(0, hard);
    assert_works(xc_vcpu_setaffinity(xc(), domid, 0, hard, NULL, XEN_VCPUAFFINITY_HARD));
    assert_true(xc_cpumap_testcpu(0, hard));
    hard[0] = 0;
    assert_works(xc_vcpu_getaffinity(xc(), domid, 0, hard, NULL, XEN_VCPUAFFINITY_HARD));
    assert_int_equal(hard[0], 1);
    xc_cpumap_setcpu(0, soft);
    assert_works(xc_vcpu_setaffinity(xc(), domid, 0, NULL, soft, XEN_VCPUAFFINITY_SOFT));
    soft[0] = hard[0] = 0;
    assert_works(xc_vcpu_getaffinity(xc(), domid, 0, hard, soft,
                                     XEN_VCPUAFFINITY_HARD | XEN_VCPUAFFINITY_SOFT));
    assert_int_equal(hard[0], 1);
    assert_int_equal(soft[0], 1);
    hard[0] = 0;
    assert_fails_with(xc_vcpu_setaffinity(xc(), domid, 0, hard, NULL, XEN_VCPUAFFINITY_HARD), -1,
                      EINVAL);
    assert_fails_with(xc_vcpu_getaffinity(xc(), domid, 9, hard, NULL, XEN_VCPUAFFINITY_HARD), -1,
                      EINVAL);
    free(hard);
    free(soft);
}

/* ---- registers ---- */

/* What a vCPU of an HVM domain is brought up with: the header that Xen gave, and a CPU. */
struct __attribute__((packed)) hvm_context {
    struct hvm_save_descriptor header_descriptor;
    HVM_SAVE_TYPE(HEADER) header;
    struct hvm_save_descriptor cpu_descriptor;
    HVM_SAVE_TYPE(CPU) cpu;
    struct hvm_save_descriptor end;
};

static const HVM_SAVE_TYPE(CPU) protected_mode = {
    .cr0 = 0x11, /* protection, and a processor of today */
    .cs_limit = UINT32_MAX, .cs_arbytes = 0xc9b,
    .ds_limit = UINT32_MAX, .ds_arbytes = 0xc93,
    .es_limit = UINT32_MAX, .es_arbytes = 0xc93,
    .ss_limit = UINT32_MAX, .ss_arbytes = 0xc93,
    .tr_limit = 0x67, .tr_arbytes = 0x8b,
    .rflags = 2,
};

static void bring_up(uint32_t domid)
{
    static struct hvm_context context;
    int size = xc_domain_hvm_getcontext(xc(), domid, NULL, 0);

    assert_works(size);
    uint8_t *old = malloc((size_t)size);
    assert_non_null(old);
    assert_works(xc_domain_hvm_getcontext(xc(), domid, old, (uint32_t)size));
    memcpy(&context, old, sizeof(context.header_descriptor) + sizeof(context.header));
    free(old);
    context.cpu_descriptor = (struct hvm_save_descriptor){
        .typecode = HVM_SAVE_CODE(CPU), .length = sizeof(context.cpu)};
    context.cpu = protected_mode;
    context.end = (struct hvm_save_descriptor){.typecode = HVM_SAVE_CODE(END)};
    assert_works(
        xc_domain_hvm_setcontext(xc(), domid, (uint8_t *)&context, sizeof(context)));
}

TEST(registers_come_back_as_they_were_set_until_a_reset)
{
    static vcpu_guest_context_any_t context;
    uint32_t domid = scratch_domain(SCRATCH_PVH);

    assert_fails_with(xc_vcpu_getcontext(xc(), domid, 0, &context), -1, ENODATA);
    assert_fails_with(xc_vcpu_getcontext(xc(), domid, 1, &context), -1, EINVAL);
    bring_up(domid);
    assert_works(xc_vcpu_getcontext(xc(), domid, 0, &context));
    assert_int_equal(context.x64.ctrlreg[0] & 1, 1);
    context.x64.user_regs.rip = 0x1000;
    context.x64.user_regs.rbx = 0x2222;
    context.x64.user_regs.r8 = 0x8888;
    context.x64.user_regs.r15 = 0xffff;
    assert_works(xc_vcpu_setcontext(xc(), domid, 0, &context));
    memset(&context, 0, sizeof(context));
    assert_works(xc_vcpu_getcontext(xc(), domid, 0, &context));
    assert_int_equal(context.x64.user_regs.rip, 0x1000);
    assert_int_equal(context.x64.user_regs.rbx, 0x2222);
    assert_int_equal(context.x64.user_regs.r8, 0x8888);
    assert_int_equal(context.x64.user_regs.r15, 0xffff);
    assert_works(xc_vcpu_setcontext(xc(), domid, 0, NULL));
    assert_fails_with(xc_vcpu_getcontext(xc(), domid, 0, &context), -1, ENODATA);
}

TEST(a_guest_of_linux_is_in_its_kernel)
{
    static vcpu_guest_context_any_t context;
    uint32_t domid = guest("pv");

    assert_works(xc_domain_pause(xc(), domid));
    int result = xc_vcpu_getcontext(xc(), domid, 0, &context);
    assert_works(xc_domain_unpause(xc(), domid));
    assert_works(result);
    assert_true(context.x64.user_regs.rip != 0);
    assert_true(context.x64.ctrlreg[3] != 0);
    assert_true(context.x64.user_regs.rsp != 0);
}

/* Two words, XCR0 now and ever; behind them the state, if the processor has XSAVE. */
TEST(extended_registers_are_measured_and_read)
{
    uint32_t domid = guest("pv");
    xc_vcpu_extstate_t xsave = {0};

    if (is_lacking("extstate", xc_vcpu_get_extstate(xc(), domid, 0, &xsave)))
        return;
    observe("extstate_size", "%lu mask 0x%lx", (unsigned long)xsave.size,
            (unsigned long)xsave.xfeature_mask);
    assert_true(xsave.size >= 16);
    uint8_t *buffer = calloc(1, (size_t)xsave.size);
    uint64_t room = xsave.size;
    assert_non_null(buffer);
    xsave.buffer = buffer;
    assert_works(xc_domain_pause(xc(), domid));
    int result = xc_vcpu_get_extstate(xc(), domid, 0, &xsave);
    assert_works(xc_domain_unpause(xc(), domid));
    assert_works(result);
    uint64_t xcr0;
    memcpy(&xcr0, buffer, sizeof(xcr0));
    assert_true(room == 16 ? xcr0 == 0 : xcr0 & 1); /* x87, always */
    xsave.size = room / 2;
    assert_fails_with(xc_vcpu_get_extstate(xc(), domid, 0, &xsave), -1, EINVAL);
    free(buffer);
}

/* ---- NUMA ---- */

TEST(virtual_nodes_are_those_that_were_set)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);
    xen_vmemrange_t ranges[2] = {{0, 0x8000000, 0, 0}, {0x8000000, 0x10000000, 0, 1}}, told[2];
    unsigned distances[4] = {10, 20, 20, 10}, told_distances[4] = {0};
    unsigned nodes_of_vcpus[2] = {0, 1}, told_nodes[2] = {9, 9};
    unsigned host_nodes[2] = {0, 0};
    uint32_t nodes = 0, count = 0, vcpus = 0;

    config.max_vcpus = 2;
    uint32_t domid = (uint32_t)assert_works(scratch_create(0, config));
    assert_works(xc_domain_max_vcpus(xc(), domid, 2));
    assert_fails_with(xc_domain_getvnuma(xc(), domid, &nodes, &count, &vcpus, NULL, NULL, NULL),
                      -1, EOPNOTSUPP);
    assert_works(xc_domain_setvnuma(xc(), domid, 2, 2, 2, ranges, distances, nodes_of_vcpus,
                                    host_nodes));
    assert_fails_with(xc_domain_getvnuma(xc(), domid, &nodes, &count, &vcpus, NULL, NULL, NULL),
                      -1, ENOBUFS);
    assert_true(nodes == 2 && count == 2 && vcpus == 2);
    assert_works(xc_domain_getvnuma(xc(), domid, &nodes, &count, &vcpus, told, told_distances,
                                    told_nodes));
    assert_memory_equal(told, ranges, sizeof(ranges));
    assert_memory_equal(told_distances, distances, sizeof(distances));
    assert_memory_equal(told_nodes, nodes_of_vcpus, sizeof(nodes_of_vcpus));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(a_running_vcpu_uses_time),
        WITH_SCRATCH(a_vcpu_without_registers_is_offline),
        WITH_SCRATCH(a_vcpu_may_run_where_it_was_put),
        WITH_SCRATCH(registers_come_back_as_they_were_set_until_a_reset),
        ON_XEN(a_guest_of_linux_is_in_its_kernel),
        ON_XEN(extended_registers_are_measured_and_read),
        WITH_SCRATCH(virtual_nodes_are_those_that_were_set),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
