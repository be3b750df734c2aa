/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind a xenmanage_handle. */
#ifndef XENLIBS_MANAGE_HANDLE_H
#define XENLIBS_MANAGE_HANDLE_H

#include <pthread.h>
#include <stdatomic.h>

#include "comparison.h"
#include "hvabi.h"
#include "library_log.h"
#include "xenmanage.h"

struct xenmanage_handle {
    struct xenlibs_log log;
    xencall_handle *call;
    struct hvabi abi;
    pthread_mutex_t mutex; /* guards comparisons: this one, and those of changes */
    _Atomic uint64_t features; /* those that are known to be there, by number */
    struct xenmanage_comparison polled; /* what poll_changed_domain() has told, before 4.21 */
};

#endif
