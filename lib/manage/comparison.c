/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comparison.h"

#include <errno.h>
#include <stdlib.h>

/*
 * A domain's processor time never falls, but the clocks that Xen adds it up with
 * may disagree between processors by less than this.
 */
enum { CLOCK_DISAGREEMENT_NS = 10000000 };

/* Less processor time than before: another domain, which has everything else in common. */
static bool began_anew(const struct xenmanage_known_domain *was,
                       const struct xenmanage_known_domain *is)
{
    return is->cpu_time_ns + CLOCK_DISAGREEMENT_NS < was->cpu_time_ns;
}

static bool differ(const struct xenmanage_known_domain *was,
                   const struct xenmanage_known_domain *is)
{
    return is->state != was->state || is->caps != was->caps ||
           is->unique_id != was->unique_id || began_anew(was, is);
}

static const struct xenmanage_known_domain *at(const struct xenmanage_domain_list *list,
                                               size_t index)
{
    return index < list->count ? &list->domains[index] : NULL;
}

/* Goes on by one domid; true if there the two differ. Both lists ascend. */
static bool step(struct xenmanage_comparison *comparison, struct xenmanage_known_domain *changed)
{
    const struct xenmanage_known_domain *was = at(&comparison->known, comparison->known_at);
    const struct xenmanage_known_domain *is = at(&comparison->fresh, comparison->fresh_at);

    if (was && (!is || was->domid < is->domid)) {
        comparison->known_at++;
        *changed = (struct xenmanage_known_domain){.domid = was->domid};
        return true;
    }
    *changed = *is;
    comparison->fresh_at++;
    if (!was || is->domid < was->domid)
        return true;
    comparison->known_at++;
    return differ(was, is);
}

static bool find_difference(struct xenmanage_comparison *comparison,
                            struct xenmanage_known_domain *changed)
{
    while (comparison->known_at < comparison->known.count ||
           comparison->fresh_at < comparison->fresh.count)
        if (step(comparison, changed))
            return true;
    return false;
}

static int begin(struct xenmanage_comparison *comparison, struct hvabi *abi)
{
    if (xenmanage_list_read(&comparison->fresh, abi))
        return -1;
    comparison->known_at = comparison->fresh_at = 0;
    comparison->under_way = true;
    return 0;
}

/* What was fresh is known now. */
static void finish(struct xenmanage_comparison *comparison)
{
    struct xenmanage_domain_list known = comparison->known;

    comparison->known = comparison->fresh;
    comparison->fresh = known;
    comparison->under_way = false;
}

int xenmanage_compare(struct xenmanage_comparison *comparison, struct hvabi *abi,
                      struct xenmanage_known_domain *changed)
{
    bool begun_here = false;

    while (!begun_here) {
        if (!comparison->under_way) {
            if (begin(comparison, abi))
                return -1;
            begun_here = true;
        }
        if (find_difference(comparison, changed))
            return 0;
        finish(comparison);
    }
    errno = ENOENT;
    return -1;
}

void xenmanage_comparison_end(struct xenmanage_comparison *comparison)
{
    int saved = errno;

    free(comparison->known.domains);
    free(comparison->fresh.domains);
    errno = saved;
}
