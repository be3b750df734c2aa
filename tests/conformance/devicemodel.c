/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a device model does to a real HVM guest, from dom0. tests/dropin runs it:
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
#include <xen/hvm/params.h>
#include <xen/sched.h>
#include <xendevicemodel.h>
#include <xentoolcore.h>

#include "conformance.h"
#include "uapi_privcmd.h"

enum { PORT = 0x5e0, PORTS = 8 }; /* port I/O that nobody else answers */
enum { BELOW_640K = 0x50 };       /* a frame that Linux leaves alone once it runs */
enum { FIRST_TRACKED = 0x100, TRACKED = 32768, EXTENTS = 300 };

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

TEST(operation_nr_vcpus_gives_the_guests_one_vcpu)
{
    xendevicemodel_handle *dmod = opened();
    unsigned int vcpus = 77;

    assert_int_equal(xendevicemodel_nr_vcpus(dmod, guest(), &vcpus), 0);
    assert_int_equal(vcpus, 1);
    assert_int_equal(xendevicemodel_close(dmod), 0);
}

TEST(operation_ioreq_server_takes_and_leaves_ports)
{
    xendevicemodel_handle *dmod = opened();
    domid_t domid = guest();
    ioservid_t id;

    assert_int_equal(xendevicemodel_create_ioreq_server(dmod, domid, 0, &id), 0);
    assert_int_equal(xendevicemodel_map_io_range_to_ioreq_server(dmod, domid, id, 0, PORT,
                                                                 PORT + PORTS - 1), 0);
    assert_fails_with(xendevicemodel_map_io_range_to_ioreq_server(dmod, domid, id, 0, PORT,
                                                                  PORT + PORTS - 1), -1, EEXIST);
    assert_int_equal(xendevicemodel_map_pcidev_to_ioreq_server(dmod, domid, id, 0, 0, 9, 0), 0);
    assert_int_equal(xendevicemodel_set_ioreq_server_state(dmod, domid, id, 1), 0);
    assert_int_equal(xendevicemodel_set_ioreq_server_state(dmod, domid, id, 0), 0);
    assert_int_equal(xendevicemodel_unmap_pcidev_from_ioreq_server(dmod, domid, id, 0, 0, 9, 0),
                     0);
    assert_int_equal(xendevicemodel_unmap_io_range_from_ioreq_server(dmod, domid, id, 0, PORT,
                                                                     PORT + PORTS - 1), 0);
    assert_fails_with(xendevicemodel_unmap_io_range_from_ioreq_server(
                          dmod, domid, id, 0, PORT, PORT + PORTS - 1), -1, ENOENT);
    assert_int_equal(xendevicemodel_destroy_ioreq_server(dmod, domid, id), 0);
    assert_fails_with(xendevicemodel_destroy_ioreq_server(dmod, domid, id), -1, ENOENT);
    assert_int_equal(xendevicemodel_close(dmod), 0);
}

static unsigned int pages_in(const unsigned long *bitmap)
{
    unsigned int pages = 0;

    for (size_t i = 0; i < TRACKED / (8 * sizeof(*bitmap)); i++)
        pages += (unsigned int)__builtin_popcountl(bitmap[i]);
    return pages;
}

TEST(operation_dirty_tracking_finds_some_pages_of_a_running_guest_not_all)
{
    static unsigned long bitmap[TRACKED / (8 * sizeof(unsigned long))];
    xendevicemodel_handle *dmod = opened();
    domid_t domid = guest();

    assert_int_equal(
        xendevicemodel_track_dirty_vram(dmod, domid, FIRST_TRACKED, TRACKED, bitmap), 0);
    sleep(2);
    memset(bitmap, 0, sizeof(bitmap));
    assert_int_equal(
        xendevicemodel_track_dirty_vram(dmod, domid, FIRST_TRACKED, TRACKED, bitmap), 0);
    observe("dirty-pages", "%u", pages_in(bitmap));
    assert_in_range(pages_in(bitmap), 1, TRACKED - 1);
    assert_int_equal(xendevicemodel_close(dmod), 0);
}

TEST(operation_modified_memory_takes_more_extents_than_one_request)
{
    static struct xen_dm_op_modified_memory_extent extents[EXTENTS];
    xendevicemodel_handle *dmod = opened();
    uint32_t left = EXTENTS;

    for (unsigned int i = 0; i < EXTENTS; i++)
        extents[i] = (struct xen_dm_op_modified_memory_extent){
            .nr = 1, .first_pfn = FIRST_TRACKED + (uint64_t)i};
    assert_int_equal(xendevicemodel_modified_memory(dmod, guest(), FIRST_TRACKED, 1), 0);
    assert_int_equal(xendevicemodel_modified_memory_bulk(dmod, guest(), extents, EXTENTS), 0);
    assert_int_equal(
        xendevicemodel_modified_memory_progress(dmod, guest(), extents, EXTENTS, &left), 0);
    assert_int_equal(left, 0);
    assert_int_equal(xendevicemodel_close(dmod), 0);
}

