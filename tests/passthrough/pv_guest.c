/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A PCI device given to a PV guest that was created for devices. The guest touches its
 * registers through /dev/mem; dom0 drives its DMA, at a page of the guest's that both
 * know. XENLIBS_PV is the guest's domain number, XENLIBS_PV_NAME its name in xenlab.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <xendevicemodel_passthrough.h>
#include <xenforeignmemory.h>
#include <xenstore.h>

#include "edu.h"
#include "harness.h"

enum { MARK = 0x5eedf00d, OTHER_MARK = 0x0ddba11 };
enum { FROM = 0xe00, TO = 0xe04 }; /* behind the console's ring, in its page */

static xendevicemodel_handle *dmod;
static xenforeignmemory_handle *fmem;
static domid_t domid;

static int assign(void)
{
    return xendevicemodel_assign_device(dmod, domid, EDU_SBDF, 0);
}

static int deassign(void)
{
    return xendevicemodel_deassign_device(dmod, domid, EDU_SBDF);
}

static int permit(bool allow)
{
    return xendevicemodel_iomem_permission(dmod, domid, edu_registers() >> 12, EDU_FRAMES,
                                           allow);
}

static int join(void **state)
{
    const char *number = getenv("XENLIBS_PV");

    (void)state;
    domid = (domid_t)(number ? atoi(number) : 0);
    dmod = xendevicemodel_open(NULL, 0);
    fmem = xenforeignmemory_open(NULL, 0);
    return !domid || !dmod || !fmem || assign() || permit(true) ? -1 : 0;
}

static int leave(void **state)
{
    int failed = permit(false) || deassign();

    (void)state;
    xenforeignmemory_close(fmem);
    xendevicemodel_close(dmod);
    return failed;
}

/* ---- registers ---- */

/* Busybox's devmem in the guest; false if it could not. */
static bool in_guest(const char *value, uint64_t place, uint32_t *got)
{
    char command[160];
    FILE *answer;
    int count;

    snprintf(command, sizeof(command), "in-guest %s busybox devmem 0x%llx 32 %s",
             getenv("XENLIBS_PV_NAME"), (unsigned long long)place, value);
    answer = popen(command, "re");
    assert_non_null(answer);
    count = fscanf(answer, "%x", got);
    return pclose(answer) == 0 && count == (*value ? EOF : 1);
}

TEST(guest_reads_and_writes_the_devices_registers)
{
    uint32_t got = 0;

    assert_true(in_guest("", edu_registers() + EDU_ID, &got));
    assert_int_equal(got, EDU_ID_VALUE);
    assert_true(in_guest("0x5eedf00d", edu_registers() + EDU_INVERTER, &got));
    assert_true(in_guest("", edu_registers() + EDU_INVERTER, &got));
    assert_int_equal(got, ~(uint32_t)MARK);
}

/* It maps what it may, itself: for it there is nothing to be done, on any release. */
TEST(mapping_registers_for_it_changes_nothing)
{
    assert_int_equal(
        xendevicemodel_memory_mapping(dmod, domid, 0x1000, edu_registers() >> 12, 1, true), 0);
    assert_int_equal(
        xendevicemodel_memory_mapping(dmod, domid, 0x1000, edu_registers() >> 12, 1, false), 0);
}

/* ---- DMA ---- */

static xen_pfn_t console_mfn(void)
{
    struct xs_handle *xs = xs_open(0);
    char path[64], *text;

    assert_non_null(xs);
    snprintf(path, sizeof(path), "/local/domain/%u/console/ring-ref", domid);
    text = xs_read(xs, XBT_NULL, path, NULL);
    assert_non_null(text);
    xen_pfn_t mfn = strtoul(text, NULL, 10);
    free(text);
    xs_close(xs);
    return mfn;
}

static volatile uint32_t *map_page(xen_pfn_t mfn)
{
    void *page = xenforeignmemory_map(fmem, domid, PROT_READ | PROT_WRITE, 1, &mfn, NULL);

    assert_non_null(page);
    return page;
}

static void set_address(volatile uint32_t *edu, uint32_t place, uint64_t address)
{
    *(volatile uint64_t *)((volatile char *)edu + place) = address;
}

