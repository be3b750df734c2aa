/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process-wide list of open handles, newest first. */
#ifndef XENLIBS_TOOLCORE_REGISTRY_H
#define XENLIBS_TOOLCORE_REGISTRY_H

#include "xentoolcore_internal.h"

/*
 * Takes the registry and returns the newest handle, or NULL. Nothing enters or
 * leaves the list until xentoolcore_registry_unlock().
 */
Xentoolcore__Active_Handle *xentoolcore_registry_lock(void);
void xentoolcore_registry_unlock(void);

#endif
