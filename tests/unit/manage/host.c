/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host, its processors, its Xen and what that has printed, on every release. */
#include "fake_hypervisor.h"

#include "fakerelease.h"
#include "xentoolcore.h"

enum { READCONSOLE = 1, PHYSINFO = 3, GETCPUINFO = 8, CPUS = 5, RING = 40000 };

static unsigned running_minor;
static struct fakerelease *xen;

/* What Xen has printed: characters from oldest up to newest are still there. */
static char ring[RING];
static uint32_t oldest, newest;
static unsigned readings;

static struct fakefield field_of(const char *member, const char *name)
{
    return fakerelease_field(running_minor, "xen_sysctl", member, name);
}

static uint64_t get(const uint8_t *payload, const char *member, const char *name)
{
    return fakerelease_get(payload, field_of(member, name));
}

static void set(uint8_t *payload, const char *member, const char *name, uint64_t value)
{
    fakerelease_put(payload, field_of(member, name), value);
}

static int readconsole(uint8_t *payload)
{
    uint32_t index = (uint32_t)get(payload, "readconsole", "index"), from = oldest, count;
    char *to = (char *)(uintptr_t)get(payload, "readconsole", "buffer.p");

    readings++;
    if (get(payload, "readconsole", "incremental") && index > oldest && index <= newest)
        from = index;
    count = (uint32_t)get(payload, "readconsole", "count");
    count = count < newest - from ? count : newest - from;
    for (uint32_t i = 0; i < count; i++)
        to[i] = ring[(from + i) % RING];
    if (get(payload, "readconsole", "clear"))
        oldest = from + count;
    set(payload, "readconsole", "count", count);
    set(payload, "readconsole", "index", from + count);
    return 0;
}

static int getcpuinfo(uint8_t *payload)
{
    uint64_t *idle = (uint64_t *)(uintptr_t)get(payload, "getcpuinfo", "info.p");
    uint64_t max = get(payload, "getcpuinfo", "max_cpus"), count = max < CPUS ? max : CPUS;

    for (uint64_t i = 0; i < count; i++)
        idle[i] = (i + 1) * UINT64_C(10000000000);
    set(payload, "getcpuinfo", "nr_cpus", count);
    return 0;
}

static int answer(unsigned cmd, uint8_t *payload, void *user)
{
    (void)user;
    switch (cmd) {
    case READCONSOLE:
        return readconsole(payload);
    case PHYSINFO:
        fakerelease_fill(running_minor, "xen_sysctl", "physinfo", 1, payload);
        return 0;
    case GETCPUINFO:
        return getcpuinfo(payload);
    default:
        return -ENOSYS;
    }
}

static xenmanage_handle *open_on(unsigned minor)
{
    xenmanage_handle *hdl;

    running_minor = minor;
    xen = fakerelease_start(minor);
    xen->on_sysctl = answer;
    hdl = xenmanage_open(NULL, 0);
    assert_non_null(hdl);
    return hdl;
}

static void print(const char *text)
{
    for (; *text; text++)
        ring[newest++ % RING] = *text;
}

/* ---- the host ---- */

static uint64_t value(const char *name)
{
    struct fakefield field = field_of("physinfo", name);

    return field.size ? fakerelease_value(name, 1, field.size) : 0;
}

static void the_host_is_told(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    struct xenmanage_physinfo info = {.size = sizeof(info), .reserved = 1};

    errno = 77;
    assert_int_equal(xenmanage_physinfo_get(hdl, &info), 0);
    assert_int_equal(errno, 77);
    assert_int_equal(info.size, sizeof(info));
    assert_true(info.nr_cpus == value("nr_cpus"));
    assert_true(info.max_cpu_id == value("max_cpu_id"));
    assert_true(info.threads_per_core == value("threads_per_core"));
    assert_true(info.cores_per_socket == value("cores_per_socket"));
    assert_true(info.nr_nodes == value("nr_nodes"));
    assert_true(info.max_node_id == value("max_node_id"));
    assert_true(info.cpu_khz == value("cpu_khz"));
    assert_true(info.capabilities == (value("capabilities") & 0x3ff));
    assert_true(info.arch_capabilities == value("arch_capabilities"));
    assert_true(info.total_pages == value("total_pages"));
    assert_true(info.free_pages == value("free_pages"));
    assert_true(info.scrub_pages == value("scrub_pages"));
    assert_true(info.claimed_pages == value("outstanding_pages"));
    assert_true(info.max_mfn == value("max_mfn"));
    assert_int_equal(info.reserved, 0);
    xenmanage_close(hdl);
}

