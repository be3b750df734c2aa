/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "permission.h"
#include "pollable.h"
#include "request.h"
#include "strings.h"
#include "wait.h"

/* What a reply consists of; ANY takes them all as bytes. */
enum form { ANY, DONE, DIRECTORY, PERMISSIONS, TRANSACTION };

static enum form form_of(uint32_t type)
{
    switch (type) {
    case XS_DIRECTORY:
        return DIRECTORY;
    case XS_GET_PERMS:
        return PERMISSIONS;
    case XS_TRANSACTION_START:
        return TRANSACTION;
    case XS_CONTROL:
    case XS_READ:
    case XS_GET_DOMAIN_PATH:
    case XS_IS_DOMAIN_INTRODUCED:
    case XS_DIRECTORY_PART:
        return ANY;
    default:
        return DONE;
    }
}

/* The request, if it may be collected in this form; or NULL with errno. */
static struct xs_request *find(struct xs_handle *h, xs_request_t id, enum form form)
{
    struct xs_request *request = xs_request_find(h, id);

    if (!request)
        errno = EBADR;
    else if (request->collected)
        errno = EBUSY;
    else if (form != ANY && form != form_of(request->type))
        errno = EINVAL;
    else
        return request;
    return NULL;
}

/* Takes the request out of the table once it is answered. All want the mutex. */
static struct xs_request *take(struct xs_handle *h, xs_request_t id, enum form form,
                               int timeout_ms)
{
    struct xs_request *request = find(h, id, form);
    struct xenlibs_deadline deadline;
    int rc;

    if (!request)
        return NULL;
    xenlibs_deadline_set(&deadline, timeout_ms);
    request->collected = true;
    rc = xs_wait(h, request, &deadline);
    request->collected = false;
    if (rc)
        return NULL;
    xs_request_remove(h, request);
    return request;
}

/* Returns a request without an error, which the caller frees; or NULL with errno. */
static struct xs_request *collect(struct xs_handle *h, xs_request_t id, enum form form,
                                  int timeout_ms)
{
    struct xs_request *request;
    bool muted;

    xs_lock(h);
    muted = xs_pollable_mute(h);
    request = take(h, id, form, timeout_ms);
    xs_pollable_unmute(h, muted);
    xs_unlock(h);
    if (request && request->error) {
        errno = request->error;
        free(request);
        return NULL;
    }
    return request;
}

static void drop(struct xs_request *request)
{
    int saved = errno;

    free(request->body);
    free(request);
    errno = saved;
}

void *xs_collect(struct xs_handle *h, xs_request_t id, int timeout_ms, unsigned int *len)
{
    struct xs_request *request = collect(h, id, ANY, timeout_ms);
    char *text;

    if (!request)
        return NULL;
    text = xs_request_take_text(request);
    if (text && len)
        *len = request->len;
    drop(request);
    return text;
}

bool xs_collect_done(struct xs_handle *h, xs_request_t id, int timeout_ms)
{
    struct xs_request *request = collect(h, id, DONE, timeout_ms);

    if (!request)
        return false;
    drop(request);
    return true;
}

char **xs_collect_directory(struct xs_handle *h, xs_request_t id, int timeout_ms,
                            unsigned int *num)
{
    struct xs_request *request = collect(h, id, DIRECTORY, timeout_ms);
    char **names;

    if (!request)
        return NULL;
    names = xs_strings_block((const uint8_t *)xs_request_text(request), request->len, num);
    drop(request);
    return names;
}

struct xs_permissions *xs_collect_permissions(struct xs_handle *h, xs_request_t id,
                                              int timeout_ms, unsigned int *num)
{
    struct xs_request *request = collect(h, id, PERMISSIONS, timeout_ms);
    struct xs_permissions *perms;

    if (!request)
        return NULL;
    perms = xs_permissions_parse(xs_request_text(request), request->len, num);
    drop(request);
    return perms;
}

xs_transaction_t xs_collect_transaction(struct xs_handle *h, xs_request_t id, int timeout_ms)
{
    struct xs_request *request = collect(h, id, TRANSACTION, timeout_ms);
    unsigned int transaction;

    if (!request)
        return XBT_NULL;
    if (!xs_parse_number(xs_request_text(request), &transaction) || !transaction) {
        transaction = XBT_NULL;
        errno = EPROTO;
    }
    drop(request);
    return transaction;
}

bool xs_forget(struct xs_handle *h, xs_request_t id)
{
    struct xs_request *request;

    xs_lock(h);
    request = find(h, id, ANY);
    if (request && request->answered)
        xs_request_remove(h, request);
    else if (request)
        request->forgotten = true;
    xs_unlock(h);
    if (!request)
        return false;
    if (!request->forgotten)
        drop(request);
    return true;
}
