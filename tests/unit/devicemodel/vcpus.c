/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many virtual CPUs a domain has, on releases that do not tell a device model. */
#include "passthrough_fixture.h"

enum { GETDOMAININFO = 5, LAST = 6 };

static int toolstack_result; /* what getdomaininfo gives */

/* No DM_OP tells; what toolstacks ask does. */
static int as_before_4_15(struct sent *request, uint8_t *payload)
{
    if (!request->unit)
        return request->op == __HYPERVISOR_dm_op ? -EOPNOTSUPP : -ENOSYS;
    assert_int_equal(request->op, GETDOMAININFO);
    if (toolstack_result)
        return toolstack_result;
    set_field(running_minor, "xen_domctl", "getdomaininfo", "domain", payload, DOM);
    set_field(running_minor, "xen_domctl", "getdomaininfo", "max_vcpu_id", payload, LAST);
    return 0;
}

static xendevicemodel_handle *start_without_the_operation(int result)
{
    xendevicemodel_handle *dmod = start(14);

    toolstack_result = result;
    answer_with(as_before_4_15);
    return dmod;
}

TEST(where_device_models_are_not_told_toolstacks_are)
{
    xendevicemodel_handle *dmod = start_without_the_operation(0);
    unsigned int vcpus = 0;

    assert_done(xendevicemodel_nr_vcpus(dmod, DOM, &vcpus));
    assert_int_equal(vcpus, LAST + 1);
    assert_int_equal(sent.domid, DOM);
    stop(dmod);
}

static void assert_fails(int result, int reason)
{
    xendevicemodel_handle *dmod = start_without_the_operation(result);
    unsigned int vcpus = 77;

    assert_fails_with(xendevicemodel_nr_vcpus(dmod, DOM, &vcpus), -1, reason);
    assert_int_equal(vcpus, 77);
    stop(dmod);
}

TEST(who_is_no_toolstack_is_told_that_xen_has_no_such_operation)
{
    assert_fails(-EPERM, EOPNOTSUPP);
    assert_fails(-EACCES, EOPNOTSUPP);
}

TEST(a_domain_that_is_gone_is_ESRCH)
{
    assert_fails(-ESRCH, ESRCH);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_device_models_are_not_told_toolstacks_are),
        cmocka_unit_test(who_is_no_toolstack_is_told_that_xen_has_no_such_operation),
        cmocka_unit_test(a_domain_that_is_gone_is_ESRCH),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