static void idle_times_are_told(unsigned minor)
{
    struct {
        struct xenmanage_cpu known;
        uint32_t later[4];
    } newer[2] = {{.known.size = sizeof(newer[0]), .later = {9, 9, 9, 9}}};
    xenmanage_handle *hdl = open_on(minor);
    struct xenmanage_cpu cpus[CPUS + 2] = {{.size = sizeof(cpus[0])}, [CPUS] = {.size = 77}};

    errno = 77;
    assert_int_equal(xenmanage_cpu_list(hdl, cpus, CPUS + 2), CPUS);
    assert_int_equal(errno, 77);
    for (unsigned i = 0; i < CPUS; i++) {
        assert_int_equal(cpus[i].size, sizeof(cpus[i]));
        assert_true(cpus[i].idle_time_ns == (i + 1) * UINT64_C(10000000000));
    }
    assert_int_equal(cpus[CPUS].size, 77);
    assert_int_equal(xenmanage_cpu_list(hdl, &newer[0].known, 2), 2);
    assert_true(newer[1].known.idle_time_ns == UINT64_C(20000000000));
    assert_true(newer[0].later[0] == 0 && newer[0].later[3] == 0);
    xenmanage_close(hdl);
}

static void the_release_is_told(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    struct xenmanage_hypervisor hypervisor = {.size = sizeof(hypervisor)};

    xen->extraversion = ".5-pre-of-much-more-than-this";
    assert_int_equal(xenmanage_hypervisor_get(hdl, &hypervisor), 0);
    assert_int_equal(hypervisor.major_version, 4);
    assert_int_equal(hypervisor.minor_version, minor);
    assert_string_equal(hypervisor.extra_version, ".5-pre-of-much-");
    assert_int_equal(xen->domctls + xen->sysctls, 0);
    xenmanage_close(hdl);
}

/* ---- the console ---- */

static void the_console_is_followed(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    uint32_t index = 77;
    char text[8];

    print("(XEN) hello\n");
    errno = 77;
    assert_int_equal(xenmanage_console_read(hdl, text, sizeof(text), 0, &index), 8);
    assert_int_equal(errno, 77);
    assert_memory_equal(text, "(XEN) he", 8);
    assert_int_equal(index, 8);
    assert_int_equal(xenmanage_console_read(hdl, text, sizeof(text), XENMANAGE_CONSOLE_CONTINUE,
                                            &index), 4);
    assert_memory_equal(text, "llo\n", 4);
    assert_int_equal(xenmanage_console_read(hdl, text, sizeof(text), XENMANAGE_CONSOLE_CONTINUE,
                                            &index), 0);
    assert_int_equal(index, 12);
    print("x");
    assert_int_equal(xenmanage_console_read(hdl, text, sizeof(text), XENMANAGE_CONSOLE_CONTINUE,
                                            &index), 1);
    assert_int_equal(xenmanage_console_read(hdl, text, sizeof(text), 0, NULL), 8);
    xenmanage_close(hdl);
}

static void what_is_cleared_is_read_once(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    char text[8];

    print("(XEN) hello\n");
    assert_int_equal(xenmanage_console_read(hdl, text, 8, XENMANAGE_CONSOLE_CLEAR, NULL), 8);
    assert_int_equal(xenmanage_console_read(hdl, text, 8, 0, NULL), 4);
    assert_memory_equal(text, "llo\n", 4);
    xenmanage_close(hdl);
}

