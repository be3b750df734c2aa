/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Shares a page with another domain, prints what the other side needs, and waits
 * until it is done. Run map_a_granted_page or copy_from_a_grant over there with
 * the two numbers that this prints.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xengnttab.h>

/* The page: a text, and in the last byte what the peer is doing: 0 for done. */
enum { TEXT_SIZE = 256, STATE = 4095, WAITING_FOR_PEER = 2, PATIENCE_S = 60 };

static uint32_t domid_argument(const char *text)
{
    char *end;
    unsigned long domid = strtoul(text, &end, 10);

    if (!*text || *end || domid >= DOMID_FIRST_RESERVED)
        errx(2, "%s is not the number of a domain", text);
    return (uint32_t)domid;
}

static int peer_is_done(const unsigned char *page)
{
    struct timespec pause = {0, 10000000};

    for (int tries = 0; tries < PATIENCE_S * 100; tries++) {
        if (__atomic_load_n(&page[STATE], __ATOMIC_ACQUIRE) == 0)
            return 1;
        nanosleep(&pause, NULL);
    }
    return 0;
}

int main(int argc, char **argv)
{
    uint32_t my_domid, peer_domid, ref;
    char answer[TEXT_SIZE];
    xengntshr_handle *xgs;
    unsigned char *page;
    int done;

    if (argc != 4)
        errx(2, "usage: share_a_page MY-DOMID PEER-DOMID TEXT");
    my_domid = domid_argument(argv[1]);
    peer_domid = domid_argument(argv[2]);

    xgs = xengntshr_open(NULL, 0);
    if (!xgs)
        err(1, "cannot open the grant driver (is xen-gntalloc loaded?)");
    page = xengntshr_share_pages(xgs, peer_domid, 1, &ref, 1);
    if (!page)
        err(1, "cannot share a page with domain %u", peer_domid);
    snprintf((char *)page, TEXT_SIZE, "%s", argv[3]);
    __atomic_store_n(&page[STATE], WAITING_FOR_PEER, __ATOMIC_RELEASE);
    printf("%u %u\n", my_domid, ref);
    fflush(stdout);

    done = peer_is_done(page);
    /* The peer may write at any time: look only at a copy, with an end to it. */
    memcpy(answer, page, sizeof(answer));
    answer[TEXT_SIZE - 1] = '\0';

    if (xengntshr_unshare(xgs, page, 1))
        err(1, "cannot take the page back");
    if (xengntshr_close(xgs))
        err(1, "cannot close the grant driver");
    if (!done)
        errx(1, "domain %u did not come within %d seconds", peer_domid, PATIENCE_S);
    printf("domain %u left: %s\n", peer_domid, answer);
    return 0;
}
