/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <xen/memory.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>

#include "harness.h"

enum { PAGE_BYTES = 4096 };
enum { ANSWER_MS = 30000, JOIN_MS = 20000, LEAVE_MS = 5000 }; /* a busy emulated machine */
enum { MOMENT_US = 10000 };

static struct machine {
    domid_t domid;
    xendevicemodel_handle *dmod;
    xenforeignmemory_handle *fmem;
    xenevtchn_handle *xce;
    xenforeignmemory_resource_handle *resource;
    void *pages;
    volatile struct buffered_iopage *buffered;
    volatile struct ioreq *request; /* of virtual CPU 0, the only one that runs */
    volatile struct gate *gate;
    ioservid_t server;
    bool has_server;
    evtchn_port_t port;
    struct accesses accesses;
    uint32_t given;
} machine;

domid_t machine_domid(void) { return machine.domid; }
xendevicemodel_handle *machine_dmod(void) { return machine.dmod; }
ioservid_t machine_server(void) { return machine.server; }
volatile struct buffered_iopage *machine_buffered(void) { return machine.buffered; }
const struct accesses *machine_accesses(void) { return &machine.accesses; }
void reads_give(uint32_t value) { machine.given = value; }

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* True if a request is there, which it is once Xen has said READY. */
static bool request_within(int ms)
{
    struct pollfd events = {.fd = xenevtchn_fd(machine.xce), .events = POLLIN};
    int64_t end = now_ms() + ms;

    while (machine.request->state != STATE_IOREQ_READY) {
        int left = (int)(end - now_ms());
        int port;

        if (left <= 0 || poll(&events, 1, left) != 1)
            return false;
        port = xenevtchn_pending(machine.xce);
        if (port >= 0)
            xenevtchn_unmask(machine.xce, (evtchn_port_t)port);
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return true;
}

static void complete(uint64_t data)
{
    if (machine.request->dir == IOREQ_READ)
        machine.request->data = data;
    __atomic_thread_fence(__ATOMIC_RELEASE);
    machine.request->state = STATE_IORESP_READY;
    xenevtchn_notify(machine.xce, machine.port);
}

static bool is_protocol(void)
{
    return machine.request->type == IOREQ_TYPE_PIO && machine.request->addr >= ORDER_PORT &&
           machine.request->addr <= LAST_PORT;
}

static void serve_own_range(void)
{
    struct accesses *accesses = &machine.accesses;

    if (machine.request->type != IOREQ_TYPE_INVALIDATE) {
        if (accesses->count < ACCESSES_KEPT)
            memcpy(&accesses->kept[accesses->count], (const void *)machine.request,
                   sizeof(struct ioreq));
        accesses->count++;
    }
    complete(machine.given);
}

/* The next request of the protocol is for @port; others are the test's devices'. */
static void expect_protocol(uint16_t port)
{
    for (;;) {
        if (!request_within(ANSWER_MS))
            fail_msg("the bare guest does not touch port %#x", port);
        if (is_protocol())
            break;
        serve_own_range();
    }
    assert_int_equal(machine.request->addr, port);
}

uint32_t guest_does(enum guest_order order, uint32_t size, uint32_t address, uint32_t value)
{
    uint32_t result;

    expect_protocol(ORDER_PORT);
    complete((uint32_t)order | size << 8);
    expect_protocol(ADDRESS_PORT);
    complete(address);
    expect_protocol(VALUE_PORT);
    complete(value);
    expect_protocol(RESULT_PORT);
    result = (uint32_t)machine.request->data;
    complete(0);
    return result;
}

uint32_t guest_reads(uint32_t address)
{
    return guest_does(ORDER_READ, 4, address, 0);
}

void guest_writes(uint32_t address, uint32_t value)
{
    guest_does(ORDER_WRITE, 4, address, value);
}

void guest_writes_page(uint32_t gfn, uint32_t value)
{
    guest_writes(gfn << 12, value);
}

uint32_t guest_reads_page(uint32_t gfn)
{
    return guest_reads(gfn << 12);
}

uint32_t guest_count(uint8_t vector)
{
    return guest_does(ORDER_COUNT, 0, vector, 0);
}

bool guest_takes(uint8_t vector, uint32_t before, uint32_t count)
{
    for (int turn = 0; turn < 50; turn++) {
        if (guest_count(vector) - before == count)
            return true;
        guest_does(ORDER_REST, 0, 0, 1);
    }
    return false;
}

bool guest_asks_within(int ms)
{
    return request_within(ms);
}

static int bind_requests(void)
{
    int port;

    machine.resource = xenforeignmemory_map_resource(
        machine.fmem, machine.domid, XENMEM_resource_ioreq_server, machine.server,
        XENMEM_resource_ioreq_server_frame_bufioreq, 2, &machine.pages, PROT_READ | PROT_WRITE,
        0);
    if (!machine.resource ||
        xendevicemodel_map_io_range_to_ioreq_server(machine.dmod, machine.domid,
                                                    machine.server, 0, ORDER_PORT, LAST_PORT) ||
        xendevicemodel_set_ioreq_server_state(machine.dmod, machine.domid, machine.server, 1))
        return -1;
    machine.buffered = machine.pages;
    machine.request = (void *)((char *)machine.pages + PAGE_BYTES);
    port = xenevtchn_bind_interdomain(machine.xce, machine.domid, machine.request->vp_eport);
    machine.port = (evtchn_port_t)port;
    return port < 0 ? -1 : 0;
}

static bool guest_rests(void)
{
    return machine.gate->resting != 0;
}

/* A guest that never comes to rest has been lost by an earlier test. */
static bool wait_for_rest(bool wanted)
{
    int64_t end = now_ms() + JOIN_MS;

    while (guest_rests() != wanted && now_ms() < end)
        usleep(MOMENT_US);
    return guest_rests() == wanted;
}

static int open_gate(void)
{
    const xen_pfn_t gfn = GATE_ADDRESS / PAGE_BYTES;

    machine.gate = xenforeignmemory_map(machine.fmem, machine.domid, PROT_READ | PROT_WRITE, 1,
                                        &gfn, NULL);
    if (!machine.gate || !wait_for_rest(true))
        return -1;
    machine.gate->open = 1;
    return wait_for_rest(false) ? 0 : -1;
}

/* Sends the guest to rest; one that does not run any more keeps us for a moment only. */
static void close_gate(void)
{
    int64_t end = now_ms() + LEAVE_MS;

    machine.gate->open = 0;
    while (!guest_rests() && now_ms() < end)
        if (request_within(100))
            complete(0);
    xenforeignmemory_unmap(machine.fmem, (void *)machine.gate, 1);
}

int machine_join(void **state)
{
    const char *domid = getenv("XENLIBS_BARE");

    (void)state;
    machine = (struct machine){.domid = (domid_t)(domid ? atoi(domid) : 0)};
    machine.dmod = xendevicemodel_open(NULL, 0);
    machine.fmem = xenforeignmemory_open(NULL, 0);
    machine.xce = xenevtchn_open(NULL, 0);
    if (!machine.domid || !machine.dmod || !machine.fmem || !machine.xce ||
        xendevicemodel_create_ioreq_server(machine.dmod, machine.domid, HVM_IOREQSRV_BUFIOREQ_ATOMIC,
                                           &machine.server))
        return -1;
    machine.has_server = true;
    return bind_requests() ? -1 : open_gate();
}

int machine_leave(void **state)
{
    (void)state;
    if (machine.gate)
        close_gate();
    if (machine.has_server)
        xendevicemodel_destroy_ioreq_server(machine.dmod, machine.domid, machine.server);
    if (machine.resource)
        xenforeignmemory_unmap_resource(machine.fmem, machine.resource);
    xenevtchn_close(machine.xce);
    xenforeignmemory_close(machine.fmem);
    xendevicemodel_close(machine.dmod);
    return 0;
}
