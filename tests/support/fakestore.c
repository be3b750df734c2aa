/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fakestore.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <xenstore.h>

enum { MAX_NODES = 64, MAX_WATCHES = 4, MAX_REPORTS = 64, MAX_HANDLES = 32, PATH = 512 };

struct node {
    char path[PATH]; /* "": free */
    char value[64];
    char permissions[32];
};
struct xs_handle {
    uint32_t domid;
    int fd;
    char watched[MAX_WATCHES][PATH];
    char reports[MAX_REPORTS][PATH];
    unsigned reported;
    struct node *staged; /* the whole tree as the transaction has it */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct node tree[MAX_NODES];
static struct xs_handle *handles[MAX_HANDLES];
static unsigned connections, open_connections;
static bool released, broken;
static int spoils, calls_left = -1, fail_errno;
static __thread uint32_t thread_domid;

void fakestore_set_domid(uint32_t domid)
{
    thread_domid = domid;
}

/* True, with the lock held, if the call may go on. */
static bool begin(void)
{
    pthread_mutex_lock(&mutex);
    if (fail_errno && calls_left-- <= 0) {
        errno = fail_errno;
        pthread_mutex_unlock(&mutex);
        return false;
    }
    return true;
}

static void end(void)
{
    int saved = errno;

    pthread_mutex_unlock(&mutex);
    errno = saved;
}

static struct node *find(struct node *nodes, const char *path)
{
    for (int i = 0; i < MAX_NODES; i++)
        if (strcmp(nodes[i].path, path) == 0)
            return &nodes[i];
    return NULL;
}

static bool is_under(const char *path, const char *top)
{
    size_t length = strlen(top);

    return strncmp(path, top, length) == 0 && (!path[length] || path[length] == '/');
}

static void report_to(struct xs_handle *xs, const char *path)
{
    for (int i = 0; i < MAX_WATCHES; i++)
        if (*xs->watched[i] && (is_under(path, xs->watched[i]) || is_under(xs->watched[i], path)) &&
            xs->reported < MAX_REPORTS) {
            snprintf(xs->reports[xs->reported++], PATH, "%s", path);
            eventfd_write(xs->fd, 1);
        }
}

static void report(const char *path)
{
    for (int i = 0; i < MAX_HANDLES; i++)
        if (handles[i])
            report_to(handles[i], path);
}

static struct node *write_node(struct node *nodes, const char *path, const char *value)
{
    struct node *node = find(nodes, path);

    if (!node)
        node = find(nodes, "");
    if (!node)
        abort();
    snprintf(node->path, sizeof(node->path), "%s", path);
    snprintf(node->value, sizeof(node->value), "%s", value);
    return node;
}

static int remove_nodes(struct node *nodes, const char *path)
{
    int removed = 0;

    for (int i = 0; i < MAX_NODES; i++)
        if (*nodes[i].path && is_under(nodes[i].path, path)) {
            nodes[i] = (struct node){.path = ""};
            removed++;
        }
    return removed;
}

void fakestore_put(const char *path, const char *value)
{
    pthread_mutex_lock(&mutex);
    write_node(tree, path, value);
    report(path);
    pthread_mutex_unlock(&mutex);
}

void fakestore_remove(const char *path)
{
    pthread_mutex_lock(&mutex);
    remove_nodes(tree, path);
    report(path);
    pthread_mutex_unlock(&mutex);
}

const char *fakestore_value(const char *path)
{
    const struct node *node = find(tree, path);

    return node ? node->value : NULL;
}

const char *fakestore_permissions(const char *path)
{
    const struct node *node = find(tree, path);

    return node ? node->permissions : "";
}

void fakestore_release_domains(void)
{
    pthread_mutex_lock(&mutex);
    released = true;
    report("@releaseDomain");
    pthread_mutex_unlock(&mutex);
}

void fakestore_spoil_transactions(int times)
{
    spoils = times;
}

void fakestore_fail_after(int after, int errnoval)
{
    calls_left = after;
    fail_errno = errnoval;
}

void fakestore_break(void)
{
    pthread_mutex_lock(&mutex);
    broken = true;
    for (int i = 0; i < MAX_HANDLES; i++)
        if (handles[i])
            eventfd_write(handles[i]->fd, 1);
    pthread_mutex_unlock(&mutex);
}

unsigned fakestore_connections(void)
{
    return connections;
}

unsigned fakestore_open_connections(void)
{
    return open_connections;
}

/* ---- what libxenstore has ---- */

struct xs_handle *xs_open(unsigned long flags)
{
    struct xs_handle *xs = NULL;

