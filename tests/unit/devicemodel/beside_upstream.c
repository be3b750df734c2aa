/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What opening and an operation cost, counted by one and the same program with
 * our library and with upstream's, one after the other.
 */
#include "fake_dm_op.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct costs {
    unsigned open_calls, open_fds, operation_calls, operation_allocations;
    char library[4096];
};

#ifdef HEAP_IS_SANITIZED
static int count_costs(void)
{
    return 1;
}
static const unsigned allocations_are_counted = 0;
#else
static const unsigned allocations_are_counted = 1;
static unsigned allocations;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

static int count_costs(void)
{
    xendevicemodel_handle *dmod = fake_open();
    unsigned open_calls = fakexen_count_all(), open_fds = fakexen_open_fds(), before, after;
    Dl_info where;

    before = allocations;
    if (xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 4, 1))
        return 1;
    after = allocations;
    if (!dladdr((void *)(uintptr_t)xendevicemodel_open, &where))
        return 1;
    printf("%u %u %u %u %s\n", open_calls, open_fds, fakexen_count_all() - open_calls,
           after - before, where.dli_fname);
    return xendevicemodel_close(dmod);
}
#endif

/* Runs this program again, with the libraries of @folder before ours if not NULL. */
static bool costs_with(const char *folder, struct costs *costs)
{
    char command[8192], program[4096] = "";
    FILE *output;
    int fields;

    if (readlink("/proc/self/exe", program, sizeof(program) - 1) < 0)
        return false;
    snprintf(command, sizeof(command), "%s%s '%s' --count-costs",
             folder ? "LD_LIBRARY_PATH=" : "", folder ? folder : "", program);
    output = popen(command, "re");
    if (!output)
        return false;
    fields = fscanf(output, "%u %u %u %u %4095s", &costs->open_calls, &costs->open_fds,
                    &costs->operation_calls, &costs->operation_allocations, costs->library);
    return !pclose(output) && fields == 5;
}

static const char *upstreams_folder(void)
{
    static const char *const folders[] = {"/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"};
    char path[128];

    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        snprintf(path, sizeof(path), "%s/libxendevicemodel.so.1", folders[i]);
        if (!access(path, R_OK))
            return folders[i];
    }
    skip_because("upstream's library is not installed (apt-get install libxen-dev)");
}

TEST(ours_costs_less_than_upstreams)
{
    struct costs ours, upstreams;
    const char *folder;

    if (!allocations_are_counted)
        skip_because("the heap belongs to the sanitizer");
    folder = upstreams_folder();
    assert_true(costs_with(NULL, &ours));
    assert_true(costs_with(folder, &upstreams));
    assert_ptr_equal(strstr(upstreams.library, folder), upstreams.library);
    assert_null(strstr(ours.library, folder));
    printf("# open: %u calls, %u descriptors; an operation: %u call, %u allocations\n",
           ours.open_calls, ours.open_fds, ours.operation_calls, ours.operation_allocations);
    printf("# upstream's: %u, %u; %u, %u\n", upstreams.open_calls, upstreams.open_fds,
           upstreams.operation_calls, upstreams.operation_allocations);
    assert_true(ours.open_calls <= 3 && ours.open_calls < upstreams.open_calls);
    assert_true(ours.open_fds <= 2 && ours.open_fds < upstreams.open_fds);
    assert_int_equal(ours.operation_calls, 1);
    assert_int_equal(ours.operation_allocations, 0);
    assert_true(upstreams.operation_allocations > 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(ours_costs_less_than_upstreams),
    };

    if (argc == 2 && strcmp(argv[1], "--count-costs") == 0)
        return count_costs();
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
