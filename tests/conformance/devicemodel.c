/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What QEMU, a real guest's device model, may do, and that guest's reboot. In dom0;
 * tests/dropin runs it:
 *   XENLIBS_HVM       the guest
 *   XENLIBS_STRANGER  another HVM or PVH guest
 *   XENLIBS_QEMU      process id of the guest's QEMU
 */
#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <unistd.h>

#define __XEN_TOOLS__ 1 /* the device model's operations */
#include <xen/xen.h>
#include <xen/hvm/dm_op.h>
#include <xen/sched.h>
#include <xendevicemodel.h>

#include "conformance.h"
#include "uapi_privcmd.h"

enum { NO_SERVER = 0xfffe };

static int number_from(const char *variable)
{
    const char *text = getenv(variable);

    assert_non_null(text);
    assert_true(atoi(text) > 0);
    return atoi(text);
}

static domid_t guest(void) { return (domid_t)number_from("XENLIBS_HVM"); }
static domid_t stranger(void) { return (domid_t)number_from("XENLIBS_STRANGER"); }

static xendevicemodel_handle *opened(void)
{
    xendevicemodel_handle *dmod = xendevicemodel_open(NULL, 0);

    assert_non_null(dmod);
    return dmod;
}

/*
 * An operation of every release that changes nothing, on a descriptor that is not this
 * program's own. Xen has never heard of the ioreq server: ENOENT, if the kernel lets it ask.
 */
static int ask_for_no_server(int privcmd, domid_t domid)
{
    struct xen_dm_op op = {.op = XEN_DMOP_get_ioreq_server_info,
                           .u.get_ioreq_server_info = {.id = NO_SERVER,
                                                       .flags = XEN_DMOP_no_gfns}};
    struct uapi_privcmd_dm_op_buf buffer = {.uptr = &op, .size = sizeof(op)};
    struct uapi_privcmd_dm_op request = {.dom = (uint16_t)domid, .num = 1, .ubufs = &buffer};

    return ioctl(privcmd, UAPI_PRIVCMD_DM_OP, &request);
}

/* Calls @probe with a copy of each of QEMU's descriptors of privcmd; how many there were. */
static int for_each_privcmd_of_qemu(void (*probe)(int privcmd))
{
    pid_t pid = number_from("XENLIBS_QEMU");
    int process = pidfd_open(pid, 0), found = 0;
    char folder[64], target[64];
    struct dirent *entry;
    DIR *list;

    snprintf(folder, sizeof(folder), "/proc/%d/fd", pid);
    list = opendir(folder);
    assert_true(process >= 0 && list);
    while ((entry = readdir(list))) {
        ssize_t length = readlinkat(dirfd(list), entry->d_name, target, sizeof(target));

        if (length > 0 && length < (ssize_t)sizeof(target) &&
            memmem(target, (size_t)length, "xen/privcmd", 11)) {
            int privcmd = pidfd_getfd(process, atoi(entry->d_name), 0);

            assert_true(privcmd >= 0);
            probe(privcmd);
            close(privcmd);
            found++;
        }
    }
    closedir(list);
    close(process);
    return found;
}

static void expect_all_domains(int privcmd)
{
    assert_fails_with(ask_for_no_server(privcmd, guest()), -1, ENOENT);
    assert_fails_with(ask_for_no_server(privcmd, stranger()), -1, ENOENT);
}

static void expect_own_domain_only(int privcmd)
{
    assert_fails_with(ask_for_no_server(privcmd, guest()), -1, ENOENT);
    assert_fails_with(ask_for_no_server(privcmd, stranger()), -1, EPERM);
}

TEST(unrestricted_qemu_reaches_any_domain)
{
    int found = for_each_privcmd_of_qemu(expect_all_domains);

    observe("privcmd-descriptors", "%d", found);
    assert_true(found >= 1);
}

TEST(restricted_qemu_reaches_its_own_domain_only)
{
    int found = for_each_privcmd_of_qemu(expect_own_domain_only);

    observe("privcmd-descriptors", "%d", found);
    assert_true(found >= 1);
}

TEST(reboot_is_accepted)
{
    xendevicemodel_handle *dmod = opened();

    assert_int_equal(xendevicemodel_restrict(dmod, guest()), 0);
    assert_int_equal(xendevicemodel_reboot(dmod, guest()), 0);
    assert_int_equal(xendevicemodel_close(dmod), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(unrestricted_qemu_reaches_any_domain),
    cmocka_unit_test(restricted_qemu_reaches_its_own_domain_only),
    cmocka_unit_test(reboot_is_accepted),
};

CONFORMANCE_MAIN(tests)
