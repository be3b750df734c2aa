/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Xen's trace buffers, and the tracing of vCPUs by the processor. */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "own_domain.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xen/trace.h>

/* The buffers are made once for good: their size counts then no more. */
static void start_tracing(unsigned long *mfn, unsigned long *size)
{
    unsigned long pages = 0;

    if (xc_tbuf_set_size(xc(), 2))
        assert_true(errno == EINVAL || errno == EBUSY);
    assert_works(xc_tbuf_enable(xc(), 2, mfn, size));
    assert_works(xc_tbuf_get_size(xc(), &pages));
    assert_true(pages > 0);
    observe("trace/pages-of-a-buffer", "%lu", pages);
}

/* The buffer of CPU 0. */
static struct t_buf *map_first_buffer(unsigned long mfn, unsigned long size)
{
    const struct t_info *info = xc_map_foreign_range(xc(), DOMID_XEN, (int)size, PROT_READ, mfn);
    uint32_t first;

    assert_non_null(info);
    memcpy(&first, (const uint32_t *)(const void *)info + info->mfn_offset[0], sizeof(first));
    struct t_buf *buffer = xc_map_foreign_range(xc(), DOMID_XEN, XC_PAGE_SIZE,
                                                PROT_READ | PROT_WRITE, first);
    assert_non_null(buffer);
    munmap((void *)(uintptr_t)info, size);
    return buffer;
}

static struct t_buf *watched;

/* Each call is a hypercall, which is traced itself. */
static bool has_moved(void *from)
{
    (void)xc_version(xc(), XENVER_version, NULL);
    return ((volatile struct t_buf *)watched)->prod != *(const uint32_t *)from;
}

TEST(events_of_the_wanted_kinds_are_traced)
{
    unsigned long mfn = 0, size = 0;
    xc_cpumap_t all = xc_cpumap_alloc(xc());

    assert_non_null(all);
    memset(all, 0xff, (size_t)assert_works(xc_get_cpumap_size(xc())));
    start_tracing(&mfn, &size);
    assert_works(xc_tbuf_set_cpu_mask(xc(), all));
    watched = map_first_buffer(mfn, size);

    assert_works(xc_tbuf_disable(xc()));
    watched->cons = watched->prod;
    uint32_t before = watched->prod;
    assert_false(becomes_true(has_moved, &before, 1));

    assert_works(xc_tbuf_set_evt_mask(xc(), TRC_ALL));
    assert_works(xc_tbuf_enable(xc(), 2, &mfn, &size));
    assert_true(becomes_true(has_moved, &before, 10));
    assert_works(xc_tbuf_disable(xc()));
    munmap(watched, XC_PAGE_SIZE);
    free(all);
}

/* ---- by the processor ---- */

static bool is_untraceable(int error)
{
    return error == ENOTSUP || error == ENOSYS || error == EINVAL || error == ENODEV;
}

static bool a_domain_can_be_traced(void)
{
    struct xen_domctl_createdomain config = own_config();
    uint32_t domid = 0;

    config.vmtrace_size = 64 << 10;
    if (xc_domain_create(xc(), &domid, &config)) {
        assert_true(is_untraceable(errno));
        observe("vmtrace/create", "%s", strerror(errno));
        return false;
    }
    assert_works(xc_domain_destroy(xc(), domid));
    return true;
}

#define assert_untraced(call) \
    do { \
        assert_int_equal(call, -1); \
        assert_true(is_untraceable(errno)); \
        observe("vmtrace/untraced", "%s", strerror(errno)); \
    } while (0)

TEST(a_vcpu_without_a_trace_buffer_is_not_traced)
{
    uint32_t domid = guest("pvh");
    uint64_t value = 7;

    if (a_domain_can_be_traced())
        observe("vmtrace/create", "works");
    assert_untraced(xc_vmtrace_enable(xc(), domid, 0));
    assert_untraced(xc_vmtrace_disable(xc(), domid, 0));
    assert_untraced(xc_vmtrace_reset_and_enable(xc(), domid, 0));
    assert_untraced(xc_vmtrace_output_position(xc(), domid, 0, &value));
    assert_untraced(xc_vmtrace_get_option(xc(), domid, 0, 0x570, &value));
    assert_untraced(xc_vmtrace_set_option(xc(), domid, 0, 0x570, 0));
    assert_true(value == 7);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(events_of_the_wanted_kinds_are_traced),
        ON_XEN(a_vcpu_without_a_trace_buffer_is_not_traced),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