TEST(operation_page_becomes_read_only_and_writable_again)
{
    xendevicemodel_handle *dmod = opened();

    assert_int_equal(xendevicemodel_make_ram_region_ro(dmod, guest(), BELOW_640K, 1), 0);
    assert_int_equal(xendevicemodel_make_ram_region_rw(dmod, guest(), BELOW_640K, 1), 0);
    assert_int_equal(
        xendevicemodel_set_mem_type(dmod, guest(), HVMMEM_ram_ro, BELOW_640K, 1), 0);
    assert_int_equal(
        xendevicemodel_set_mem_type(dmod, guest(), HVMMEM_ram_rw, BELOW_640K, 1), 0);
    assert_int_equal(xendevicemodel_close(dmod), 0);
}

TEST(operation_hvm_param_names_the_stores_event_channel)
{
    xendevicemodel_handle *dmod = opened();
    uint64_t port = 0;

    assert_int_equal(
        xendevicemodel_get_hvm_param(dmod, guest(), HVM_PARAM_STORE_EVTCHN, &port), 0);
    assert_in_range(port, 1, 4095);
    assert_int_equal(xendevicemodel_close(dmod), 0);
}

TEST(operation_after_restrict_reaches_this_domain_only)
{
    xendevicemodel_handle *dmod = opened();
    unsigned int vcpus = 0;
    ioservid_t id;

    assert_int_equal(xendevicemodel_nr_vcpus(dmod, stranger(), &vcpus), 0);
    assert_int_equal(xendevicemodel_restrict(dmod, guest()), 0);
    assert_fails_with(xendevicemodel_nr_vcpus(dmod, stranger(), &vcpus), -1, EPERM);
    assert_fails_with(xendevicemodel_create_ioreq_server(dmod, stranger(), 0, &id), -1, EPERM);
    assert_fails_with(xendevicemodel_modified_memory(dmod, stranger(), FIRST_TRACKED, 1), -1,
                      EPERM);
    assert_fails_with(xendevicemodel_make_ram_region_ro(dmod, stranger(), FIRST_TRACKED, 1), -1,
                      EPERM);
    assert_fails_with(xendevicemodel_shutdown(dmod, stranger(), SHUTDOWN_poweroff), -1, EPERM);
    assert_fails_with(xendevicemodel_restrict(dmod, stranger()), -1, EINVAL);
    vcpus = 77;
    assert_int_equal(xendevicemodel_nr_vcpus(dmod, guest(), &vcpus), 0);
    assert_int_equal(vcpus, 1);
    assert_int_equal(xendevicemodel_create_ioreq_server(dmod, guest(), 0, &id), 0);
    assert_int_equal(xendevicemodel_destroy_ioreq_server(dmod, guest(), id), 0);
    assert_int_equal(xendevicemodel_modified_memory(dmod, guest(), FIRST_TRACKED, 1), 0);
    assert_int_equal(xendevicemodel_close(dmod), 0);
}

/* An operation that changes nothing, on a descriptor that is not this program's own. */
static int ask_vcpus(int privcmd, domid_t domid)
{
    struct xen_dm_op op = {.op = XEN_DMOP_nr_vcpus};
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
    assert_int_equal(ask_vcpus(privcmd, guest()), 0);
    assert_int_equal(ask_vcpus(privcmd, stranger()), 0);
}

static void expect_own_domain_only(int privcmd)
{
    assert_int_equal(ask_vcpus(privcmd, guest()), 0);
    assert_fails_with(ask_vcpus(privcmd, stranger()), -1, EPERM);
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
    cmocka_unit_test(operation_nr_vcpus_gives_the_guests_one_vcpu),
    cmocka_unit_test(operation_ioreq_server_takes_and_leaves_ports),
    cmocka_unit_test(operation_dirty_tracking_finds_some_pages_of_a_running_guest_not_all),
    cmocka_unit_test(operation_modified_memory_takes_more_extents_than_one_request),
    cmocka_unit_test(operation_page_becomes_read_only_and_writable_again),
    cmocka_unit_test(operation_hvm_param_names_the_stores_event_channel),
    cmocka_unit_test(operation_after_restrict_reaches_this_domain_only),
    cmocka_unit_test(unrestricted_qemu_reaches_any_domain),
    cmocka_unit_test(restricted_qemu_reaches_its_own_domain_only),
    cmocka_unit_test(reboot_is_accepted),
};

CONFORMANCE_MAIN(tests)
