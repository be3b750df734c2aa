/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What xenmanage_has_feature() says on each release, whatever Xen was built with, is
 * what the libraries then do.
 */
#include "feature_calls.h" /* before <xen/xen.h> */

#include "fake_hypervisor.h"
#include "fakerelease.h"
#include "hvabi.h"
#include "uapi_evtchn.h"
#include "uapi_gntdev.h"
#include "xentoolcore.h"

enum {
    GUEST = 5,
    CREATEDOMAIN = 1,
    ASSIGN_DEVICE = 37,
    TEST_ASSIGN_DEVICE = 45,
    SET_LLC_COLORS = 89,
    PHYSINFO = 3,
    DM_OP = 41,
    DMOP_SET_IRQ_LEVEL = 19, /* Arm's; the other one that is made came in 4.15 */
};

static unsigned running_minor;
static struct fakerelease *xen;
static bool has_nothing; /* it was built without all that can be left out */

/* ---- Xen ---- */

static int answer_domctl(unsigned cmd, uint16_t *domid, uint8_t *payload, void *user)
{
    (void)domid;
    (void)payload;
    (void)user;
    switch (cmd) {
    case CREATEDOMAIN:
        return has_nothing ? -EINVAL : 0;
    case ASSIGN_DEVICE:
    case TEST_ASSIGN_DEVICE:
        return has_nothing ? -EOPNOTSUPP : 0;
    case SET_LLC_COLORS:
        return -EOPNOTSUPP; /* on x86 */
    default:
        return 0;
    }
}

/* Those that the release knows. */
static uint32_t all_capabilities(void)
{
    return running_minor == 14 ? 0x3f : running_minor == 15 ? 0x7f : 0x3ff;
}

static int answer_sysctl(unsigned cmd, uint8_t *payload, void *user)
{
    (void)user;
    if (cmd != PHYSINFO)
        return has_nothing ? -ENOSYS : 0;
    fakerelease_put(payload, fakerelease_field(running_minor, "xen_sysctl", "physinfo",
                                               "capabilities"),
                    has_nothing ? 0 : all_capabilities());
    return 0;
}

static int answer_dm_op(uint32_t op)
{
    return op == DMOP_SET_IRQ_LEVEL || running_minor < 15 ? -EOPNOTSUPP : 0;
}

static int dm_op_by_hypercall(const uint64_t *arguments)
{
    struct {
        uint64_t address, size;
    } buffer;
    uint32_t op;

    memcpy(&buffer, (const void *)(uintptr_t)arguments[2], sizeof(buffer));
    memcpy(&op, (const void *)(uintptr_t)buffer.address, sizeof(op));
    return answer_dm_op(op);
}

static int dm_op_by_ioctl(int fd, void *argument, void *user)
{
    const struct uapi_privcmd_dm_op *request = argument;
    uint32_t op;

    (void)fd;
    (void)user;
    if (!request->num)
        return 0;
    memcpy(&op, request->ubufs[0].uptr, sizeof(op));
    errno = -answer_dm_op(op);
    return errno ? -1 : 0;
}

static int accept_restriction(int fd, void *domid, void *user)
{
    (void)fd;
    (void)domid;
    (void)user;
    return 0;
}

static int answer_hypercall(unsigned op, const uint64_t *arguments, void *user)
{
    (void)user;
    switch (op) {
    case DM_OP:
        return dm_op_by_hypercall(arguments);
    case __HYPERVISOR_hvm_op:
        return has_nothing ? -EOPNOTSUPP : 0;
    case __HYPERVISOR_memory_op:
    case __HYPERVISOR_kexec_op:
    case __HYPERVISOR_xsm_op:
    case __HYPERVISOR_hypfs_op:
        return has_nothing ? -ENOSYS : 0;
    default:
        return 0;
    }
}

