/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store_place.h"

#include "conformance.h"

#include <stdlib.h>
#include <string.h>

static const char folder[] = "xenlibs-conformance";
static char base[PLACE_PATH_BYTES / 4];

static void find_place(struct xs_handle *xsh)
{
    char *home;

    if (in_dom0()) {
        snprintf(base, sizeof(base), "/%s", folder);
        return;
    }
    home = xs_get_domain_path(xsh, own_domid());
    assert_non_null(home);
    snprintf(base, sizeof(base), "%s/data/%s", home, folder);
    free(home);
}

struct xs_handle *enter_place(void)
{
    struct xs_handle *xsh = xs_open(0);

    assert_non_null(xsh);
    find_place(xsh);
    xs_rm(xsh, XBT_NULL, base);
    assert_true(xs_mkdir(xsh, XBT_NULL, base));
    return xsh;
}

void leave_place(struct xs_handle *xsh)
{
    assert_true(xs_rm(xsh, XBT_NULL, base));
    xs_close(xsh);
}

const char *at(const char *name)
{
    static char paths[8][PLACE_PATH_BYTES];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, PLACE_PATH_BYTES, "%s%s%.300s", base, *name ? "/" : "", name);
    return path;
}

const char *shown(const char *path)
{
    const char *found = strstr(path, folder);

    return found ? found : path;
}

void skip_beside_oxenstored(struct xs_handle *xsh)
{
    char *daemon = xs_read(xsh, XBT_NULL, "/tool/xenstored", NULL);
    bool is_oxenstored = daemon && strstr(daemon, "oxenstored");

    free(daemon);
    if (is_oxenstored)
        skip_because("oxenstored does not answer requests that it does not know");
}

const char *said(bool worked)
{
    return worked ? "ok" : errno_name(errno);
}

const char *said_of(void *result)
{
    const char *outcome = result ? "there" : errno_name(errno);

    free(result);
    return outcome;
}
