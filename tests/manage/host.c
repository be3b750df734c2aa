/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A real host, its processors, its Xen, and what that prints. */
#include "handle.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CPUS = 64, TEXT = 1 << 20 };

static struct xenmanage_physinfo physinfo(void)
{
    struct xenmanage_physinfo info = {.size = sizeof(info)};

    assert_tells(xenmanage_physinfo_get(manage(), &info));
    return info;
}

TEST(the_host_is_what_libxenctrl_says)
{
    struct xenmanage_physinfo info = physinfo();
    xc_physinfo_t same;

    assert_works(xc_physinfo(xc(), &same));
    assert_int_equal(info.nr_cpus, same.nr_cpus);
    assert_int_equal(info.max_cpu_id, same.max_cpu_id);
    assert_int_equal(info.cpu_khz, same.cpu_khz);
    assert_int_equal(info.capabilities, same.capabilities & 0x3ff);
    assert_true(info.total_pages == same.total_pages);
    assert_true(info.max_mfn == same.max_mfn);
    assert_memory_equal(info.hw_cap, same.hw_cap, sizeof(info.hw_cap));
    assert_in_range(info.free_pages, 1, info.total_pages);
    assert_true(info.capabilities & XENMANAGE_PHYSINFO_PV);
    assert_int_equal((info.capabilities & XENMANAGE_PHYSINFO_GNTTAB_V1) != 0,
                     xen_is_at_least(4, 16));
}

/* ---- processors ---- */

static long idle(struct xenmanage_cpu *cpus)
{
    cpus->size = sizeof(*cpus);
    return assert_tells(xenmanage_cpu_list(manage(), cpus, CPUS));
}

static int64_t nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Under emulation a processor may have to wait for the host: the bounds are wide. */
TEST(processors_are_idle_for_some_of_the_time)
{
    static struct xenmanage_cpu before[CPUS], after[CPUS];
    const struct timespec second = {.tv_sec = 1};
    int64_t start = nanoseconds(), passed;
    uint64_t all = 0;
    long count = idle(before);

    assert_int_equal(count, physinfo().max_cpu_id + 1 < CPUS ? physinfo().max_cpu_id + 1 : CPUS);
    nanosleep(&second, NULL);
    assert_int_equal(idle(after), count);
    passed = nanoseconds() - start;
    for (long i = 0; i < count; i++) {
        uint64_t more = after[i].idle_time_ns - before[i].idle_time_ns;

        assert_in_range(more, 0, 2 * passed);
        all += more;
    }
    assert_true(all > 0);
}

TEST(less_room_than_processors_gets_the_first)
{
    struct xenmanage_cpu cpus[2] = {{.size = sizeof(cpus[0])}, {.size = 77}};

    assert_int_equal(xenmanage_cpu_list(manage(), cpus, 1), 1);
    assert_int_equal(cpus[1].size, 77);
}

/* ---- Xen ---- */

TEST(the_release_is_what_the_kernel_says)
{
    struct xenmanage_hypervisor xen = {.size = sizeof(xen)};
    FILE *extra = fopen("/sys/hypervisor/version/extra", "re");
    char text[32] = "";

    assert_tells(xenmanage_hypervisor_get(manage(), &xen));
    assert_int_equal(xen.major_version << 16 | xen.minor_version,
                     xc_version(xc(), XENVER_version, NULL));
    assert_non_null(extra);
    assert_non_null(fgets(text, sizeof(text), extra));
    fclose(extra);
    text[strcspn(text, "\n")] = '\0';
    assert_string_equal(xen.extra_version, text);
}

/* ---- the console ---- */

static char console_text[TEXT + 1];

static ssize_t read_console(unsigned flags, uint32_t *index)
{
    ssize_t count = assert_tells(
        xenmanage_console_read(manage(), console_text, TEXT, flags, index));

    console_text[count] = '\0';
    return count;
}

static bool help_was_printed(void *index)
{
    read_console(XENMANAGE_CONSOLE_CONTINUE, index);
    return strstr(console_text, "show this message");
}

TEST(the_console_is_followed)
{
    uint32_t index = 0;

    assert_true(read_console(0, &index) > 0);
    assert_int_equal(read_console(XENMANAGE_CONSOLE_CONTINUE, &index), 0);
    assert_works(xc_send_debug_keys(xc(), "h"));
    assert_true(becomes_true(help_was_printed, &index, 10));
}

TEST(pieces_make_the_whole)
{
    char pieces[400];
    uint32_t index = 0;

    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(xenmanage_console_read(manage(), pieces + 100 * i, 100,
                                                i ? XENMANAGE_CONSOLE_CONTINUE : 0, &index), 100);
    assert_int_not_equal(read_console(0, NULL), 400);
    assert_memory_equal(console_text, pieces, sizeof(pieces));
}

/* Whoever reads it next finds something again: the help. */
TEST(what_is_cleared_is_gone)
{
    uint32_t index = 0, end = 0;

    read_console(0, &end);
    assert_int_equal(xenmanage_console_read(manage(), console_text, 100, XENMANAGE_CONSOLE_CLEAR,
                                            NULL), 100);
    assert_int_equal(xenmanage_console_read(manage(), NULL, 0, 0, &index), 0);
    assert_true(end - index < TEXT);
    assert_tells(xenmanage_console_clear(manage()));
    assert_int_equal(read_console(0, &index), 0);
    assert_true(index - end < TEXT);
    assert_works(xc_send_debug_keys(xc(), "h"));
    assert_true(becomes_true(help_was_printed, &index, 10));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN_BY_MANAGE(the_host_is_what_libxenctrl_says),
        ON_XEN_BY_MANAGE(processors_are_idle_for_some_of_the_time),
        ON_XEN_BY_MANAGE(less_room_than_processors_gets_the_first),
        ON_XEN_BY_MANAGE(the_release_is_what_the_kernel_says),
        ON_XEN_BY_MANAGE(the_console_is_followed),
        ON_XEN_BY_MANAGE(pieces_make_the_whole),
        ON_XEN_BY_MANAGE(what_is_cleared_is_gone),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