static xenmanage_handle *open_on(unsigned minor)
{
    xenmanage_handle *hdl;

    running_minor = minor;
    xen = fakerelease_start(minor);
    xen->on_domctl = answer_domctl;
    xen->on_sysctl = answer_sysctl;
    xen->on_hypercall = answer_hypercall;
    fakexen_add_device("/dev/xen/evtchn");
    fakexen_add_device("/dev/xen/gntdev");
    fakexen_on_ioctl(UAPI_PRIVCMD_DM_OP, dm_op_by_ioctl, NULL);
    fakexen_on_ioctl(UAPI_PRIVCMD_RESTRICT, accept_restriction, NULL);
    hdl = xenmanage_open(NULL, 0);
    assert_non_null(hdl);
    return hdl;
}

/* ---- agreement ---- */

static unsigned lines;

static void count_line(xentoollog_logger *logger, xentoollog_level level, int errnoval,
                       const char *context, const char *format, va_list al)
{
    (void)logger;
    (void)level;
    (void)errnoval;
    (void)context;
    (void)format;
    (void)al;
    lines++;
}

static void forget(xentoollog_logger *logger)
{
    (void)logger;
}

static xentoollog_logger logger = {count_line, NULL, forget};

static void assert_agrees(const struct feature_call *row, int there, xc_interface *xch)
{
    long result = row->use ? row->use(xch, GUEST) : 0;
    int reason = result < 0 ? errno : 0;
    bool is_wrong = row->use && (there ? feature_must_be_absent_by(reason)
                                       : !feature_may_be_absent_by(reason));

    if (is_wrong)
        fail_msg("4.%u: %s is said to be %s, but its function says %s", running_minor, row->name,
                 there ? "there" : "missing", strerror(reason));
    if (row->since_minor && there != (running_minor >= row->since_minor))
        fail_msg("4.%u: %s came in 4.%u", running_minor, row->name, row->since_minor);
}

static void what_is_said_is_what_is_done(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    xc_interface *xch = xc_interface_open(&logger, &logger, 0);
    unsigned there = 0;

    assert_non_null(xch);
    for (unsigned i = 0; i < nr_feature_calls; i++) {
        int answer;

        errno = 77;
        answer = xenmanage_has_feature(hdl, feature_calls[i].feature);
        assert_in_range(answer, 0, 1);
        assert_int_equal(errno, 77);
        assert_agrees(&feature_calls[i], answer, xch);
        there += (unsigned)answer;
    }
    if (!has_nothing)
        assert_true(there > 20);
    xc_interface_close(xch);
    xenmanage_close(hdl);
}

static void so_it_is_of_a_xen_built_without_anything(unsigned minor)
{
    has_nothing = true;
    what_is_said_is_what_is_done(minor);
}

/* Functions say why they fail; a question is not a failure. */
static void questions_are_not_logged(unsigned minor)
{
    xenmanage_handle *hdl;

    xenmanage_close(open_on(minor));
    hdl = xenmanage_open(&logger, 0);
    for (unsigned i = 0; i < nr_feature_calls; i++)
        assert_in_range(xenmanage_has_feature(hdl, feature_calls[i].feature), 0, 1);
    assert_int_equal(lines, 0);
    xenmanage_close(hdl);
}

#define EACH_RELEASE(apply, check) EACH_OLDER_RELEASE(apply, check) EACH_NEWER_RELEASE(apply, check)

EACH_RELEASE(RELEASE_TEST, what_is_said_is_what_is_done)
EACH_RELEASE(RELEASE_TEST, so_it_is_of_a_xen_built_without_anything)
EACH_RELEASE(RELEASE_TEST, questions_are_not_logged)

