/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake_store.h"

#include "harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <xen/io/xs_wire.h>

enum { MAX_PAYLOAD = 4096 };

static char folder[] = "/tmp/xenlibs-fake-store-XXXXXX";
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static int listening = -1, connection = -1;
static pthread_t server;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* one writer at a time */
static const char *refused_path, *refused_with;

static void put_message(uint32_t type, uint32_t req_id, const char *body, size_t size)
{
    char bytes[sizeof(struct xsd_sockmsg) + MAX_PAYLOAD];
    struct xsd_sockmsg header = {.type = type, .req_id = req_id, .len = (uint32_t)size};

    memcpy(bytes, &header, sizeof(header));
    memcpy(bytes + sizeof(header), body, size);
    pthread_mutex_lock(&mutex);
    (void)!send(connection, bytes, sizeof(header) + size, MSG_NOSIGNAL); /* it may have gone */
    pthread_mutex_unlock(&mutex);
}

/* Path and token; the library under test sets all its watches with an empty token. */
static void put_event(const char *path)
{
    char body[MAX_PAYLOAD] = "";
    size_t length = strlen(path) + 1;

    memcpy(body, path, length);
    put_message(XS_WATCH_EVENT, 0, body, length + 1);
}

static void serve(const struct xsd_sockmsg *request, const char *body)
{
    if (request->type != XS_WATCH) {
        put_message(XS_ERROR, request->req_id, "ENOSYS", sizeof("ENOSYS"));
    } else if (refused_path && !strcmp(body, refused_path)) {
        put_message(XS_ERROR, request->req_id, refused_with, strlen(refused_with) + 1);
    } else {
        put_message(XS_WATCH, request->req_id, "OK", sizeof("OK"));
        put_event(body);
    }
}

static int get(int fd, void *bytes, size_t size)
{
    return !size || recv(fd, bytes, size, MSG_WAITALL) == (ssize_t)size;
}

static void *serve_connections(void *unused)
{
    struct xsd_sockmsg request;
    char body[MAX_PAYLOAD];
    int fd;

    (void)unused;
    while ((fd = accept(listening, NULL, NULL)) >= 0) {
        pthread_mutex_lock(&mutex);
        connection = fd;
        pthread_mutex_unlock(&mutex);
        while (get(fd, &request, sizeof(request)) && request.len <= sizeof(body) &&
               get(fd, body, request.len))
            serve(&request, body);
        pthread_mutex_lock(&mutex);
        connection = -1;
        pthread_mutex_unlock(&mutex);
        close(fd);
    }
    return NULL;
}

void fake_store_start(void)
{
    assert_non_null(mkdtemp(folder));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", folder);
    listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listening, 1), 0);
    setenv("XENSTORED_PATH", address.sun_path, 1);
    assert_int_equal(pthread_create(&server, NULL, serve_connections, NULL), 0);
}

void fake_store_refuse_watch(const char *path, const char *error)
{
    refused_path = path;
    refused_with = error;
}

void fake_store_fire(const char *path)
{
    put_event(path);
}

void fake_store_hang_up(void)
{
    pthread_mutex_lock(&mutex);
    shutdown(connection, SHUT_RDWR);
    pthread_mutex_unlock(&mutex);
}

void fake_store_stop(void)
{
    pthread_mutex_lock(&mutex);
    shutdown(listening, SHUT_RDWR);
    if (connection >= 0)
        shutdown(connection, SHUT_RDWR);
    pthread_mutex_unlock(&mutex);
    pthread_join(server, NULL);
    close(listening);
    unlink(address.sun_path);
    rmdir(folder);
}
