/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The page that both sides share, and the pages of the rings. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "handle.h"
#include "shared_memory.h"

enum { MAX_REFERENCES = 1 << (VCHAN_MAX_ORDER - VCHAN_PAGE_ORDER) };

static uint32_t pages_of(const struct vchan_ring *ring)
{
    return ring->size / VCHAN_PAGE_SIZE; /* 0 for a ring in the shared page */
}

static unsigned char *in_page(const struct xenvchan *xvc, int order)
{
    return (unsigned char *)xvc->page + ((size_t)1 << order);
}

/* The rings are named after what the client does with them: left writes. */
static struct vchan_ring *left_ring(struct xenvchan *xvc)
{
    return xvc->is_server ? &xvc->read : &xvc->write;
}

static struct vchan_ring *right_ring(struct xenvchan *xvc)
{
    return xvc->is_server ? &xvc->write : &xvc->read;
}

static void point_at_flags(struct xenvchan *xvc)
{
    struct vchan_interface *page = xvc->page;

    xvc->ask = xvc->is_server ? &page->cli_notify : &page->srv_notify;
    xvc->asked = xvc->is_server ? &page->srv_notify : &page->cli_notify;
    xvc->peer_live = xvc->is_server ? &page->cli_live : &page->srv_live;
}

static int start_rings(struct xenvchan *xvc, int left, int right)
{
    struct vchan_interface *page = xvc->page;

    if (xvc->is_server)
        return xenvchan_ring_start_reading(&xvc->read, &page->left, left) ||
                       xenvchan_ring_start_writing(&xvc->write, &page->right, right)
                   ? -1
                   : 0;
    return xenvchan_ring_start_writing(&xvc->write, &page->left, left) ||
                   xenvchan_ring_start_reading(&xvc->read, &page->right, right)
               ? -1
               : 0;
}

/* ---- a server's ---- */

static int share_ring(struct xenvchan *xvc, struct vchan_ring *ring, uint32_t *references)
{
    if (!pages_of(ring)) {
        ring->bytes = in_page(xvc, ring->order);
        return 0;
    }
    ring->bytes = xengntshr_share_pages(xvc->gntshr, xvc->domid, (int)pages_of(ring),
                                        references, 1);
    return ring->bytes ? 0 : -1;
}

int xenvchan_memory_share(struct xenvchan *xvc, size_t read_min, size_t write_min)
{
    struct vchan_interface *page;
    int left, right;

    xenvchan_ring_orders(read_min, write_min, &left, &right);
    page = xengntshr_share_page_notify(xvc->gntshr, xvc->domid, &xvc->ring_ref, 1,
                                       offsetof(struct vchan_interface, srv_live), xvc->port);
    if (!page)
        return -1;
    memset(page, 0, VCHAN_PAGE_SIZE);
    page->left_order = (uint16_t)left;
    page->right_order = (uint16_t)right;
    page->cli_live = 2;
    page->srv_live = 1;
    page->cli_notify = VCHAN_NOTIFY_WRITE;
    xvc->page = page;
    point_at_flags(xvc);
    if (start_rings(xvc, left, right) || share_ring(xvc, left_ring(xvc), page->grants))
        return -1;
    return share_ring(xvc, right_ring(xvc), page->grants + pages_of(left_ring(xvc)));
}

/* ---- a client's ---- */

/* The references are read once: what is mapped is what was copied. */
static int map_ring(struct xenvchan *xvc, struct vchan_ring *ring, const uint32_t *shared,
                    int protection)
{
    uint32_t references[MAX_REFERENCES];

    if (!pages_of(ring)) {
        ring->bytes = in_page(xvc, ring->order);
        return 0;
    }
    for (uint32_t i = 0; i < pages_of(ring); i++)
        references[i] = xenlibs_shared_load32(&shared[i]);
    ring->bytes = xengnttab_map_domain_grant_refs(xvc->gnttab, pages_of(ring), xvc->domid,
                                                  references, protection);
    return ring->bytes ? 0 : -1;
}

static int map_rings(struct xenvchan *xvc)
{
    const uint32_t *references = xvc->page->grants;
    unsigned left = xenlibs_shared_load16(&xvc->page->left_order);
    unsigned right = xenlibs_shared_load16(&xvc->page->right_order);

    if (!xenvchan_ring_orders_are_possible(left, right)) {
        errno = EPROTO;
        return -1;
    }
    if (start_rings(xvc, (int)left, (int)right) ||
        map_ring(xvc, &xvc->write, references, PROT_READ | PROT_WRITE))
        return -1;
    return map_ring(xvc, &xvc->read, references + pages_of(&xvc->write), PROT_READ);
}

int xenvchan_memory_map(struct xenvchan *xvc)
{
    xvc->page = xengnttab_map_grant_ref_notify(
        xvc->gnttab, xvc->domid, xvc->ring_ref, PROT_READ | PROT_WRITE,
        offsetof(struct vchan_interface, cli_live), xvc->port);
    if (!xvc->page)
        return -1;
    point_at_flags(xvc);
    if (xenlibs_shared_load8(xvc->peer_live) == 0) {
        errno = ECONNREFUSED;
        return -1;
    }
    if (map_rings(xvc))
        return -1;
    xenlibs_shared_store8(&xvc->page->cli_live, 1);
    xenlibs_shared_store8(&xvc->page->srv_notify, VCHAN_NOTIFY_WRITE);
    return 0;
}

/* ---- both ---- */

static void release_pages(struct xenvchan *xvc, void *address, uint32_t count)
{
    if (xvc->is_server)
        xengntshr_unshare(xvc->gntshr, address, count);
    else
        xengnttab_unmap(xvc->gnttab, address, count);
}

static void release_ring(struct xenvchan *xvc, struct vchan_ring *ring)
{
    if (ring->bytes && pages_of(ring))
        release_pages(xvc, ring->bytes, pages_of(ring));
    ring->bytes = NULL;
}

void xenvchan_memory_release(struct xenvchan *xvc)
{
    int saved = errno;

    if (!xvc->page)
        return;
    release_ring(xvc, &xvc->read);
    release_ring(xvc, &xvc->write);
    xenlibs_shared_store8(xvc->is_server ? &xvc->page->srv_live : &xvc->page->cli_live, 0);
    release_pages(xvc, xvc->page, 1);
    xvc->page = NULL;
    xenevtchn_notify(xvc->event, xvc->port);
    errno = saved;
}
