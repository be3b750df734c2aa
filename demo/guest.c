/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The demo's guest: grants pages to dom0, offers an event channel, obeys. */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/io/xs_wire.h>
#include <xenevtchn.h>
#include <xengnttab.h>

#include "control_page.h"

enum { DOM0 = 0 };

static void fill_chunk(uint64_t *data, uint32_t chunk)
{
    for (uint32_t i = 0; i < CHUNK_WORDS; i++)
        data[i] = pattern(chunk, i);
}

/* Any request would do: it passes through the page that dom0 will look at. */
static void send_mark_to_xenstore(void)
{
    static const char payload[] = "data/xenlibs-demo\0" MARK;
    struct xsd_sockmsg header = {.type = XS_WRITE, .len = sizeof(payload) - 1};
    char reply[256];
    int fd = open("/dev/xen/xenbus", O_RDWR | O_CLOEXEC);

    if (fd < 0 || write(fd, &header, sizeof(header)) != (ssize_t)sizeof(header) ||
        write(fd, payload, sizeof(payload) - 1) != (ssize_t)sizeof(payload) - 1 ||
        read(fd, reply, sizeof(reply)) <= 0)
        err(1, "guest: cannot write to xenstore");
    close(fd);
}

static void obey(const struct control_page *control, uint64_t *data)
{
    switch (load_shared(&control->order)) {
    case ORDER_FILL:
        fill_chunk(data, load_shared(&control->argument));
        break;
    case ORDER_MARK:
        send_mark_to_xenstore();
        break;
    }
}

static void serve(xenevtchn_handle *xce, evtchn_port_t port, struct control_page *control,
                  uint64_t *data)
{
    uint32_t order = 0;

    while (order != ORDER_QUIT) {
        int fired = xenevtchn_pending(xce);

        if (fired < 0 || xenevtchn_unmask(xce, (evtchn_port_t)fired))
            err(1, "guest: event channel");
        if (load_shared(&control->answered) == load_shared(&control->asked))
            continue; /* the event that every new channel starts with */
        order = load_shared(&control->order);
        obey(control, data);
        store_shared(&control->answered, load_shared(&control->asked));
        if (xenevtchn_notify(xce, port))
            err(1, "guest: notify");
    }
}

int main(void)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);
    xengntshr_handle *xgs = xengntshr_open(NULL, 0);
    uint32_t refs[SHARED_PAGES];
    char *pages;
    int port;

    if (!xce || !xgs)
        err(1, "guest: cannot open the Xen devices");
    pages = xengntshr_share_pages(xgs, DOM0, SHARED_PAGES, refs, 1);
    if (!pages)
        err(1, "guest: cannot share %d pages", SHARED_PAGES);
    port = xenevtchn_bind_unbound_port(xce, DOM0);
    if (port < 0)
        err(1, "guest: cannot make an event channel");

    printf("%d", port);
    for (int i = 0; i < SHARED_PAGES; i++)
        printf(" %u", refs[i]);
    printf("\n");
    fflush(stdout);

    serve(xce, (evtchn_port_t)port, (struct control_page *)(void *)pages,
          (uint64_t *)(void *)(pages + PAGE_BYTES));
    xengntshr_unshare(xgs, pages, SHARED_PAGES);
    xenevtchn_close(xce);
    xengntshr_close(xgs);
    return 0;
}
