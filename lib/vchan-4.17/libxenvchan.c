/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libxenvchan.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "xenvchan.h"

/* What the caller sees, and what is behind it. */
struct channel {
    struct libxenvchan seen;
    xenvchan *xvc;
};

static xenvchan *behind(struct libxenvchan *ctrl)
{
    return ((struct channel *)(void *)ctrl)->xvc;
}

/* The caller sets what he likes in the struct, and that holds from the next call on. */
static xenvchan *as_the_caller_wants(struct libxenvchan *ctrl)
{
    xenvchan *xvc = behind(ctrl);

    xenvchan_set_blocking(xvc, ctrl->blocking);
    xenvchan_set_persistent(xvc, ctrl->server_persist);
    return xvc;
}

static size_t at_most_int_max(size_t size)
{
    return size < INT_MAX ? size : INT_MAX;
}

static int bytes_or_nothing(ssize_t moved)
{
    return moved < 0 && errno == EAGAIN ? 0 : (int)moved;
}

static int order_of(size_t size)
{
    int order = 0;

    while ((size_t)1 << order < size)
        order++;
    return order;
}

static void show_ring(struct libxenvchan_ring *ring, struct ring_shared *indices,
                      const struct xenvchan_ring_view *view)
{
    ring->shr = indices;
    ring->buffer = view->bytes;
    ring->order = order_of(view->size);
}

static int show(struct channel *channel)
{
    struct libxenvchan *seen = &channel->seen;
    struct xenvchan_view view = {.size = sizeof(view)};

    if (xenvchan_get_view(channel->xvc, &view))
        return -1;
    if (view.is_server)
        seen->gntshr = view.gntshr;
    else
        seen->gnttab = view.gnttab;
    seen->ring = view.page;
    seen->event = view.event;
    seen->event_port = view.event_port;
    seen->is_server = view.is_server ? -1 : 0;
    show_ring(&seen->read, view.is_server ? &view.page->left : &view.page->right, &view.read);
    show_ring(&seen->write, view.is_server ? &view.page->right : &view.page->left, &view.write);
    return 0;
}

static struct libxenvchan *discard(struct channel *channel)
{
    int saved = errno;

    if (channel) {
        xenvchan_close(channel->xvc);
        free(channel->seen.xs_path);
        free(channel);
    }
    errno = saved;
    return NULL;
}

/* A domain's number as the callers of old have it. */
static uint32_t domid_of(int domain)
{
    return domain < 0 ? UINT32_MAX : (uint32_t)domain;
}

struct libxenvchan *libxenvchan_server_init(struct xentoollog_logger *logger, int domain,
                                            const char *xs_path, size_t read_min,
                                            size_t write_min)
{
    struct xenvchan_options options = {.size = sizeof(options),
                                       .logger = logger,
                                       .read_min = read_min,
                                       .write_min = write_min};
    struct channel *channel = calloc(1, sizeof(*channel));

    if (!channel)
        return NULL;
    channel->xvc = xenvchan_server_open(domid_of(domain), xs_path, &options);
    if (!channel->xvc)
        return discard(channel);
    channel->seen.xs_path = strdup(xs_path);
    if (!channel->seen.xs_path || show(channel))
        return discard(channel);
    return &channel->seen;
}

struct libxenvchan *libxenvchan_client_init(struct xentoollog_logger *logger, int domain,
                                            const char *xs_path)
{
    struct xenvchan_options options = {.size = sizeof(options), .logger = logger};
    struct channel *channel = calloc(1, sizeof(*channel));

    if (!channel)
        return NULL;
    channel->xvc = xenvchan_client_open(domid_of(domain), xs_path, &options);
    if (!channel->xvc || show(channel))
        return discard(channel);
    return &channel->seen;
}

void libxenvchan_close(struct libxenvchan *ctrl)
{
    discard((struct channel *)(void *)ctrl);
}

int libxenvchan_recv(struct libxenvchan *ctrl, void *data, size_t size)
{
    return bytes_or_nothing(xenvchan_recv(as_the_caller_wants(ctrl), data, size));
}

int libxenvchan_read(struct libxenvchan *ctrl, void *data, size_t size)
{
    return bytes_or_nothing(xenvchan_read(as_the_caller_wants(ctrl), data, size));
}

int libxenvchan_send(struct libxenvchan *ctrl, const void *data, size_t size)
{
    return bytes_or_nothing(xenvchan_send(as_the_caller_wants(ctrl), data, size));
}

int libxenvchan_write(struct libxenvchan *ctrl, const void *data, size_t size)
{
    return bytes_or_nothing(
        xenvchan_write(as_the_caller_wants(ctrl), data, at_most_int_max(size)));
}

/* The end of a channel is no failure of waiting; the callers of old ask is_open then. */
int libxenvchan_wait(struct libxenvchan *ctrl)
{
    if (xenvchan_wait(as_the_caller_wants(ctrl), -1) > 0)
        return 0;
    return errno == EPIPE || errno == ECONNRESET ? 0 : -1;
}

int libxenvchan_fd_for_select(struct libxenvchan *ctrl)
{
    return xenvchan_fd(behind(ctrl));
}

int libxenvchan_is_open(struct libxenvchan *ctrl)
{
    int state = xenvchan_is_open(as_the_caller_wants(ctrl));

    return state && ctrl->is_server && ctrl->server_persist ? 1 : state;
}

int libxenvchan_data_ready(struct libxenvchan *ctrl)
{
    return xenvchan_data_ready(behind(ctrl));
}

int libxenvchan_buffer_space(struct libxenvchan *ctrl)
{
    return xenvchan_buffer_space(behind(ctrl));
}

void close_xs_srv(struct libxenvchan *ctrl)
{
    int saved = errno;

    if (ctrl && ctrl->xs_path) {
        xenvchan_withdraw(behind(ctrl));
        free(ctrl->xs_path);
        ctrl->xs_path = NULL;
    }
    errno = saved;
}
