/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxenevtchn's pages take for granted. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include <xenevtchn.h>

extern xenevtchn_handle *xce;
extern int count;
extern unsigned int port_count;
extern evtchn_port_t ports[16], all_ports[16];
void handle_events(xenevtchn_handle *handle);
void do_work_of(evtchn_port_t port);
void do_work_of_all_ports(void);
