/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a channel has in the store: two keys of the server's, and watches. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"

enum { MAX_TRIES = 100 }; /* of a transaction that others keep spoiling */

/* The last node of a released domain's life; dom0 hears of it, others do not. */
#define RELEASE_DOMAIN "@releaseDomain"

static int parse_number(const char *text, uint32_t *number)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (errno || end == text || *end || text[0] < '0' || text[0] > '9' || value > UINT32_MAX) {
        errno = EPROTO;
        return -1;
    }
    *number = (uint32_t)value;
    return 0;
}

static int read_number(struct xs_handle *xs, const char *key, uint32_t *number)
{
    unsigned int length;
    char *text = xs_read(xs, XBT_NULL, key, &length);
    int rc, saved;

    if (!text)
        return -1;
    rc = parse_number(text, number);
    saved = errno;
    free(text);
    errno = saved;
    return rc;
}

int xenvchan_store_open(struct vchan_store *store, const char *path)
{
    store->path = strdup(path);
    if (!store->path || asprintf(&store->ring_ref_key, "%s/ring-ref", path) < 0)
        store->ring_ref_key = NULL;
    if (!store->ring_ref_key || asprintf(&store->event_channel_key, "%s/event-channel", path) < 0) {
        store->event_channel_key = NULL;
        errno = ENOMEM;
        return -1;
    }
    store->xs = xs_open(0);
    if (!store->xs)
        return -1;
    return read_number(store->xs, "domid", &store->own_domid);
}

void xenvchan_store_close(struct vchan_store *store)
{
    int saved = errno;

    if (store->xs)
        xs_close(store->xs);
    free(store->path);
    free(store->ring_ref_key);
    free(store->event_channel_key);
    errno = saved;
}

static bool write_key(struct xenvchan *xvc, xs_transaction_t transaction, const char *key,
                      uint32_t number)
{
    struct xs_permissions permissions[] = {
        {.id = xvc->store.own_domid, .perms = XS_PERM_NONE},
        {.id = xvc->domid, .perms = XS_PERM_READ},
    };
    char text[16];
    int length = snprintf(text, sizeof(text), "%u", number);

    return xs_write(xvc->store.xs, transaction, key, text, (unsigned int)length) &&
           xs_set_permissions(xvc->store.xs, transaction, key, permissions, 2);
}

static int advertise_once(struct xenvchan *xvc)
{
    struct xs_handle *xs = xvc->store.xs;
    xs_transaction_t transaction = xs_transaction_start(xs);
    bool written;
    int saved;

    if (transaction == XBT_NULL)
        return -1;
    written = write_key(xvc, transaction, xvc->store.ring_ref_key, xvc->ring_ref) &&
              write_key(xvc, transaction, xvc->store.event_channel_key, xvc->port);
    saved = errno;
    if (!xs_transaction_end(xs, transaction, !written) && written)
        return -1;
    errno = saved;
    return written ? 0 : -1;
}

int xenvchan_store_advertise(struct xenvchan *xvc)
{
    int rc, tries = 0;

    do
        rc = advertise_once(xvc);
    while (rc && errno == EAGAIN && ++tries < MAX_TRIES);
    return rc;
}

/* Whether the keys are the ones that we wrote or connected by. 0 with errno if not known. */
static int keys_are_ours(struct xenvchan *xvc)
{
    uint32_t ring_ref, port;

    if (xenvchan_store_find(xvc, &ring_ref, &port))
        return 0;
    errno = EEXIST;
    return ring_ref == xvc->ring_ref && port == (xvc->is_server ? xvc->port : xvc->remote_port);
}

/* Another server may have advertised itself at the same place by now. */
int xenvchan_store_withdraw(struct xenvchan *xvc)
{
    int saved = errno;

    if (!xvc->store.xs || !keys_are_ours(xvc))
        return -1;
    if (!xs_rm(xvc->store.xs, XBT_NULL, xvc->store.path))
        return -1;
    errno = saved;
    return 0;
}

int xenvchan_store_find(struct xenvchan *xvc, uint32_t *ring_ref, uint32_t *port)
{
    if (read_number(xvc->store.xs, xvc->store.ring_ref_key, ring_ref))
        return -1;
    return read_number(xvc->store.xs, xvc->store.event_channel_key, port);
}

/*
 * A client sees the server's key go when the toolstack cleans up after its domain,
 * and before it connects, it sees the key come. In dom0 the store tells of every
 * domain's end. Where a watch is refused, the ticks of wait.c have to do.
 */
void xenvchan_store_watch(struct xenvchan *xvc)
{
    struct vchan_store *store = &xvc->store;

    if (!xvc->is_server)
        xs_watch(store->xs, store->ring_ref_key, "server");
    if (store->own_domid == 0)
        xs_watch(store->xs, RELEASE_DOMAIN, "domain");
    store->peer_was_introduced = xs_is_domain_introduced(store->xs, xvc->domid);
}

static void look_at_keys(struct xenvchan *xvc)
{
    int saved = errno;

    if (!xvc->is_server && atomic_load(&xvc->connected) && !keys_are_ours(xvc) &&
        (errno == ENOENT || errno == EEXIST || errno == EACCES))
        atomic_store(&xvc->store.keys_are_gone, true);
    errno = saved;
}

int xenvchan_store_take_reports(struct xenvchan *xvc)
{
    char **report;
    bool any = false;

    while ((report = xs_check_watch(xvc->store.xs))) {
        free(report);
        any = true;
    }
    if (errno != EAGAIN)
        return -1;
    if (any && atomic_load(&xvc->connected)) {
        look_at_keys(xvc);
        xenvchan_look_for_domain(xvc, true);
    } else if (any) {
        xenvchan_client_retry(xvc);
    }
    return 0;
}
