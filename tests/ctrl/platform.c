/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's hardware: CPUs' versions, registers, microcode, machine checks; profiling. */
#include <stdlib.h>
#include <string.h>

#include "on_xen.h"

/* What the kernel says of the first CPU. */
static void kernel_says(const char *key, char *value, size_t size)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    char line[4096];

    value[0] = '\0';
    assert_non_null(file);
    while (!value[0] && fgets(line, sizeof(line), file)) {
        char *colon = strchr(line, ':');
        if (colon && strncmp(line, key, strlen(key)) == 0)
            snprintf(value, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
    }
    fclose(file);
}

TEST(a_cpu_is_the_one_that_the_kernel_sees)
{
    struct xenpf_pcpu_version version = {.xen_cpuid = 0};
    char vendor[32], family[32], stepping[32];
    xc_physinfo_t info;

    assert_works(xc_physinfo(xc(), &info));
    assert_works(xc_get_cpu_version(xc(), &version));
    kernel_says("vendor_id", vendor, sizeof(vendor));
    kernel_says("cpu family", family, sizeof(family));
    kernel_says("stepping", stepping, sizeof(stepping));
    assert_memory_equal(version.vendor_id, vendor, sizeof(version.vendor_id));
    assert_int_equal(version.family, atoi(family));
    assert_int_equal(version.stepping, atoi(stepping));
    assert_int_equal(version.max_present, info.max_cpu_id);
    version.xen_cpuid = 4000; /* is not there: Xen says so by a family of 0 */
    assert_works(xc_get_cpu_version(xc(), &version));
    assert_int_equal(version.family, 0);
}

TEST(a_revision_of_microcode_belongs_to_its_cpu)
{
    struct xenpf_ucode_revision revision = {.cpu = 0};
    struct xenpf_pcpu_version version = {.xen_cpuid = 0};
    int result = xc_get_ucode_revision(xc(), &revision);

    if (!xen_is_at_least(4, 18)) {
        assert_int_equal(result, -1);
        assert_int_equal(errno, ENOTSUP);
        return;
    }
    if (is_lacking("ucode-revision", result))
        return;
    assert_works(xc_get_cpu_version(xc(), &version));
    observe("ucode-revision", "%#x", revision.revision);
    if (revision.signature) /* 0: Xen loads none on this machine */
        assert_int_equal(revision.signature & 15, version.stepping);
    revision.cpu = 4000;
    assert_fails_with(xc_get_ucode_revision(xc(), &revision), -1, ENOENT);
}

/* Bytes that are no microcode: Xen says so, and nothing happens. */
TEST(microcode_that_is_none_is_refused_by_xen)
{
    static const char rubbish[2048] = "this is no microcode";

    assert_int_equal(xc_microcode_update(xc(), rubbish, sizeof(rubbish), 0), -1);
    observe("microcode", "%s", strerror(errno));
    assert_true(errno != ENOTSUP);
    assert_int_equal(xc_microcode_update(xc(), rubbish, sizeof(rubbish), XENPF_UCODE_FORCE), -1);
    observe("microcode-forced", "%s", strerror(errno));
    if (!xen_is_at_least(4, 20))
        assert_int_equal(errno, ENOTSUP);
}

TEST(a_clock_is_read_on_each_cpu)
{
    xc_physinfo_t info;

    assert_works(xc_physinfo(xc(), &info));
    for (uint32_t cpu = 0; cpu < info.nr_cpus; cpu++) {
        xc_resource_entry_t entries[2] = {{.u.cmd = XEN_RESOURCE_OP_MSR_READ, .idx = 0x10},
                                          {.u.cmd = XEN_RESOURCE_OP_MSR_READ, .idx = 0x10}};
        xc_resource_op_t ops[2] = {{.cpu = cpu, .nr_entries = 1, .entries = &entries[0]},
                                   {.cpu = cpu, .nr_entries = 1, .entries = &entries[1]}};

        assert_works(xc_resource_op(xc(), 2, ops));
        if ((int64_t)ops[0].result != 1) {
            observe("resource-op", "%s", strerror((int)-(int64_t)ops[0].result));
            return;
        }
        assert_int_equal(ops[1].result, 1);
        assert_true(entries[0].val > 0);
        assert_true(entries[1].val > entries[0].val);
    }
}

