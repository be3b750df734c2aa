/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* physinfo's two layouts. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "physinfo.h"
#include "recorder.h"

enum { PHYSINFO = 3 };

static unsigned xen_minor;

static int answer(const struct record *record, uint16_t *domid, uint8_t *payload)
{
    (void)domid;
    assert_int_equal(record->cmd, PHYSINFO);
    fakerelease_fill(xen_minor, "xen_sysctl", "physinfo", 0, payload);
    for (uint8_t i = 0; i < 32; i++)
        payload[fakerelease_field(xen_minor, "xen_sysctl", "physinfo", "hw_cap").offset + i] = i;
    return 0;
}

static struct fixture *start_host(unsigned minor)
{
    xen_minor = minor;
    return start_recording(minor, answer);
}

#define ASSERT_FIELD(info, member) \
    do { \
        struct fakefield field = \
            fakerelease_field(xen_minor, "xen_sysctl", "physinfo", #member); \
        uint64_t expected = field.size ? fakerelease_value(#member, 0, field.size) : 0; \
        assert_int_equal((info).member, expected); \
    } while (0)

TEST(physinfo_is_read_from_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_host(minor);
        struct hvabi_physinfo info;

        memset(&info, 0xff, sizeof(info));
        assert_int_equal(xenhvabi_physinfo(&fixture->abi, &info), 0);
        assert_recorded(0, SYSCTL, PHYSINFO, 0, 0);
        ASSERT_FIELD(info, threads_per_core);
        ASSERT_FIELD(info, cores_per_socket);
        ASSERT_FIELD(info, nr_cpus);
        ASSERT_FIELD(info, max_cpu_id);
        ASSERT_FIELD(info, nr_nodes);
        ASSERT_FIELD(info, max_node_id);
        ASSERT_FIELD(info, cpu_khz);
        ASSERT_FIELD(info, capabilities);
        ASSERT_FIELD(info, arch_capabilities);
        ASSERT_FIELD(info, total_pages);
        ASSERT_FIELD(info, free_pages);
        ASSERT_FIELD(info, scrub_pages);
        ASSERT_FIELD(info, outstanding_pages);
        ASSERT_FIELD(info, max_mfn);
        for (unsigned i = 0; i < sizeof(info.hw_cap); i++)
            assert_int_equal(((uint8_t *)info.hw_cap)[i], i);
        stop(fixture);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(physinfo_is_read_from_every_release),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
