/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The test's side of agent.h: a process in some domain that does what it is told.
 * Where the agents listen comes from the environment, as HOST PORT DOMID NAME in
 * XENLIBS_AGENT_A and XENLIBS_AGENT_B.
 */
#ifndef XENLIBS_CONFORMANCE_PEER_H
#define XENLIBS_CONFORMANCE_PEER_H

#include <stdio.h>

#include "agent.h"

struct peer {
    FILE *stream;
    unsigned domid;
    int count;                       /* of the last answer: */
    long numbers[AGENT_MAX_NUMBERS];
};

/* Connects to the agent that @variable names, and asserts that it is where it should be. */
struct peer *peer_open(const char *variable);

/* Asserts that nothing is left open in the peer, and lets it go. */
void peer_close(struct peer *peer);

/* Asks, asserts that it succeeds, and returns the first number of the answer. */
long ask(struct peer *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Asks for what fails; returns the name of its errno, or "ok". */
const char *ask_errno(struct peer *peer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The two halves of ask, so that two peers can work at the same time. */
void tell(struct peer *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));
long hear(struct peer *peer);

/* Kills the peer's process as kill -9 does, and waits until it is gone. */
void peer_kill(struct peer *peer);

/* Asserts that the peer's next event is of @port, and unmasks it. */
void expect_peer_event(struct peer *peer, long port);

/* Asserts that no event comes to the peer for a while. */
void expect_peer_silence(struct peer *peer);

#endif
