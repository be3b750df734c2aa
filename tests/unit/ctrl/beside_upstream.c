/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an interface costs, counted by one and the same program with our
 * libxenctrl.so.4.17 and with upstream's, one after the other.
 */
#define __XEN_TOOLS__ 1
#include "harness.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fakexen.h"
#include "uapi_privcmd.h"
#include "xenctrl/handle.h"

struct costs {
    unsigned open_calls, open_fds, close_calls;
    char library[4096];
};

/* Linux, as far as both libraries ask it when they open it. */
static int succeed(int fd, void *argument, void *user)
{
    (void)fd;
    (void)argument;
    (void)user;
    return 0;
}

static int count_costs(void)
{
    Dl_info where;

    fakexen_add_device("/dev/xen/privcmd");
    fakexen_add_device("/dev/xen/hypercall");
    fakexen_on_ioctl(UAPI_PRIVCMD_DM_OP, succeed, NULL);
    xc_interface *xch = xc_interface_open(NULL, NULL, 0);
    if (!xch || !dladdr((void *)(uintptr_t)xc_interface_open, &where))
        return 1;
    unsigned calls = fakexen_count_all(), fds = fakexen_open_fds();
    xc_interface_close(xch);
    printf("%u %u %u %s\n", calls, fds, fakexen_count_all() - calls, where.dli_fname);
    return fakexen_open_fds() != 0;
}

/* Runs this program again, with the libraries of @folder before ours if not NULL. */
static void costs_with(const char *folder, struct costs *costs)
{
    char command[8192], program[4096] = "";

    assert_true(readlink("/proc/self/exe", program, sizeof(program) - 1) > 0);
    snprintf(command, sizeof(command), "%s%s '%s' --count-costs",
             folder ? "LD_LIBRARY_PATH=" : "", folder ? folder : "", program);
    FILE *output = popen(command, "re");
    assert_non_null(output);
    int fields = fscanf(output, "%u %u %u %4095s", &costs->open_calls, &costs->open_fds,
                        &costs->close_calls, costs->library);
    assert_int_equal(pclose(output), 0);
    assert_int_equal(fields, 4);
}

static const char upstreams_folder[] = "/usr/lib/x86_64-linux-gnu";

TEST(ours_costs_two_calls_and_two_descriptors)
{
    struct costs ours, upstreams;

    costs_with(NULL, &ours);
    assert_null(strstr(ours.library, upstreams_folder));
    printf("# open: %u calls, %u descriptors; close: %u calls\n", ours.open_calls,
           ours.open_fds, ours.close_calls);
    assert_int_equal(ours.open_calls, 2);
    assert_int_equal(ours.open_fds, 2);
    assert_int_equal(ours.close_calls, 2);
    if (access("/usr/lib/x86_64-linux-gnu/libxenctrl.so.4.17", R_OK))
        skip_because("upstream's library is not installed (apt-get install libxen-dev)");
    costs_with(upstreams_folder, &upstreams);
    assert_ptr_equal(strstr(upstreams.library, upstreams_folder), upstreams.library);
    printf("# upstream's: %u, %u; %u\n", upstreams.open_calls, upstreams.open_fds,
           upstreams.close_calls);
    assert_true(upstreams.open_calls > ours.open_calls);
    assert_true(upstreams.open_fds > ours.open_fds);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(ours_costs_two_calls_and_two_descriptors),
    };

    if (argc == 2 && strcmp(argv[1], "--count-costs") == 0)
        return count_costs();
    return test_main(argc, argv, tests, 1);
}
