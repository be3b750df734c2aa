/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The demo's dom0: takes the guest's offer on standard input, tries every
 * library on it, checks what comes back, and prints a report.
 *
 * usage: demo-dom0 DOMID STORE_GFN < offer
 */
#include <err.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <xen/version.h>
#include <xen/xen.h>
#include <xencall.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>
#include <xengnttab.h>

#include "control_page.h"
#include "histogram.h"

enum { PINGS = 2000, MEBIBYTES = 64, PATIENCE_MS = 120000 };

struct guest {
    uint32_t domid;
    xenevtchn_handle *xce;
    evtchn_port_t port;
    struct control_page *control;
    const uint64_t *data;
};

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void step(const char *what)
{
    printf("\n  \xe2\x9c\x93 %s\n", what);
}

static void take_event(struct guest *guest)
{
    struct pollfd waiting = {.fd = xenevtchn_fd(guest->xce), .events = POLLIN};
    int fired;

    if (poll(&waiting, 1, PATIENCE_MS) != 1)
        errx(1, "the guest did not answer within %d s", PATIENCE_MS / 1000);
    fired = xenevtchn_pending(guest->xce);
    if (fired < 0 || xenevtchn_unmask(guest->xce, (evtchn_port_t)fired))
        err(1, "event channel");
}

/* Gives an order and waits until the guest has obeyed. */
static void order(struct guest *guest, enum order what, uint32_t argument)
{
    uint32_t turn = load_shared(&guest->control->asked) + 1;

    store_shared(&guest->control->order, what);
    store_shared(&guest->control->argument, argument);
    store_shared(&guest->control->asked, turn);
    if (xenevtchn_notify(guest->xce, guest->port))
        err(1, "cannot notify the guest");
    do
        take_event(guest);
    while (load_shared(&guest->control->answered) != turn);
}

/* ---- the steps ---- */

static void show_xen(void)
{
    xencall_handle *xcall = xencall_open(NULL, 0);
    char *extra;
    int version;

    if (!xcall)
        err(1, "cannot open privcmd");
    extra = xencall_alloc_buffer(xcall, sizeof(xen_extraversion_t));
    if (!extra)
        err(1, "no hypercall buffer");
    version = xencall2(xcall, __HYPERVISOR_xen_version, XENVER_version, 0);
    if (version < 0 || xencall2(xcall, __HYPERVISOR_xen_version, XENVER_extraversion,
                                (uint64_t)(uintptr_t)extra) < 0)
        err(1, "cannot ask Xen for its version");
    step("libxencall: a hypercall");
    printf("      Xen %d.%d%s answers\n", version >> 16, version & 0xffff, extra);
    xencall_free_buffer(xcall, extra);
    xencall_close(xcall);
}

static char *map_offer(xengnttab_handle *xgt, struct guest *guest)
{
    uint32_t refs[SHARED_PAGES];
    char *pages;
    int remote_port, port;

    if (scanf("%d", &remote_port) != 1)
        errx(1, "the guest made no offer");
    for (int i = 0; i < SHARED_PAGES; i++)
        if (scanf("%u", &refs[i]) != 1)
            errx(1, "the guest offered %d pages instead of %d", i, SHARED_PAGES);

    pages = xengnttab_map_domain_grant_refs(xgt, SHARED_PAGES, guest->domid, refs,
                                            PROT_READ | PROT_WRITE);
    if (!pages)
        err(1, "cannot map the pages of domain %u", guest->domid);
    port = xenevtchn_bind_interdomain(guest->xce, guest->domid, (evtchn_port_t)remote_port);
    if (port < 0)
        err(1, "cannot connect to port %d of domain %u", remote_port, guest->domid);
    guest->port = (evtchn_port_t)port;
    guest->control = (struct control_page *)(void *)pages;
    guest->data = (const uint64_t *)(const void *)(pages + PAGE_BYTES);
    step("libxengnttab: pages granted by the guest, mapped here");
    printf("      %d pages of domain %u, first grant %u\n", SHARED_PAGES, guest->domid, refs[0]);
    return pages;
}

static void play_ping_pong(struct guest *guest)
{
    static double round_trip_us[PINGS];

    for (int i = 0; i < 50; i++)
        order(guest, ORDER_PING, 0);
    for (int i = 0; i < PINGS; i++) {
        double start = now_us();

        order(guest, ORDER_PING, 0);
        round_trip_us[i] = now_us() - start;
    }
    step("libxenevtchn: event ping-pong with the guest");
    print_histogram(round_trip_us, PINGS);
}

static void check_chunk(const struct guest *guest, uint32_t chunk)
{
    for (uint32_t i = 0; i < CHUNK_WORDS; i++)
        if (guest->data[i] != pattern(chunk, i))
            errx(1, "chunk %u is wrong at byte %u", chunk, i * 8);
}

static void move_data(struct guest *guest)
{
    const uint32_t chunks = MEBIBYTES * 1024u * 1024u / CHUNK_BYTES;
    double start = now_us(), seconds;

    for (uint32_t chunk = 0; chunk < chunks; chunk++) {
        order(guest, ORDER_FILL, chunk);
        check_chunk(guest, chunk);
    }
    seconds = (now_us() - start) / 1e6;
    step("Both: data from the guest through the shared pages");
    printf("      %d MiB in %.2f s (%.0f MiB/s), every word checked\n", MEBIBYTES, seconds,
           MEBIBYTES / seconds);
}

static void map_foreign_page(struct guest *guest, xen_pfn_t store_gfn)
{
    xenforeignmemory_handle *fmem = xenforeignmemory_open(NULL, 0);
    void *page, *found;

    order(guest, ORDER_MARK, 0);
    if (!fmem)
        err(1, "cannot open privcmd");
    page = xenforeignmemory_map(fmem, guest->domid, PROT_READ, 1, &store_gfn, NULL);
    if (!page)
        err(1, "cannot map frame 0x%lx of domain %u", (unsigned long)store_gfn, guest->domid);
    found = memmem(page, PAGE_BYTES, MARK, strlen(MARK));
    if (!found)
        errx(1, "the guest's xenstore page does not hold what the guest sent");
    step("libxenforeignmemory: a page of the guest, mapped by its frame number");
    printf("      frame 0x%lx, byte %td: \"%s\"\n", (unsigned long)store_gfn,
           (char *)found - (char *)page, MARK);
    xenforeignmemory_unmap(fmem, page, 1);
    xenforeignmemory_close(fmem);
}

int main(int argc, char **argv)
{
    struct guest guest = {0};
    xengnttab_handle *xgt;
    char *pages;

    if (argc != 3)
        errx(2, "usage: demo-dom0 DOMID STORE_GFN < offer");
    guest.domid = (uint32_t)strtoul(argv[1], NULL, 10);

    show_xen();
    guest.xce = xenevtchn_open(NULL, 0);
    xgt = xengnttab_open(NULL, 0);
    if (!guest.xce || !xgt)
        err(1, "cannot open the Xen devices");
    pages = map_offer(xgt, &guest);
    play_ping_pong(&guest);
    move_data(&guest);
    map_foreign_page(&guest, strtoul(argv[2], NULL, 10));
    order(&guest, ORDER_QUIT, 0);

    if (xengnttab_unmap(xgt, pages, SHARED_PAGES))
        err(1, "cannot unmap the guest's pages");
    xengnttab_close(xgt);
    xenevtchn_close(guest.xce);
    return 0;
}
