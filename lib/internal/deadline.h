/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting for something that gives no notice, such as a page that is paged in. */
#ifndef XENLIBS_DEADLINE_H
#define XENLIBS_DEADLINE_H

#include <pthread.h>
#include <stdint.h>

/* How long a handle waits for paged-out pages unless it is told otherwise. */
#define XENLIBS_PAGING_TIMEOUT_MS 10000
/* The value that stands for "as long as it takes", as poll(2) has it. */
#define XENLIBS_WAIT_FOREVER (-1)

struct xenlibs_deadline {
    int64_t at_ns;         /* on CLOCK_MONOTONIC; negative: never */
    unsigned int pause_us; /* the next pause, growing from step to step */
};

/* Sets a deadline @timeout_ms from now; negative for none, 0 for at once. */
void xenlibs_deadline_set(struct xenlibs_deadline *deadline, int timeout_ms);

/*
 * Pauses before the next try: 100 us first, then longer up to 10 ms, never past
 * the deadline. Returns 0, or -1 with ETIMEDOUT when the deadline has passed.
 * A signal cuts the pause short, nothing more.
 */
int xenlibs_deadline_pause(struct xenlibs_deadline *deadline);

/* Milliseconds left, rounded up, for poll(2): -1 for ever, 0 when passed. */
int xenlibs_deadline_left_ms(const struct xenlibs_deadline *deadline);

/* A condition for xenlibs_cond_wait. */
void xenlibs_cond_init(pthread_cond_t *cond);

/* pthread_cond_wait(3), until the deadline at the latest if it is not NULL: then ETIMEDOUT. */
int xenlibs_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                      const struct xenlibs_deadline *deadline);

#endif
