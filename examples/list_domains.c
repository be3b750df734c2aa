/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists the domains, and how much each used of the processors in the last second,
 * again and again like top(1). Runs in dom0, on any Xen from 4.14 on.
 *
 * usage: list_domains [TIMES]
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xenmanage.h>

enum { MAX_DOMAINS = 1024 };
static struct xenmanage_domain domains[2][MAX_DOMAINS];

static int list(xenmanage_handle *hdl, struct xenmanage_domain *into)
{
    int count;

    into->size = sizeof(*into);
    count = xenmanage_domain_list(hdl, 0, into, MAX_DOMAINS);
    if (count < 0)
        err(EXIT_FAILURE, "cannot list domains");
    return count;
}

static const char *state(const struct xenmanage_domain *domain)
{
    if (domain->flags & XENMANAGE_DOMAIN_DYING)
        return "dying";
    if (domain->flags & XENMANAGE_DOMAIN_SHUTDOWN)
        return domain->shutdown_reason == XENMANAGE_SHUTDOWN_CRASH ? "crashed" : "shut down";
    if (domain->flags & XENMANAGE_DOMAIN_PAUSED)
        return "paused";
    return domain->flags & XENMANAGE_DOMAIN_RUNNING ? "running" : "idle";
}

/* In percent of one processor, over a second. */
static double usage(const struct xenmanage_domain *is, const struct xenmanage_domain *was,
                    int nr_were)
{
    for (int i = 0; i < nr_were; i++)
        if (was[i].domid == is->domid && !memcmp(was[i].uuid, is->uuid, sizeof(is->uuid)))
            return (double)(is->cpu_time_ns - was[i].cpu_time_ns) / 1e7;
    return 0;
}

int main(int argc, char **argv)
{
    long times = argc > 1 ? atol(argv[1]) : -1;
    xenmanage_handle *hdl = xenmanage_open(NULL, 0);
    int before, now;

    if (!hdl)
        return EXIT_FAILURE; /* the reason is on stderr */
    before = list(hdl, domains[0]);
    for (unsigned turn = 1; times < 0 || turn <= times; turn++, before = now) {
        const struct xenmanage_domain *is = domains[turn % 2], *was = domains[(turn + 1) % 2];

        sleep(1);
        now = list(hdl, domains[turn % 2]);
        printf("%5s  %-4s %-9s %5s %9s %6s\n", "domid", "type", "state", "vCPUs", "MiB", "CPU %");
        for (int i = 0; i < now; i++)
            printf("%5u  %-4s %-9s %5u %9llu %6.1f\n", is[i].domid,
                   is[i].flags & XENMANAGE_DOMAIN_HVM ? "HVM" : "PV", state(&is[i]),
                   is[i].nr_online_vcpus, (unsigned long long)is[i].pages / 256,
                   usage(&is[i], was, before));
        fflush(stdout);
    }
    xenmanage_close(hdl);
    return EXIT_SUCCESS;
}
