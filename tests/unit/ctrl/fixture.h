/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What each test of libxenctrl starts with: Xen of some release, an interface to it,
 * and a record of what was sent.
 */
#ifndef CTRL_FIXTURE_H
#define CTRL_FIXTURE_H

#include "sent.h"

struct xc_interface_core;

/* Xen 4.@minor starts, and nothing is known of it yet; the end. */
struct xc_interface_core *start(unsigned minor);
void stop(struct xc_interface_core *xch);

/*
 * Calls @attempt on a new interface, time and again, as each of its buffers in turn
 * cannot be had: it fails with ENOMEM, sends nothing, and leaves nothing.
 */
typedef long attempt_fn(struct xc_interface_core *xch);
void assert_fails_without_buffers(attempt_fn *attempt);

/*
 * Makes @attempt on new interfaces, of which the first, the second and so on mapping
 * fails: that must be ENOMEM, until it needs no more of them. The harness sees what is
 * left behind.
 */
typedef int mapping_fn(struct xc_interface_core *xch);
void assert_survives_failing_buffers(mapping_fn *attempt);

#endif