/* Of these nothing is known but what is promised to stay. */
static void features_of_a_strange_xen(unsigned minor)
{
    static const enum xenmanage_feature unknown[] = {
        XENMANAGE_FEATURE_PV,          XENMANAGE_FEATURE_HVM_WITHOUT_PIRQ,
        XENMANAGE_FEATURE_MSR_RELAXED, XENMANAGE_FEATURE_GSI_PERMISSION,
        XENMANAGE_FEATURE_MONITOR_IO,  XENMANAGE_FEATURE_LIVEPATCH,
    };
    xenmanage_handle *hdl = open_on(minor);

    xen->domctl_number = xen->sysctl_number = 0x99;
    for (size_t i = 0; i < COUNT_OF(unknown); i++)
        assert_int_equal(xenmanage_has_feature(hdl, unknown[i]), 0);
    assert_int_equal(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_DOMAIN_STATES), minor >= 21);
    assert_int_equal(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_KEXEC), minor >= 14);
    xenmanage_close(hdl);
}

RELEASE_TEST(features_of_a_strange_xen, 13)
RELEASE_TEST(features_of_a_strange_xen, 40)

/* ---- completeness ---- */

/* @feature is 0 where nothing fails: why, says the comment. */
static const struct {
    const char *operation;
    enum xenmanage_feature feature;
} not_on_all_releases[] = {
    {"disable_migrate", 0},         /* no function of libxenctrl.so.1 makes it */
    {"get_cpu_levelling_caps", 0},  /* the same */
    {"get_paging_mempool_size", 0}, /* on older releases the functions have another way */
    {"set_paging_mempool_size", 0},
    {"vmtrace_op", XENMANAGE_FEATURE_VMTRACE},
    {"gsi_permission", XENMANAGE_FEATURE_GSI_PERMISSION},
    {"set_llc_colors", XENMANAGE_FEATURE_LLC_COLORING},
    {"get_domain_state", XENMANAGE_FEATURE_DOMAIN_STATES},
    {"XENPF_get_ucode_revision", XENMANAGE_FEATURE_UCODE_REVISION},
    {"XENPF_microcode_update2", XENMANAGE_FEATURE_MICROCODE_FORCE},
    {"XEN_DMOP_set_irq_level", XENMANAGE_FEATURE_DEVICEMODEL_IRQ_LEVEL},
    {"XEN_DMOP_nr_vcpus", XENMANAGE_FEATURE_DEVICEMODEL_NR_VCPUS},
};
static unsigned rows_seen;

static void see(const struct hvabi_operation *row)
{
    if (row->first == HVABI_OLDEST && row->last == HVABI_NEWEST)
        return;
    rows_seen++;
    for (size_t i = 0; i < COUNT_OF(not_on_all_releases); i++)
        if (strcmp(not_on_all_releases[i].operation, row->name) == 0)
            return;
    fail_msg("%s is not on all releases: make it a feature, or say why not", row->name);
}

TEST(every_operation_that_comes_or_goes_is_a_feature)
{
    for (unsigned i = 0; xenhvabi_domctl_at(i); i++)
        see(xenhvabi_domctl_at(i));
    for (unsigned i = 0; xenhvabi_sysctl_at(i); i++)
        see(xenhvabi_sysctl_at(i));
    for (unsigned i = 0; i < HVABI_NR_OTHERS; i++)
        see(xenhvabi_other(i));
    assert_int_equal(rows_seen, COUNT_OF(not_on_all_releases));
}

TEST(every_feature_has_a_call_that_needs_it)
{
    xenmanage_handle *hdl = open_on(17);

    for (unsigned i = 0; i < nr_feature_calls; i++)
        assert_int_equal(feature_calls[i].feature, i + 1);
    assert_fails_with(
        xenmanage_has_feature(hdl, (enum xenmanage_feature)(nr_feature_calls + 1)), -1, EINVAL);
    xenmanage_close(hdl);
}

/* ---- what is asked, and how often ---- */

static unsigned probe_op, probe_cmd, probes;
static uint8_t probed[128];