TEST(a_register_that_is_not_for_us_is_refused)
{
    xc_resource_entry_t entry = {.u.cmd = XEN_RESOURCE_OP_MSR_READ, .idx = 0xc0000080};
    xc_resource_op_t op = {.cpu = 0, .nr_entries = 1, .entries = &entry};

    assert_works(xc_resource_op(xc(), 1, &op));
    assert_true((int64_t)op.result <= 0);
    assert_int_equal(entry.val, 0);
    observe("resource-op-efer", "%d", (int)op.result);
}

/* ---- machine checks ---- */

TEST(machine_checks_know_the_cpus)
{
    struct xen_mc mc;
    xc_physinfo_t info;

    memset(&mc, 0, sizeof(mc));
    mc.cmd = XEN_MC_physcpuinfo;
    assert_works(xc_physinfo(xc(), &info));
    if (is_lacking("mca", xc_mca_op(xc(), &mc)))
        return;
    assert_int_equal(mc.u.mc_physcpuinfo.ncpus, info.nr_cpus);
}

/* An unknown kind, so that nothing breaks where injecting would work. */
TEST(machine_checks_of_no_kind_are_refused_by_xen)
{
    xc_cpumap_t cpus = xc_cpumap_alloc(xc());

    assert_non_null(cpus);
    xc_cpumap_setcpu(0, cpus);
    int result = xc_mca_op_inject_v2(xc(), XEN_MC_INJECT_TYPE_MASK, cpus,
                                     (unsigned)xc_get_max_cpus(xc()));
    int error = errno;
    free(cpus);
    assert_int_equal(result, -1);
    observe("mca-inject", "%s", strerror(error));
    assert_true(error == EINVAL || error == ENOSYS || error == EOPNOTSUPP);
}

/* ---- profiling: builds that have it are rare ---- */

TEST(events_are_counted_where_built_in)
{
    int nr_desc = 0, nr_val = 0;

    if (is_lacking("perfc", xc_perfc_query_number(xc(), &nr_desc, &nr_val))) {
        assert_true(is_lacking("perfc-query", xc_perfc_query(xc(), NULL, NULL)));
        assert_true(is_lacking("perfc-reset", xc_perfc_reset(xc())));
        return;
    }
    DECLARE_HYPERCALL_BUFFER(xc_perfc_desc_t, desc);
    DECLARE_HYPERCALL_BUFFER(xc_perfc_val_t, val);
    desc = xc_hypercall_buffer_alloc(xc(), desc, (size_t)nr_desc * sizeof(*desc));
    val = xc_hypercall_buffer_alloc(xc(), val, (size_t)nr_val * sizeof(*val));
    assert_works(xc_perfc_query(xc(), HYPERCALL_BUFFER(desc), HYPERCALL_BUFFER(val)));
    assert_true(desc[0].name[0] != '\0');
    assert_works(xc_perfc_reset(xc()));
    xc_hypercall_buffer_free(xc(), desc);
    xc_hypercall_buffer_free(xc(), val);
}

TEST(locks_are_watched_where_built_in)
{
    uint32_t count = 0;
    uint64_t time = 0;

    if (is_lacking("lockprof", xc_lockprof_query_number(xc(), &count))) {
        assert_true(is_lacking("lockprof-query", xc_lockprof_query(xc(), &count, &time, NULL)));
        assert_true(is_lacking("lockprof-reset", xc_lockprof_reset(xc())));
        return;
    }
    DECLARE_HYPERCALL_BUFFER(xc_lockprof_data_t, data);
    data = xc_hypercall_buffer_alloc(xc(), data, count * sizeof(*data));
    assert_works(xc_lockprof_query(xc(), &count, &time, HYPERCALL_BUFFER(data)));
    assert_true(data[0].name[0] != '\0' && time > 0);
    assert_works(xc_lockprof_reset(xc()));
    xc_hypercall_buffer_free(xc(), data);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(a_cpu_is_the_one_that_the_kernel_sees),
        ON_XEN(a_revision_of_microcode_belongs_to_its_cpu),
        ON_XEN(microcode_that_is_none_is_refused_by_xen),
        ON_XEN(a_clock_is_read_on_each_cpu),
        ON_XEN(a_register_that_is_not_for_us_is_refused),
        ON_XEN(machine_checks_know_the_cpus),
        ON_XEN(machine_checks_of_no_kind_are_refused_by_xen),
        ON_XEN(events_are_counted_where_built_in),
        ON_XEN(locks_are_watched_where_built_in),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
