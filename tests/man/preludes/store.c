/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxenstore's pages take for granted. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xenstore.h>

extern struct xs_handle *h;
extern const char *path;
extern unsigned int domid;

/* The overview, xenstore_library(7). */
extern xs_transaction_t t;
extern bool done;
extern char **event;
extern int other;
bool read_and_write(struct xs_handle *handle, xs_transaction_t transaction);
void handle_event(const char *token, const char *event_path);
void handle_other(int fd);