static void everything_is_cleared(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    char text[8];

    newest = RING - 1;
    assert_int_equal(xenmanage_console_clear(hdl), 0);
    assert_int_equal(oldest, newest);
    assert_int_equal(readings, 3);
    assert_int_equal(xenmanage_console_read(hdl, text, 8, 0, NULL), 0);
    xenmanage_close(hdl);
}

/* As many characters as the header says. */
TEST(what_was_missed_can_be_computed)
{
    xenmanage_handle *hdl = open_on(17);
    uint32_t before, index;
    char text[10];
    ssize_t count;

    print("0123456789");
    assert_int_equal(xenmanage_console_read(hdl, text, 4, 0, &index), 4);
    oldest = 7; /* overwritten, as it were */
    before = index;
    count = xenmanage_console_read(hdl, text, sizeof(text), XENMANAGE_CONSOLE_CONTINUE, &index);
    assert_int_equal(count, 3);
    assert_memory_equal(text, "789", 3);
    assert_int_equal(index - before - (uint32_t)count, 3);
    xenmanage_close(hdl);
}

/* ---- errors ---- */

static unsigned failures(xenmanage_handle *hdl, int errnoval)
{
    struct xenmanage_physinfo info = {.size = sizeof(info), .nr_cpus = 7};
    struct xenmanage_cpu cpu = {.size = sizeof(cpu), .idle_time_ns = 7};
    char text[4] = "abc";
    uint32_t index = 7;

    assert_fails_with(xenmanage_physinfo_get(hdl, &info), -1, errnoval);
    assert_fails_with(xenmanage_cpu_list(hdl, &cpu, 1), -1, errnoval);
    assert_fails_with(xenmanage_console_read(hdl, text, 4, 0, &index), -1, errnoval);
    assert_fails_with(xenmanage_console_clear(hdl), -1, errnoval);
    assert_int_equal(info.nr_cpus, 7);
    assert_true(cpu.idle_time_ns == 7);
    assert_string_equal(text, "abc");
    return index;
}

static void refusals_stay_what_they_are(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    struct xenmanage_hypervisor hypervisor = {.size = sizeof(hypervisor)};

    xen->is_unprivileged = true;
    assert_int_equal(failures(hdl, EPERM), 7);
    assert_int_equal(xenmanage_hypervisor_get(hdl, &hypervisor), 0);
    xen->is_unprivileged = false;
    xen->is_policy_refusing = true;
    assert_int_equal(failures(hdl, EACCES), 7);
    xenmanage_close(hdl);
}

TEST(a_xen_of_the_future_is_ENOTSUP_but_its_name)
{
    xenmanage_handle *hdl = open_on(40);
    struct xenmanage_hypervisor hypervisor = {.size = sizeof(hypervisor)};

    xen->sysctl_number = xen->domctl_number = 0x99;
    assert_int_equal(failures(hdl, ENOTSUP), 7);
    assert_int_equal(xenmanage_hypervisor_get(hdl, &hypervisor), 0);
    assert_int_equal(hypervisor.minor_version, 40);
    xenmanage_close(hdl);
}

TEST(after_restrict_all_the_host_is_EPERM)
{
    xenmanage_handle *hdl = open_on(17);
    struct xenmanage_hypervisor hypervisor = {.size = sizeof(hypervisor)};

    assert_int_equal(xentoolcore_restrict_all(1), 0);
    assert_int_equal(failures(hdl, EPERM), 7);
    assert_fails_with(xenmanage_hypervisor_get(hdl, &hypervisor), -1, EPERM);
    xenmanage_close(hdl);
}

