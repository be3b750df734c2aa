/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Maps the page that share_a_page offers in another domain, reads its text and
 * leaves one of its own. Takes the two numbers that share_a_page prints.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <xengnttab.h>

/* As share_a_page has it. The kernel clears the last byte when we unmap or die. */
enum { TEXT_SIZE = 256, STATE = 4095, PEER_IS_HERE = 1 };

#define NO_PORT UINT32_MAX

static uint32_t number_argument(const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    if (!*text || *end || number > UINT32_MAX)
        errx(2, "%s is not a number", text);
    return (uint32_t)number;
}

int main(int argc, char **argv)
{
    uint32_t domid, ref;
    char text[TEXT_SIZE];
    xengnttab_handle *xgt;
    unsigned char *page;

    if (argc != 4)
        errx(2, "usage: map_a_granted_page DOMID REF ANSWER");
    domid = number_argument(argv[1]);
    ref = number_argument(argv[2]);

    xgt = xengnttab_open(NULL, 0);
    if (!xgt)
        err(1, "cannot open the grant driver (is xen-gntdev loaded?)");
    page = xengnttab_map_grant_ref_notify(xgt, domid, ref, PROT_READ | PROT_WRITE, STATE,
                                          NO_PORT);
    if (!page)
        err(1, "cannot map grant %u of domain %u", ref, domid);
    __atomic_store_n(&page[STATE], PEER_IS_HERE, __ATOMIC_RELEASE);

    /* The other side may write at any time: look only at a copy, with an end. */
    memcpy(text, page, sizeof(text));
    text[TEXT_SIZE - 1] = '\0';
    printf("domain %u says: %s\n", domid, text);
    snprintf((char *)page, TEXT_SIZE, "%s", argv[3]);

    if (xengnttab_unmap(xgt, page, 1))
        err(1, "cannot unmap the page");
    if (xengnttab_close(xgt))
        err(1, "cannot close the grant driver");
    return 0;
}