static int note_sysctl(unsigned cmd, uint8_t *payload, void *user)
{
    (void)user;
    if (cmd > 1000)
        return -ENOSYS;
    probes++;
    probe_op = __HYPERVISOR_sysctl;
    probe_cmd = cmd;
    memcpy(probed, payload, sizeof(probed));
    return 0;
}

static int note_hypercall(unsigned op, const uint64_t *arguments, void *user)
{
    uint64_t address = op == __HYPERVISOR_xsm_op ? arguments[0] : arguments[1];

    (void)user;
    probes++;
    probe_op = op;
    probe_cmd = op == __HYPERVISOR_xsm_op ? 0 : (unsigned)arguments[0];
    memset(probed, 0, sizeof(probed));
    if (address)
        memcpy(probed, (const void *)(uintptr_t)address,
               op == __HYPERVISOR_kexec_op ? 1 : op == __HYPERVISOR_xsm_op ? 40 : 128);
    return 0;
}

/* No byte but these is anything else than 0: so nothing is changed, and no domain named. */
static void probes_are_harmless(unsigned minor)
{
    static const struct {
        enum xenmanage_feature feature;
        unsigned op, cmd;
        uint8_t first, at, second_low, second_high;
    } rows[] = {
        {XENMANAGE_FEATURE_TRACE_BUFFERS, __HYPERVISOR_sysctl, 2, 0, 0, 0, 0},
        {XENMANAGE_FEATURE_PERF_COUNTERS, __HYPERVISOR_sysctl, 5, 2, 0, 0, 0},
        {XENMANAGE_FEATURE_LOCK_PROFILE, __HYPERVISOR_sysctl, 15, 2, 0, 0, 0},
        {XENMANAGE_FEATURE_CPUIDLE, __HYPERVISOR_sysctl, 12, 0x22, 0, 0, 0},
        {XENMANAGE_FEATURE_CPUFREQ, __HYPERVISOR_sysctl, 12, 0x11, 0, 0, 0},
        {XENMANAGE_FEATURE_PM_STATISTICS, __HYPERVISOR_sysctl, 10, 0x21, 0, 0, 0},
        {XENMANAGE_FEATURE_CACHE_MONITORING, __HYPERVISOR_sysctl, 21, 3, 0, 0, 0},
        {XENMANAGE_FEATURE_CACHE_SHARES_L3, __HYPERVISOR_sysctl, 23, 0, 0, 0, 0},
        {XENMANAGE_FEATURE_CACHE_SHARES_L2, __HYPERVISOR_sysctl, 23, 1, 0, 0, 0},
        {XENMANAGE_FEATURE_MEMORY_BANDWIDTH_SHARES, __HYPERVISOR_sysctl, 23, 2, 0, 0, 0},
        {XENMANAGE_FEATURE_LIVEPATCH, __HYPERVISOR_sysctl, 27, 2, 0, 0, 0},
        {XENMANAGE_FEATURE_ALTP2M, __HYPERVISOR_hvm_op, 25, 0, 0, 0, 0},
        {XENMANAGE_FEATURE_MEM_PAGING, __HYPERVISOR_memory_op, 20, 0, 2, 0xf4, 0x7f},
        {XENMANAGE_FEATURE_MEM_ACCESS, __HYPERVISOR_memory_op, 21, 0, 2, 0xf4, 0x7f},
        {XENMANAGE_FEATURE_MEM_SHARING, __HYPERVISOR_memory_op, 22, 0, 2, 0xf4, 0x7f},
        {XENMANAGE_FEATURE_KEXEC, __HYPERVISOR_kexec_op, 6, 1, 0, 0, 0},
        {XENMANAGE_FEATURE_FLASK, __HYPERVISOR_xsm_op, 0, 2, 4, 1, 0},
        {XENMANAGE_FEATURE_HYPFS, __HYPERVISOR_hypfs_op, 0, 0, 0, 0, 0},
    };
    xenmanage_handle *hdl = open_on(minor);

    xen->on_sysctl = note_sysctl;
    xen->on_hypercall = note_hypercall;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t wanted[128] = {rows[i].first};

        wanted[rows[i].at] |= rows[i].second_low;
        wanted[rows[i].at + 1] |= rows[i].second_high;
        probes = 0;
        assert_int_equal(xenmanage_has_feature(hdl, rows[i].feature), 1);
        assert_int_equal(probes, 1);
        assert_int_equal(probe_op, rows[i].op);
        assert_int_equal(probe_cmd, rows[i].cmd);
        assert_memory_equal(probed, wanted, sizeof(wanted));
    }
    xenmanage_close(hdl);
}

