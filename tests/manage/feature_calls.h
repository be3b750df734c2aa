/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For each of libxenmanage's features a call that needs it, so that what
 * xenmanage_has_feature() says can be held against what the libraries do.
 */
#ifndef XENLIBS_TESTS_MANAGE_FEATURE_CALLS_H
#define XENLIBS_TESTS_MANAGE_FEATURE_CALLS_H

#include <stdbool.h>

#include <xenctrl.h>
#include <xenmanage.h>

struct feature_call {
    enum xenmanage_feature feature;
    const char *name;
    /*
     * Uses the feature on the HVM domain @domid, and undoes it; NULL: no function of
     * the libraries fails without it. Returns 0 or more, or -1 with errno.
     */
    long (*use)(xc_interface *xch, uint32_t domid);
    /* Found out by the release alone, which of 4.14, 4.15, … brought it; or 0. */
    unsigned since_minor;
};

extern const struct feature_call feature_calls[];
extern const unsigned nr_feature_calls;

/* Does @errnoval say that something is not there, or can it not say that? */
bool feature_may_be_absent_by(int errnoval);
bool feature_must_be_absent_by(int errnoval);

#endif
