/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Copies the text out of the page that share_a_page offers in another domain, and
 * a zero into its state byte, without mapping it. Takes the two numbers that
 * share_a_page prints.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <xengnttab.h>

/* As share_a_page has it: a zero in the last byte says that we are done. */
enum { TEXT_SIZE = 256, STATE = 4095, TRIES = 100 };

static uint32_t number_argument(const char *text, uint32_t most)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    if (!*text || *end || number > most)
        errx(2, "%s is not a number up to %u", text, most);
    return (uint32_t)number;
}

/* A page that is paged out is fetched meanwhile: then the copy is made again. */
static void copy(xengnttab_handle *xgt, xengnttab_grant_copy_segment_t *segment)
{
    for (int tries = 0; tries < TRIES; tries++) {
        if (xengnttab_grant_copy(xgt, 1, segment))
            err(1, "the kernel cannot copy grants");
        if (segment->status == GNTST_okay)
            return;
        if (segment->status != GNTST_eagain)
            errx(1, "Xen refused to copy (grant status %d)", segment->status);
    }
    errx(1, "the page stays paged out");
}

int main(int argc, char **argv)
{
    char text[TEXT_SIZE], done = 0;
    xengnttab_grant_copy_segment_t from = {.flags = GNTCOPY_source_gref, .len = TEXT_SIZE};
    xengnttab_grant_copy_segment_t to = {.flags = GNTCOPY_dest_gref, .len = 1};
    xengnttab_handle *xgt;

    if (argc != 3)
        errx(2, "usage: copy_from_a_grant DOMID REF");
    from.source.foreign.domid = (uint16_t)number_argument(argv[1], UINT16_MAX);
    from.source.foreign.ref = number_argument(argv[2], UINT32_MAX);
    from.dest.virt = text;
    to.dest.foreign = from.source.foreign;
    to.dest.foreign.offset = STATE;
    to.source.virt = &done;

    xgt = xengnttab_open(NULL, 0);
    if (!xgt)
        err(1, "cannot open the grant driver (is xen-gntdev loaded?)");
    copy(xgt, &from);
    text[TEXT_SIZE - 1] = '\0';
    printf("domain %s says: %s\n", argv[1], text);
    copy(xgt, &to);
    if (xengnttab_close(xgt))
        err(1, "cannot close the grant driver");
    return 0;
}
