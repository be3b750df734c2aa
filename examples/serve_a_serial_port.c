/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A device model: the second serial port of an HVM guest, whose output goes to
 * standard output. Run it in dom0, stop it with Ctrl-C. The guest may be booted
 * with earlyprintk=serial,0x2f8 or write to the port. docs/write-a-device-model.md
 * explains it.
 *
 *   serve_a_serial_port DOMID
 */
#include <err.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define __XEN_TOOLS__ 1 /* for HVM_IOREQSRV_BUFIOREQ_OFF */
#include <xen/hvm/ioreq.h>
#include <xen/memory.h>
#include <xendevicemodel.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>
#include <xentoolcore.h>

enum { BASE = 0x2f8, REGISTERS = 8, MAX_VCPUS = 4096 / sizeof(struct ioreq) };
enum { DATA = 0, INTERRUPT_ID = 2, LINE_CONTROL = 3, LINE_STATUS = 5 };
enum { NO_INTERRUPT = 0x01, SPEED_BIT = 0x80, ALL_SENT = 0x60 };

static uint8_t registers[REGISTERS] = {
    [INTERRUPT_ID] = NO_INTERRUPT, [LINE_STATUS] = ALL_SENT};
static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    stopped = signal_number;
}

static void write_register(uint64_t offset, uint8_t value)
{
    if (offset == DATA && !(registers[LINE_CONTROL] & SPEED_BIT))
        putchar(value);
    else if (offset != INTERRUPT_ID && offset != LINE_STATUS)
        registers[offset] = value;
    fflush(stdout);
}

/* The guest's virtual CPU stands still from READY on, until it has its answer. */
static void serve(volatile struct ioreq *request)
{
    uint64_t offset = request->addr - BASE;

    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (request->type == IOREQ_TYPE_PIO && !request->data_is_ptr && offset < REGISTERS) {
        if (request->dir == IOREQ_READ)
            request->data = registers[offset];
        else
            write_register(offset, (uint8_t)request->data);
    }
    __atomic_thread_fence(__ATOMIC_RELEASE);
    request->state = STATE_IORESP_READY;
}

static void serve_all(xenevtchn_handle *xce, volatile struct ioreq *requests,
                      const int *ports, unsigned int vcpus)
{
    for (unsigned int i = 0; i < vcpus; i++) {
        if (requests[i].state == STATE_IOREQ_READY) {
            serve(&requests[i]);
            xenevtchn_notify(xce, (evtchn_port_t)ports[i]);
        }
    }
}

static void serve_until_stopped(xenevtchn_handle *xce, volatile struct ioreq *requests,
                                const int *ports, unsigned int vcpus)
{
    struct pollfd events = {.fd = xenevtchn_fd(xce), .events = POLLIN};

    while (!stopped && poll(&events, 1, -1) == 1) {
        int port = xenevtchn_pending(xce);

        if (port >= 0)
            xenevtchn_unmask(xce, (evtchn_port_t)port);
        serve_all(xce, requests, ports, vcpus);
    }
}

/* Gives Xen time to take what was answered. A guest that is paused never takes it. */
static void wait_until_taken(const volatile struct ioreq *requests, unsigned int vcpus)
{
    const struct timespec moment = {.tv_nsec = 1000000};

    for (unsigned int i = 0, turns = 0; i < vcpus && turns < 1000; turns++) {
        if (requests[i].state == STATE_IOREQ_NONE)
            i++;
        else
            nanosleep(&moment, NULL);
    }
}

int main(int argc, char **argv)
{
    domid_t domid = (domid_t)(argc == 2 ? atoi(argv[1]) : 0);
    xendevicemodel_handle *dmod = xendevicemodel_open(NULL, 0);
    xenforeignmemory_handle *fmem = xenforeignmemory_open(NULL, 0);
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);
    int ports[MAX_VCPUS], ready;
    void *requests = NULL;
    unsigned int vcpus;
    ioservid_t id;

    if (!domid || !dmod || !fmem || !xce)
        errx(1, "usage: serve_a_serial_port DOMID, as root in dom0");
    if (xendevicemodel_nr_vcpus(dmod, domid, &vcpus) || vcpus > MAX_VCPUS ||
        xendevicemodel_create_ioreq_server(dmod, domid, HVM_IOREQSRV_BUFIOREQ_OFF, &id))
        err(1, "cannot make an ioreq server for domain %u", domid);
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    ready = xenforeignmemory_map_resource(fmem, domid, XENMEM_resource_ioreq_server, id,
                                          XENMEM_resource_ioreq_server_frame_ioreq(0), 1,
                                          &requests, PROT_READ | PROT_WRITE, 0) &&
            !xendevicemodel_map_io_range_to_ioreq_server(dmod, domid, id, 0, BASE,
                                                         BASE + REGISTERS - 1) &&
            !xendevicemodel_set_ioreq_server_state(dmod, domid, id, 1);
    for (unsigned int i = 0; ready && i < vcpus; i++) {
        ports[i] = xenevtchn_bind_interdomain(xce, domid,
                                              ((struct ioreq *)requests)[i].vp_eport);
        ready = ports[i] >= 0;
    }
    if (ready && !xentoolcore_restrict_all(domid)) {
        serve_until_stopped(xce, requests, ports, vcpus);
        xendevicemodel_set_ioreq_server_state(dmod, domid, id, 0);
        serve_all(xce, requests, ports, vcpus);
        wait_until_taken(requests, vcpus);
    } else {
        warn("cannot serve domain %u", domid);
    }
    xendevicemodel_destroy_ioreq_server(dmod, domid, id); /* else its accesses wait for ever */
    return stopped ? 0 : 1;
}
