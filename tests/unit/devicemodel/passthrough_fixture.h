/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each test of passthrough starts with: Xen of some release, and a handle on it. */
#ifndef DEVICEMODEL_PASSTHROUGH_FIXTURE_H
#define DEVICEMODEL_PASSTHROUGH_FIXTURE_H

#ifndef __XEN_TOOLS__
#define __XEN_TOOLS__ 1
#endif

#include "harness.h"

#include <errno.h>
#include <string.h>
#include <xen/xen.h>

#include "fakexen.h"
#include "sent.h"
#include "xendevicemodel_passthrough.h"

enum {
    DOM = 7,
    IRQ_PERMISSION = 19,
    IOMEM_PERMISSION = 20,
    IOPORT_PERMISSION = 21,
    ASSIGN_DEVICE = 37,
    BIND_PT_IRQ = 38,
    MEMORY_MAPPING = 39,
    IOPORT_MAPPING = 40,
    TEST_ASSIGN_DEVICE = 45,
    DEASSIGN_DEVICE = 47,
    UNBIND_PT_IRQ = 48,
    GSI_PERMISSION = 88,
};

/* Xen 4.@minor starts, and nothing is known of it yet; the end. */
xendevicemodel_handle *start(unsigned minor);
void stop(xendevicemodel_handle *dmod);

/* Success keeps errno. */
#define assert_done(call) \
    do { \
        errno = EDOM; \
        assert_int_equal(call, 0); \
        assert_int_equal(errno, EDOM); \
    } while (0)

/* Xen was not asked. */
#define assert_refused(call, reason) \
    do { \
        unsigned before = requests; \
        assert_fails_with(call, -1, reason); \
        assert_int_equal(requests, before); \
    } while (0)

#endif