static void dma(volatile uint32_t *edu, uint64_t from, uint64_t to, uint32_t command)
{
    const struct timespec moment = {.tv_nsec = 20000000};

    set_address(edu, EDU_DMA_FROM, from);
    set_address(edu, EDU_DMA_TO, to);
    set_address(edu, EDU_DMA_BYTES, 4);
    set_address(edu, EDU_DMA_COMMAND, command | EDU_DMA_RUN);
    for (int turn = 0; turn < 500 && edu[EDU_DMA_COMMAND / 4] & EDU_DMA_RUN; turn++)
        nanosleep(&moment, NULL);
    assert_int_equal(edu[EDU_DMA_COMMAND / 4] & EDU_DMA_RUN, 0);
}

static uint32_t what_dma_carries(bool is_assigned)
{
    xen_pfn_t mfn = console_mfn();
    uint64_t address = (uint64_t)mfn << 12;
    volatile uint32_t *page = map_page(mfn), *edu = edu_map();

    page[FROM / 4] = MARK;
    page[TO / 4] = OTHER_MARK;
    dma(edu, address + FROM, EDU_BUFFER, 0);
    if (!is_assigned)
        assert_int_equal(deassign(), 0);
    dma(edu, EDU_BUFFER, address + TO, EDU_DMA_TO_MEMORY);
    if (!is_assigned)
        assert_int_equal(assign(), 0);
    uint32_t got = page[TO / 4];
    xenforeignmemory_unmap(fmem, (void *)(uintptr_t)page, 1);
    munmap((void *)(uintptr_t)edu, EDU_FRAMES * 4096);
    return got;
}

TEST(devices_dma_reads_and_writes_the_guests_memory)
{
    assert_int_equal(what_dma_carries(true), MARK);
}

TEST(devices_dma_does_not_reach_the_guest_once_it_is_taken_away)
{
    assert_int_equal(what_dma_carries(false), OTHER_MARK);
}

/* ---- interrupts ---- */

/* The guest would bind the number to an event channel; without a driver it does not. */
TEST(devices_interrupts_get_numbers_of_the_guests)
{
    int by_message = -1, by_pin = -1;

    assert_int_equal(
        xendevicemodel_physdev_map_pirq_msi(dmod, domid, EDU_SBDF, 0, 0, &by_message), 0);
    assert_int_equal(xendevicemodel_physdev_map_pirq(dmod, domid, EDU_GSI, &by_pin), 0);
    assert_int_equal(by_pin, EDU_GSI);
    assert_int_not_equal(by_message, by_pin);
    assert_int_equal(xendevicemodel_physdev_unmap_pirq(dmod, domid, by_message), 0);
    assert_int_equal(xendevicemodel_physdev_unmap_pirq(dmod, domid, by_pin), 0);
    assert_fails_with(xendevicemodel_physdev_unmap_pirq(dmod, domid, by_pin), -1, EINVAL);
}

TEST(only_an_hvm_guest_has_interrupts_bound)
{
    struct xendevicemodel_pt_irq irq = {.size = sizeof(irq), .pirq = EDU_GSI};

    assert_fails_with(xendevicemodel_bind_pt_irq(dmod, domid, &irq), -1, EINVAL);
}

/* ---- whose it is ---- */

TEST(a_device_is_assigned_once)
{
    assert_int_equal(xendevicemodel_test_assign_device(dmod, domid, EDU_SBDF), -1);
    assert_int_equal(assign(), -1);
}

#define WITH_DEVICE(test) cmocka_unit_test_setup_teardown(test, join, leave)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        WITH_DEVICE(guest_reads_and_writes_the_devices_registers),
        WITH_DEVICE(mapping_registers_for_it_changes_nothing),
        WITH_DEVICE(devices_dma_reads_and_writes_the_guests_memory),
        WITH_DEVICE(devices_dma_does_not_reach_the_guest_once_it_is_taken_away),
        WITH_DEVICE(devices_interrupts_get_numbers_of_the_guests),
        WITH_DEVICE(only_an_hvm_guest_has_interrupts_bound),
        WITH_DEVICE(a_device_is_assigned_once),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
