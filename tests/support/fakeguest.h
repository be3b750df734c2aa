/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain's memory behind /dev/xen/privcmd, for programs that map it. */
#ifndef XENLIBS_TESTS_FAKEGUEST_H
#define XENLIBS_TESTS_FAKEGUEST_H

#include <stddef.h>
#include <stdint.h>

enum { FAKEGUEST_PAGE = 4096 };

/*
 * Domain @domid has @frames frames from 0 on, all zero. What is mapped of them is this
 * very memory; others, and those of other domains, give EINVAL for their page. May be
 * called again, for another domain.
 * Return: it, up to the next call or the end of the process.
 */
uint8_t *fakeguest_start(unsigned domid, size_t frames);

/* The mapping that was asked for last, and how many were so far. */
struct fakeguest_asked {
    unsigned requests;
    unsigned domid;
    unsigned count;
    uint64_t frames[16]; /* the first of them */
};
extern struct fakeguest_asked fakeguest_asked;

#endif
