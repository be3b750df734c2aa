/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has changed, found by comparing the domains there are with those told before. */
#ifndef XENLIBS_MANAGE_COMPARISON_H
#define XENLIBS_MANAGE_COMPARISON_H

#include <stdbool.h>

#include "domain_list.h"

/* All zero: no domain was told yet. */
struct xenmanage_comparison {
    struct xenmanage_domain_list known, fresh;
    size_t known_at, fresh_at; /* up to here the two have been compared */
    bool under_way;
};

/*
 * Finds the next domain that has changed; one that is gone has no state. ENOENT
 * is said only of domains that were read during this very call.
 *
 * Return: 0; or -1 with errno, nothing lost: ENOENT when nothing has changed, or
 * that of xenmanage_list_read().
 */
int xenmanage_compare(struct xenmanage_comparison *comparison, struct hvabi *abi,
                      struct xenmanage_known_domain *changed);

/* Frees what it holds, and keeps errno. */
void xenmanage_comparison_end(struct xenmanage_comparison *comparison);

#endif
