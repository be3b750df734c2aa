/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * read_many_keys_in_one_round_trip PATH: lists a folder of xenstore with the values of its
 * children. However many they are, they are asked for together and cost about as much time
 * as one. In a transaction, so that the values belong to one moment.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xenstore.h>

/* Fills @keys with the paths of the children. */
static void name_keys(struct xs_read_key *keys, const char *folder, char **names,
                      unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        char *path;

        if (asprintf(&path, "%s/%s", folder, names[i]) < 0)
            err(EXIT_FAILURE, "no memory");
        keys[i] = (struct xs_read_key){.path = path};
    }
}

static void print_keys(const struct xs_read_key *keys, char **names, unsigned int count)
{
    for (unsigned int i = 0; i < count; i++)
        if (keys[i].value)
            printf("%s = '%s'\n", names[i], keys[i].value);
        else
            printf("%s: %s\n", names[i], strerror(keys[i].error));
}

static void free_keys(struct xs_read_key *keys, unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        free(keys[i].value);
        free((char *)(uintptr_t)keys[i].path);
    }
    free(keys);
}

int main(int argc, char **argv)
{
    struct xs_handle *xsh = xs_open(0);
    struct xs_read_key *keys;
    unsigned int count;
    xs_transaction_t t;
    char **names;

    if (argc != 2)
        errx(2, "usage: read_many_keys_in_one_round_trip PATH");
    if (!xsh)
        err(EXIT_FAILURE, "cannot connect to xenstored; is this a Xen domain?");
    t = xs_transaction_start(xsh);
    if (t == XBT_NULL)
        err(EXIT_FAILURE, "cannot start a transaction");
    names = xs_directory(xsh, t, argv[1], &count);
    if (!names)
        err(EXIT_FAILURE, "cannot list %s", argv[1]);
    keys = calloc(count + 1, sizeof(*keys));
    if (!keys)
        err(EXIT_FAILURE, "no memory");
    name_keys(keys, argv[1], names, count);
    if (xs_read_many(xsh, t, keys, count) < 0)
        err(EXIT_FAILURE, "cannot read the children of %s", argv[1]);
    xs_transaction_end(xsh, t, true); /* nothing was changed */
    print_keys(keys, names, count);
    free_keys(keys, count);
    free(names);
    xs_close(xsh);
    return EXIT_SUCCESS;
}
