/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A xenstored that knows nothing but watches: enough for a program that listens.
 * It serves the socket that $XENSTORED_PATH names, one connection at a time.
 */
#ifndef XENLIBS_TESTS_FAKE_STORE_H
#define XENLIBS_TESTS_FAKE_STORE_H

/* Starts it; each watch fires once when it is set. */
void fake_store_start(void);

/* The next watch on @path is refused with @error, as "EACCES"; NULL: no longer. */
void fake_store_refuse_watch(const char *path, const char *error);

/* Fires the watch on @path. */
void fake_store_fire(const char *path);

/* Closes the connection, as a daemon that dies does. */
void fake_store_hang_up(void);

/* Ends it and frees what it holds. */
void fake_store_stop(void);

#endif
