/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "deadline.h"

#include <errno.h>
#include <limits.h>
#include <time.h>

enum { FIRST_PAUSE_US = 100, LONGEST_PAUSE_US = 10000 };

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void xenlibs_deadline_set(struct xenlibs_deadline *deadline, int timeout_ms)
{
    deadline->at_ns = timeout_ms < 0 ? -1 : now_ns() + (int64_t)timeout_ms * 1000000;
    deadline->pause_us = FIRST_PAUSE_US;
}

int xenlibs_deadline_pause(struct xenlibs_deadline *deadline)
{
    int64_t pause_ns = (int64_t)deadline->pause_us * 1000;
    struct timespec pause;

    if (deadline->at_ns >= 0) {
        int64_t left_ns = deadline->at_ns - now_ns();

        if (left_ns <= 0) {
            errno = ETIMEDOUT;
            return -1;
        }
        if (pause_ns > left_ns)
            pause_ns = left_ns;
    }
    pause.tv_sec = 0;
    pause.tv_nsec = (long)pause_ns;
    nanosleep(&pause, NULL);
    if (deadline->pause_us < LONGEST_PAUSE_US)
        deadline->pause_us *= 2;
    return 0;
}

int xenlibs_deadline_left_ms(const struct xenlibs_deadline *deadline)
{
    int64_t left_ms;

    if (deadline->at_ns < 0)
        return -1;
    left_ms = (deadline->at_ns - now_ns() + 999999) / 1000000;
    if (left_ms < 0)
        return 0;
    return left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}

void xenlibs_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

/*
 * A thread that is cancelled here leaves this frame without the code that would make its
 * red zones plain stack again, and AddressSanitizer then trips over them.
 */
__attribute__((no_sanitize_address)) int
xenlibs_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                  const struct xenlibs_deadline *deadline)
{
    struct timespec until;

    if (!deadline || deadline->at_ns < 0)
        return pthread_cond_wait(cond, mutex);
    until.tv_sec = (time_t)(deadline->at_ns / 1000000000);
    until.tv_nsec = (long)(deadline->at_ns % 1000000000);
    return pthread_cond_timedwait(cond, mutex, &until);
}
