/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The numbers that are written down here are those of hvabi's table, by name. */
#include "harness.h"

#include <ctype.h>
#include <string.h>

#include "operation_names.h"
#include "operations.h"

static void assert_same_name(const struct hvabi_operation *operation, const char *name)
{
    if (!operation)
        fail_msg("%s has a number that no operation has", name);
    for (size_t i = 0; name[i] || operation->name[i]; i++)
        if (tolower((unsigned char)name[i]) != operation->name[i])
            fail_msg("%s has the number of %s", name, operation->name);
}

TEST(each_number_has_its_name)
{
    for (unsigned i = 0; ctrl_domctl_names[i].name; i++)
        assert_same_name(xenhvabi_find_domctl(ctrl_domctl_names[i].cmd),
                         ctrl_domctl_names[i].name);
    for (unsigned i = 0; ctrl_sysctl_names[i].name; i++)
        assert_same_name(xenhvabi_find_sysctl(ctrl_sysctl_names[i].cmd),
                         ctrl_sysctl_names[i].name);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_has_its_name),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
