/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An agent does in its domain what a test in dom0 asks for. Each connection is
 * served by a process of its own, which starts with nothing open and may be
 * killed. A request is a line "VERB NUMBER...", the answer "ok NUMBER..." or
 * "error ERRNO-NAME". Each table below maps verbs to what they do.
 */
#ifndef XENLIBS_CONFORMANCE_AGENT_H
#define XENLIBS_CONFORMANCE_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AGENT_MAX_NUMBERS = 1100, AGENT_LINE = 16384 };

struct request {
    int count;
    uint32_t numbers[AGENT_MAX_NUMBERS];
};

struct answer {
    size_t length;
    char text[AGENT_LINE];
};

/* Appends a number to the answer. */
void answer_number(struct answer *answer, long number);

/* Returns false, with errno, when the request failed. */
typedef bool verb_function(const struct request *request, struct answer *answer);

struct verb {
    const char *name;
    int least_numbers;
    verb_function *run;
};

/* Both end with a name of NULL. */
extern const struct verb event_verbs[], grant_verbs[];

/* Close what the verbs opened; false if that failed. */
bool close_events(void);
bool close_grants(void);

#endif