TEST(bad_arguments_are_EINVAL_and_ask_nothing)
{
    xenmanage_handle *hdl = open_on(17);
    struct xenmanage_physinfo info = {.size = sizeof(info)};
    struct xenmanage_cpu cpu = {.size = sizeof(cpu)};
    struct xenmanage_hypervisor hypervisor = {.size = sizeof(hypervisor)};
    char text[4];

    failures(NULL, EINVAL);
    assert_fails_with(xenmanage_hypervisor_get(NULL, &hypervisor), -1, EINVAL);
    assert_fails_with(xenmanage_physinfo_get(hdl, NULL), -1, EINVAL);
    assert_fails_with(xenmanage_cpu_list(hdl, NULL, 1), -1, EINVAL);
    assert_fails_with(xenmanage_cpu_list(hdl, &cpu, 0x80000000u), -1, EINVAL);
    assert_fails_with(xenmanage_hypervisor_get(hdl, NULL), -1, EINVAL);
    assert_fails_with(xenmanage_console_read(hdl, NULL, 4, 0, NULL), -1, EINVAL);
    assert_fails_with(xenmanage_console_read(hdl, text, 4, 4, NULL), -1, EINVAL);
    assert_fails_with(xenmanage_console_read(hdl, text, 4, XENMANAGE_CONSOLE_CONTINUE, NULL), -1,
                      EINVAL);
    info.size--;
    cpu.size--;
    hypervisor.size--;
    assert_fails_with(xenmanage_physinfo_get(hdl, &info), -1, EINVAL);
    assert_fails_with(xenmanage_cpu_list(hdl, &cpu, 1), -1, EINVAL);
    assert_fails_with(xenmanage_hypervisor_get(hdl, &hypervisor), -1, EINVAL);
    assert_int_equal(xenmanage_cpu_list(hdl, NULL, 0), 0);
    assert_int_equal(fakexen_count(FAKEXEN_IOCTL), 0);
    xenmanage_close(hdl);
}

/* The position without the text; then all that Xen could have kept. */
TEST(no_room_and_more_room_than_there_is)
{
    static char text[2 * RING];
    xenmanage_handle *hdl = open_on(17);
    uint32_t index = 7;

    print("hello");
    assert_int_equal(xenmanage_console_read(hdl, NULL, 0, 0, &index), 0);
    assert_int_equal(index, 0);
    assert_int_equal(xenmanage_console_read(hdl, text, sizeof(text), 0, &index), 5);
    assert_string_equal(text, "hello");
    xenmanage_close(hdl);
}

#define EACH_RELEASE(apply, check) EACH_OLDER_RELEASE(apply, check) EACH_NEWER_RELEASE(apply, check)

EACH_RELEASE(RELEASE_TEST, the_host_is_told)
EACH_RELEASE(RELEASE_TEST, idle_times_are_told)
EACH_RELEASE(RELEASE_TEST, the_release_is_told)
EACH_RELEASE(RELEASE_TEST, the_console_is_followed)
EACH_RELEASE(RELEASE_TEST, what_is_cleared_is_read_once)
EACH_RELEASE(RELEASE_TEST, everything_is_cleared)
EACH_RELEASE(RELEASE_TEST, refusals_stay_what_they_are)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        EACH_RELEASE(RELEASE_UNIT_TEST, the_host_is_told)
        EACH_RELEASE(RELEASE_UNIT_TEST, idle_times_are_told)
        EACH_RELEASE(RELEASE_UNIT_TEST, the_release_is_told)
        EACH_RELEASE(RELEASE_UNIT_TEST, the_console_is_followed)
        EACH_RELEASE(RELEASE_UNIT_TEST, what_is_cleared_is_read_once)
        EACH_RELEASE(RELEASE_UNIT_TEST, everything_is_cleared)
        EACH_RELEASE(RELEASE_UNIT_TEST, refusals_stay_what_they_are)
        cmocka_unit_test(what_was_missed_can_be_computed),
        cmocka_unit_test(a_xen_of_the_future_is_ENOTSUP_but_its_name),
        cmocka_unit_test(after_restrict_all_the_host_is_EPERM),
        cmocka_unit_test(bad_arguments_are_EINVAL_and_ask_nothing),
        cmocka_unit_test(no_room_and_more_room_than_there_is),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