EACH_RELEASE(RELEASE_TEST, probes_are_harmless)

TEST(a_yes_is_remembered_and_a_no_is_asked_again)
{
    xenmanage_handle *hdl = open_on(17);
    unsigned before;

    has_nothing = true;
    assert_int_equal(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_CPUIDLE), 0);
    has_nothing = false; /* its driver was loaded */
    assert_int_equal(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_CPUIDLE), 1);
    before = fakexen_count_all();
    assert_int_equal(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_CPUIDLE), 1);
    assert_int_equal(fakexen_count_all(), before);
    xenmanage_close(hdl);
}

/* ---- the kernel ---- */

static const struct {
    enum xenmanage_feature feature;
    unsigned long request;
} of_the_kernel[] = {
    {XENMANAGE_FEATURE_PCIDEV_GSI, UAPI_PRIVCMD_PCIDEV_GET_GSI},
    {XENMANAGE_FEATURE_DEVICEMODEL_IRQFD, UAPI_PRIVCMD_IRQFD},
    {XENMANAGE_FEATURE_DEVICEMODEL_IOEVENTFD, UAPI_PRIVCMD_IOEVENTFD},
    {XENMANAGE_FEATURE_EVTCHN_BIND_STATIC, UAPI_EVTCHN_BIND_STATIC},
    {XENMANAGE_FEATURE_GNTTAB_DMABUF, UAPI_GNTDEV_DMABUF_IMP_RELEASE},
};
static int kernel_errno;

/* Whatever it is, it names nothing that there is, and undoes rather than does. */
static int answer_ioctl(int fd, void *argument, void *user)
{
    const struct uapi_privcmd_irqfd *irqfd = argument;
    const struct uapi_privcmd_ioeventfd *ioeventfd = argument;
    unsigned long request = *(const unsigned long *)user;

    (void)fd;
    if (request == UAPI_PRIVCMD_IRQFD)
        assert_true(irqfd->fd == UINT32_MAX && irqfd->flags == UAPI_PRIVCMD_IRQFD_DEASSIGN);
    else if (request == UAPI_PRIVCMD_IOEVENTFD)
        assert_true(ioeventfd->event_fd == UINT32_MAX &&
                    ioeventfd->flags == UAPI_PRIVCMD_IOEVENTFD_DEASSIGN);
    else
        assert_true(*(const uint32_t *)argument == UINT32_MAX);
    errno = kernel_errno;
    return -1;
}

static void kernel_answers(int errnoval, int there)
{
    xenmanage_handle *hdl = open_on(17);

    kernel_errno = errnoval;
    for (size_t i = 0; i < COUNT_OF(of_the_kernel); i++) {
        fakexen_on_ioctl(of_the_kernel[i].request, answer_ioctl,
                         (void *)(uintptr_t)&of_the_kernel[i].request);
        assert_int_equal(xenmanage_has_feature(hdl, of_the_kernel[i].feature), there);
    }
    xenmanage_close(hdl);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(what_the_kernel_refuses_it_knows)
{
    kernel_answers(EBADF, 1);
    kernel_answers(ENODEV, 1);
    kernel_answers(EINVAL, 1);
}

TEST(what_the_kernel_has_no_number_for_it_does_not_know)
{
    kernel_answers(ENOTTY, 0);
    kernel_answers(EOPNOTSUPP, 0);
}

TEST(a_device_that_is_not_there_has_no_features)
{
    xenmanage_handle *hdl = open_on(17);

    fakexen_fail_open("/dev/xen/gntdev", ENOENT);
    assert_int_equal(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_GNTTAB_DMABUF), 0);
    fakexen_fail_open("/dev/xen/gntdev", EACCES);
    assert_fails_with(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_GNTTAB_DMABUF), -1, EACCES);
    xenmanage_close(hdl);
}

