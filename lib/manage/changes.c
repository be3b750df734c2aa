/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A descriptor that tells of changes, and the changes themselves. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "fail.h"
#include "handle.h"
#include "state.h"
#include "xenevtchn.h" /* and VIRQ_DOM_EXC, DOMID_INVALID */
#include "xenstore.h"

struct xenmanage_changes {
    xenmanage_handle *hdl;
    struct xs_handle *store; /* one of these two is the source of news */
    xenevtchn_handle *virq;
    struct xenmanage_comparison comparison; /* guarded by the handle's mutex */
};

static int read_options(const struct xenmanage_changes_options *options,
                        enum xenmanage_changes_source *source)
{
    const char *bytes = (const char *)options;

    *source = XENMANAGE_CHANGES_FROM_STORE;
    if (!options)
        return 0;
    if (options->size < sizeof(*options))
        return xenlibs_fail(EINVAL);
    for (size_t i = sizeof(*options); i < options->size; i++)
        if (bytes[i])
            return xenlibs_fail(E2BIG);
    *source = options->source;
    if (*source != XENMANAGE_CHANGES_FROM_STORE && *source != XENMANAGE_CHANGES_FROM_VIRQ)
        return xenlibs_fail(EINVAL);
    return 0;
}

/* Each watch fires once at the start, so the descriptor is readable at first. */
static int listen_to_store(xenmanage_changes *changes)
{
    changes->store = xs_open(0);
    if (!changes->store)
        return -1;
    if (!xs_watch(changes->store, "@introduceDomain", "") ||
        !xs_watch(changes->store, "@releaseDomain", "") || xs_fileno(changes->store) < 0)
        return -1;
    return 0;
}

static int listen_to_virq(xenmanage_changes *changes)
{
    changes->virq = xenevtchn_open(changes->hdl->log.callers, XENEVTCHN_NONBLOCK);
    if (!changes->virq)
        return -1;
    return xenevtchn_bind_virq(changes->virq, VIRQ_DOM_EXC) < 0 ? -1 : 0;
}

static int end_changes(xenmanage_changes *changes)
{
    int saved = errno;

    xs_close(changes->store);
    xenevtchn_close(changes->virq);
    xenmanage_comparison_end(&changes->comparison);
    free(changes);
    errno = saved;
    return 0;
}

xenmanage_changes *xenmanage_changes_open(xenmanage_handle *hdl,
                                          const struct xenmanage_changes_options *options)
{
    int saved = errno;
    enum xenmanage_changes_source source;
    xenmanage_changes *changes;

    if (!hdl) {
        errno = EINVAL;
        return NULL;
    }
    if (read_options(options, &source))
        return NULL;
    changes = calloc(1, sizeof(*changes));
    if (!changes)
        return NULL;
    changes->hdl = hdl;
    if (source == XENMANAGE_CHANGES_FROM_VIRQ ? listen_to_virq(changes)
                                              : listen_to_store(changes)) {
        end_changes(changes);
        return NULL;
    }
    errno = saved;
    return changes;
}

int xenmanage_changes_fd(xenmanage_changes *changes)
{
    if (!changes)
        return xenlibs_fail(EINVAL);
    return changes->virq ? xenevtchn_fd(changes->virq) : xs_fileno(changes->store);
}

/* What has been heard up to here is answered by the look that follows. */
static int forget_store_events(struct xs_handle *store)
{
    char **event;

    errno = 0;
    while ((event = xs_check_watch(store)))
        free(event);
    return errno == EAGAIN ? 0 : -1;
}

static int forget_virq(xenevtchn_handle *virq)
{
    xenevtchn_port_or_error_t port;

    while ((port = xenevtchn_pending(virq)) >= 0)
        if (xenevtchn_unmask(virq, (evtchn_port_t)port))
            return -1;
    return errno == EAGAIN ? 0 : -1;
}

/* The owner of the interrupt is the one for whom Xen notes down what has changed. */
static int next_locked(xenmanage_changes *changes, struct xenmanage_known_domain *changed)
{
    struct hvabi *abi = &changes->hdl->abi;
    int xen_notes = changes->virq ? xenmanage_xen_tells_states(abi) : 0;

    if (xen_notes < 0)
        return -1;
    if (changes->virq ? forget_virq(changes->virq) : forget_store_events(changes->store))
        return -1;
    return xen_notes ? xenmanage_ask_xen(abi, DOMID_INVALID, changed)
                     : xenmanage_compare(&changes->comparison, abi, changed);
}

int xenmanage_changes_next(xenmanage_changes *changes, unsigned int *domid,
                           unsigned int *state, unsigned int *caps, uint64_t *unique_id)
{
    int saved = errno, rc;
    struct xenmanage_known_domain changed;

    if (!changes || !domid)
        return xenlibs_fail(EINVAL);
    pthread_mutex_lock(&changes->hdl->mutex);
    rc = next_locked(changes, &changed);
    pthread_mutex_unlock(&changes->hdl->mutex);
    if (rc)
        return xenmanage_failed(&changes->hdl->abi);
    *domid = changed.domid;
    xenmanage_store_state(&changed, state, caps, unique_id);
    errno = saved;
    return 0;
}

int xenmanage_changes_close(xenmanage_changes *changes)
{
    return changes ? end_changes(changes) : 0;
}
