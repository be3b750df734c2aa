/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hypercall.h"

#include <errno.h>

bool xendevicemodel_is_restricted(xendevicemodel_handle *dmod)
{
    return atomic_load(&dmod->restricted_to) != DEVICEMODEL_UNRESTRICTED;
}

/*
 * Whatever went wrong: on a handle that is restricted by now, that is the reason.
 * restrict_all may be at it in this very moment, and have come to the handle for
 * hypercalls before ours; @symptom is what one out of use says.
 */
static void name_the_reason(xendevicemodel_handle *dmod, int symptom)
{
    if (errno == symptom || xendevicemodel_is_restricted(dmod))
        errno = EPERM;
}

/*
 * Opened without the mutex: it registers the handle, which waits for a
 * restrict_all that may itself wait for the mutex. So another thread may have
 * been faster, or a restriction, which must not miss the new handle.
 */
static xencall_handle *open_call(xendevicemodel_handle *dmod)
{
    xencall_handle *fresh = xencall_open(dmod->log.callers, 0), *call = NULL;

    if (!fresh)
        return NULL;
    pthread_mutex_lock(&dmod->mutex);
    if (!xendevicemodel_is_restricted(dmod)) {
        call = atomic_load(&dmod->call);
        if (!call) {
            dmod->abi.xcall = fresh; /* seen by whoever sees the next */
            atomic_store(&dmod->call, fresh);
            call = fresh;
        }
    }
    pthread_mutex_unlock(&dmod->mutex);
    if (call != fresh)
        xencall_close(fresh);
    return call;
}

static xencall_handle *get_call(xendevicemodel_handle *dmod)
{
    xencall_handle *call = atomic_load(&dmod->call);

    if (xendevicemodel_is_restricted(dmod))
        return NULL;
    return call ? call : open_call(dmod);
}

void *xendevicemodel_argument_new(xendevicemodel_handle *dmod, size_t size)
{
    xencall_handle *call = get_call(dmod);
    void *argument;

    if (!call) {
        name_the_reason(dmod, EPERM);
        return NULL;
    }
    argument = xencall_alloc_buffer(call, size);
    if (!argument)
        name_the_reason(dmod, EACCES);
    return argument;
}

void xendevicemodel_argument_free(xendevicemodel_handle *dmod, void *argument)
{
    xencall_free_buffer(atomic_load(&dmod->call), argument);
}

int xendevicemodel_hypercall(xendevicemodel_handle *dmod, unsigned int op, uint64_t arg1,
                             uint64_t arg2, uint64_t arg3)
{
    int rc = xencall3(atomic_load(&dmod->call), op, arg1, arg2, arg3);

    if (rc < 0)
        name_the_reason(dmod, ENOTTY);
    return rc;
}

struct hvabi *xendevicemodel_hvabi(xendevicemodel_handle *dmod)
{
    if (get_call(dmod))
        return &dmod->abi;
    name_the_reason(dmod, EPERM);
    return NULL;
}

int xendevicemodel_outcome(xendevicemodel_handle *dmod, int result)
{
    if (result >= 0)
        return 0;
    name_the_reason(dmod, ENOTTY);
    return -1;
}
