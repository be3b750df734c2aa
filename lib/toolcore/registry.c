/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "registry.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>

/* Libraries of other builds embed this struct: its layout is ABI. */
_Static_assert(sizeof(Xentoolcore__Active_Handle) == 3 * sizeof(void *), "handle size");
_Static_assert(offsetof(Xentoolcore__Active_Handle, restrict_callback) == 0, "callback");
_Static_assert(offsetof(Xentoolcore__Active_Handle, entry.le_next) == sizeof(void *), "next");
_Static_assert(offsetof(Xentoolcore__Active_Handle, entry.le_prev) == 2 * sizeof(void *), "prev");

static pthread_mutex_t registry_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;
static Xentoolcore__Active_Handle *newest;

static void take_mutex(void)
{
    pthread_mutex_lock(&registry_mutex);
}

static void release_mutex(void)
{
    pthread_mutex_unlock(&registry_mutex);
}

/* A child may close its handles even if another thread held the lock at fork. */
static void prepare_for_fork(void)
{
    pthread_atfork(take_mutex, release_mutex, release_mutex);
}

Xentoolcore__Active_Handle *xentoolcore_registry_lock(void)
{
    pthread_once(&fork_once, prepare_for_fork);
    take_mutex();
    return newest;
}

void xentoolcore_registry_unlock(void)
{
    release_mutex();
}

void xentoolcore__register_active_handle(Xentoolcore__Active_Handle *ah)
{
    ah->entry.le_next = xentoolcore_registry_lock();
    ah->entry.le_prev = &newest;
    if (newest)
        newest->entry.le_prev = &ah->entry.le_next;
    newest = ah;
    xentoolcore_registry_unlock();
}

void xentoolcore__deregister_active_handle(Xentoolcore__Active_Handle *ah)
{
    int saved = errno;

    xentoolcore_registry_lock();
    *ah->entry.le_prev = ah->entry.le_next;
    if (ah->entry.le_next)
        ah->entry.le_next->entry.le_prev = ah->entry.le_prev;
    xentoolcore_registry_unlock();
    errno = saved;
}
