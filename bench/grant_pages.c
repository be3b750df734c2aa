/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * grant-pages DOMID COUNT: grants COUNT pages to DOMID, prints their references
 * and a line `granted`, and keeps them until it is ended.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xengnttab.h>

int main(int argc, char **argv)
{
    int count = argc == 3 ? atoi(argv[2]) : 0;
    uint32_t *refs = count > 0 ? calloc((size_t)count, sizeof(*refs)) : NULL;
    xengntshr_handle *gntshr = xengntshr_open(NULL, 0);

    if (!refs || !gntshr ||
        !xengntshr_share_pages(gntshr, (uint32_t)atoi(argv[1]), count, refs, 1)) {
        perror("grant-pages");
        return 1;
    }
    for (int i = 0; i < count; i++)
        printf("%u\n", refs[i]);
    puts("granted");
    fflush(stdout);
    pause();
    return 0;
}
