/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The layouts of tests/data/layouts as a table; written by layouts_to_c.py. */
#ifndef XENLIBS_TESTS_FAKELAYOUTS_H
#define XENLIBS_TESTS_FAKELAYOUTS_H

struct fakelayout {
    unsigned minor;
    const char *unit;   /* "xen_domctl" or "xen_sysctl"; NULL ends the table */
    const char *member; /* of its union */
    const char *field;  /* "": the member as a whole */
    unsigned offset, size;
};

extern const struct fakelayout fakelayouts[];

#endif
