/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "registry.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

/* Libraries of other builds embed this struct: its layout is ABI. */
_Static_assert(sizeof(Xentoolcore__Active_Handle) == 3 * sizeof(void *), "handle size");
_Static_assert(offsetof(Xentoolcore__Active_Handle, restrict_callback) == 0, "callback");
_Static_assert(offsetof(Xentoolcore__Active_Handle, entry.le_next) == sizeof(void *), "next");
_Static_assert(offsetof(Xentoolcore__Active_Handle, entry.le_prev) == 2 * sizeof(void *), "prev");

/*
 * The handle has no room for the domain it is restricted to, and some device
 * refuses a second restriction even to the same domain, so this is kept here.
 */
struct restriction {
    const Xentoolcore__Active_Handle *ah;
    domid_t domid;
};

static pthread_mutex_t registry_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;
static Xentoolcore__Active_Handle *newest;
static struct restriction *restrictions;
static size_t restriction_count;

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

static struct restriction *find_restriction(const Xentoolcore__Active_Handle *ah)
{
    for (size_t i = 0; i < restriction_count; i++)
        if (restrictions[i].ah == ah)
            return &restrictions[i];
    return NULL;
}

int xentoolcore_registry_is_restricted(const Xentoolcore__Active_Handle *ah, domid_t domid)
{
    const struct restriction *r = find_restriction(ah);

    return r && r->domid == domid;
}

void xentoolcore_registry_note_restricted(const Xentoolcore__Active_Handle *ah, domid_t domid)
{
    struct restriction *r = find_restriction(ah);

    if (!r) {
        r = reallocarray(restrictions, restriction_count + 1, sizeof(*r));
        if (!r)
            return;
        restrictions = r;
        r += restriction_count++;
        r->ah = ah;
    }
    r->domid = domid;
}

static void forget_restriction(const Xentoolcore__Active_Handle *ah)
{
    struct restriction *r = find_restriction(ah);

    if (!r)
        return;
    *r = restrictions[--restriction_count];
    if (!restriction_count) {
        free(restrictions);
        restrictions = NULL;
    }
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
    forget_restriction(ah);
    xentoolcore_registry_unlock();
    errno = saved;
}