/* ---- errors ---- */

TEST(a_missing_right_is_no_answer)
{
    static const enum xenmanage_feature asked[] = {XENMANAGE_FEATURE_PV,
                                                   XENMANAGE_FEATURE_LIVEPATCH};
    xenmanage_handle *hdl = open_on(17);

    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        xen->is_unprivileged = true;
        assert_fails_with(xenmanage_has_feature(hdl, asked[i]), -1, EPERM);
        xen->is_unprivileged = false;
        xen->is_policy_refusing = true;
        assert_fails_with(xenmanage_has_feature(hdl, asked[i]), -1, EACCES);
        xen->is_policy_refusing = false;
        assert_int_equal(xenmanage_has_feature(hdl, asked[i]), 1);
    }
    xenmanage_close(hdl);
}

TEST(after_restrict_all_only_what_is_known_is_told)
{
    xenmanage_handle *hdl = open_on(17);

    assert_int_equal(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_KEXEC), 1);
    assert_int_equal(xentoolcore_restrict_all(1), 0);
    assert_int_equal(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_KEXEC), 1);
    assert_fails_with(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_PV), -1, EPERM);
    assert_fails_with(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_FLASK), -1, EPERM);
    assert_fails_with(xenmanage_has_feature(hdl, XENMANAGE_FEATURE_DEVICEMODEL_IRQFD), -1, EPERM);
    xenmanage_close(hdl);
}

TEST(what_is_no_feature_is_EINVAL_and_asks_nothing)
{
    xenmanage_handle *hdl = open_on(17);

    assert_fails_with(xenmanage_has_feature(NULL, XENMANAGE_FEATURE_PV), -1, EINVAL);
    assert_fails_with(xenmanage_has_feature(hdl, (enum xenmanage_feature)0), -1, EINVAL);
    assert_fails_with(xenmanage_has_feature(hdl, (enum xenmanage_feature)1000000), -1, EINVAL);
    assert_fails_with(xenmanage_has_feature(hdl, (enum xenmanage_feature)-1), -1, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_IOCTL), 0);
    xenmanage_close(hdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        EACH_RELEASE(RELEASE_UNIT_TEST, what_is_said_is_what_is_done)
        EACH_RELEASE(RELEASE_UNIT_TEST, so_it_is_of_a_xen_built_without_anything)
        EACH_RELEASE(RELEASE_UNIT_TEST, questions_are_not_logged)
        EACH_RELEASE(RELEASE_UNIT_TEST, probes_are_harmless)
        RELEASE_UNIT_TEST(features_of_a_strange_xen, 13)
        RELEASE_UNIT_TEST(features_of_a_strange_xen, 40)
        cmocka_unit_test(every_operation_that_comes_or_goes_is_a_feature),
        cmocka_unit_test(every_feature_has_a_call_that_needs_it),
        cmocka_unit_test(a_yes_is_remembered_and_a_no_is_asked_again),
        cmocka_unit_test(what_the_kernel_refuses_it_knows),
        cmocka_unit_test(what_the_kernel_has_no_number_for_it_does_not_know),
        cmocka_unit_test(a_device_that_is_not_there_has_no_features),
        cmocka_unit_test(a_missing_right_is_no_answer),
        cmocka_unit_test(after_restrict_all_only_what_is_known_is_told),
        cmocka_unit_test(what_is_no_feature_is_EINVAL_and_asks_nothing),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