    (void)flags;
    if (!begin())
        return NULL;
    for (int i = 0; i < MAX_HANDLES && !xs; i++)
        if (!handles[i])
            xs = handles[i] = calloc(1, sizeof(*xs));
    if (!xs)
        abort();
    xs->domid = thread_domid;
    xs->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    connections++;
    open_connections++;
    end();
    return xs;
}

void xs_close(struct xs_handle *xs)
{
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < MAX_HANDLES; i++)
        if (handles[i] == xs)
            handles[i] = NULL;
    open_connections--;
    pthread_mutex_unlock(&mutex);
    close(xs->fd);
    free(xs->staged);
    free(xs);
}

static struct node *nodes_of(struct xs_handle *xs, xs_transaction_t t)
{
    return t == XBT_NULL ? tree : xs->staged;
}

void *xs_read(struct xs_handle *xs, xs_transaction_t t, const char *path, unsigned int *len)
{
    struct node *node;
    char *value = NULL;

    if (!begin())
        return NULL;
    node = find(nodes_of(xs, t), path);
    if (strcmp(path, "domid") == 0) {
        if (asprintf(&value, "%u", xs->domid) < 0)
            abort();
    } else if (node) {
        value = strdup(node->value);
    } else {
        errno = ENOENT;
    }
    if (value && len)
        *len = (unsigned int)strlen(value);
    end();
    return value;
}

bool xs_write(struct xs_handle *xs, xs_transaction_t t, const char *path, const void *data,
              unsigned int len)
{
    char value[64];

    if (!begin())
        return false;
    snprintf(value, sizeof(value), "%.*s", (int)len, (const char *)data);
    write_node(nodes_of(xs, t), path, value);
    if (t == XBT_NULL)
        report(path);
    end();
    return true;
}

bool xs_set_permissions(struct xs_handle *xs, xs_transaction_t t, const char *path,
                        struct xs_permissions *perms, unsigned int num_perms)
{
    struct node *node;

    if (!begin())
        return false;
    node = find(nodes_of(xs, t), path);
    if (node && num_perms == 2)
        snprintf(node->permissions, sizeof(node->permissions), "%c%u%c%u",
                 perms[0].perms == XS_PERM_NONE ? 'n' : '?', perms[0].id,
                 perms[1].perms == XS_PERM_READ ? 'r' : '?', perms[1].id);
    end();
    return node != NULL;
}

bool xs_rm(struct xs_handle *xs, xs_transaction_t t, const char *path)
{
    int removed;

    if (!begin())
        return false;
    removed = remove_nodes(nodes_of(xs, t), path);
    if (t == XBT_NULL)
        report(path);
    if (!removed)
        errno = ENOENT;
    end();
    return removed > 0;
}

xs_transaction_t xs_transaction_start(struct xs_handle *xs)
{
    if (!begin())
        return XBT_NULL;
    xs->staged = malloc(sizeof(tree));
    if (!xs->staged)
        abort();
    memcpy(xs->staged, tree, sizeof(tree));
    end();
    return 1;
}

static void commit(struct xs_handle *xs)
{
    for (int i = 0; i < MAX_NODES; i++)
        if (memcmp(&tree[i], &xs->staged[i], sizeof(tree[i])) != 0) {
            tree[i] = xs->staged[i];
            report(tree[i].path);
        }
}

bool xs_transaction_end(struct xs_handle *xs, xs_transaction_t t, bool abandon)
{
    bool committed = true;

    (void)t;
    if (!begin())
        return false;
    if (!abandon && spoils > 0) {
        spoils--;
        committed = false;
        errno = EAGAIN;
    } else if (!abandon) {
        commit(xs);
    }
    free(xs->staged);
    xs->staged = NULL;
    end();
    return committed;
}

bool xs_watch(struct xs_handle *xs, const char *path, const char *token)
{
    bool watched = false;

    (void)token;
    if (!begin())
        return false;
    for (int i = 0; i < MAX_WATCHES && !watched; i++)
        if (!*xs->watched[i]) {
            snprintf(xs->watched[i], PATH, "%s", path);
            report_to(xs, path);
            watched = true;
        }
    end();
    return watched;
}

int xs_fileno(struct xs_handle *xs)
{
    return xs->fd;
}

char **xs_check_watch(struct xs_handle *xs)
{
    char **report = NULL;
    eventfd_t ignored;

    pthread_mutex_lock(&mutex);
    if (broken) {
        errno = EBADF;
    } else if (!xs->reported) {
        eventfd_read(xs->fd, &ignored);
        errno = EAGAIN;
    } else {
        xs->reported--;
        report = calloc(1, 2 * sizeof(*report) + 1);
    }
    end();
    return report;
}

bool xs_is_domain_introduced(struct xs_handle *xs, unsigned int domid)
{
    bool introduced;

    (void)xs, (void)domid;
    if (!begin())
        return false;
    introduced = !released;
    end();
    return introduced;
}
