/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake_store.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "fakexen.h"

enum { DRIVER_MS = 2 }; /* from write(2) until the request is sent */

static struct {
    int listener, connection;
    pthread_t thread;
    fake_handler *handler;
    char folder[64], path[96];
    pthread_mutex_t mutex; /* guards what follows, and each message that is sent */
    unsigned int requests;
    struct fake_request last;
    char answer[XENSTORE_PAYLOAD_MAX];
    size_t answer_len;
    uint32_t answer_type; /* 0: that of the request */
    uint32_t left_out;
    bool is_device, overtaken;
} server = {.listener = -1, .connection = -1, .mutex = PTHREAD_MUTEX_INITIALIZER,
            .left_out = XS_INVALID};

/* ---- sending ---- */

void fake_send(const void *bytes, size_t len)
{
    const char *next = bytes;
    ssize_t sent;

    pthread_mutex_lock(&server.mutex);
    while (len && (sent = send(server.connection, next, len, MSG_NOSIGNAL)) > 0) {
        next += sent;
        len -= (size_t)sent;
    }
    pthread_mutex_unlock(&server.mutex);
}

void fake_message(uint32_t type, uint32_t id, uint32_t len, const void *bytes, size_t there)
{
    char message[sizeof(struct xsd_sockmsg) + 2 * XENSTORE_PAYLOAD_MAX];
    struct xsd_sockmsg header = {.type = type, .req_id = id, .len = len};

    memcpy(message, &header, sizeof(header));
    if (there)
        memcpy(message + sizeof(header), bytes, there);
    fake_send(message, sizeof(header) + there);
}

void fake_reply(const struct fake_request *request, const void *bytes, size_t len)
{
    fake_message(request->header.type, request->header.req_id, (uint32_t)len, bytes, len);
}

void fake_reply_string(const struct fake_request *request, const char *string)
{
    fake_reply(request, string, strlen(string) + 1);
}

void fake_reply_error(const struct fake_request *request, const char *name)
{
    fake_message(XS_ERROR, request->header.req_id, (uint32_t)strlen(name) + 1, name,
                 strlen(name) + 1);
}

void fake_event(const char *path, const char *token)
{
    char bytes[XENSTORE_PAYLOAD_MAX];
    size_t len = (size_t)snprintf(bytes, sizeof(bytes), "%s%c%s", path, '\0', token) + 1;

    fake_message(XS_WATCH_EVENT, 0, (uint32_t)len, bytes, len);
}

void fake_hang_up(void)
{
    shutdown(server.connection, SHUT_RDWR);
}

/* ---- answers without a handler ---- */

static void set_answer(uint32_t type, const void *bytes, size_t len)
{
    pthread_mutex_lock(&server.mutex);
    server.answer_type = type;
    if (len)
        memcpy(server.answer, bytes, len);
    server.answer_len = len;
    pthread_mutex_unlock(&server.mutex);
}

void fake_answer(const void *bytes, size_t len)
{
    set_answer(0, bytes, len);
}

void fake_answer_string(const char *string)
{
    set_answer(0, string, strlen(string) + 1);
}

void fake_answer_error(const char *name)
{
    set_answer(XS_ERROR, name, strlen(name) + 1);
}

void fake_answer_type(uint32_t type)
{
    set_answer(type, "OK", 3);
}

void fake_leave_out(uint32_t type)
{
    pthread_mutex_lock(&server.mutex);
    server.left_out = type;
    pthread_mutex_unlock(&server.mutex);
}

static void give_answer(const struct fake_request *request)
{
    char bytes[XENSTORE_PAYLOAD_MAX];
    uint32_t type;
    size_t len;

    pthread_mutex_lock(&server.mutex);
    len = server.answer_len;
    memcpy(bytes, server.answer, len);
    type = server.answer_type ? server.answer_type : request->header.type;
    pthread_mutex_unlock(&server.mutex);
    fake_message(type, request->header.req_id, (uint32_t)len, bytes, len);
}

/* ---- receiving ---- */

static bool receive_all(void *bytes, size_t len)
{
    return len == 0 || recv(server.connection, bytes, len, MSG_WAITALL) == (ssize_t)len;
}

static bool receive(struct fake_request *request)
{
    if (!receive_all(&request->header, sizeof(request->header)) ||
        request->header.len > XENSTORE_PAYLOAD_MAX ||
        !receive_all(request->payload, request->header.len))
        return false;
    request->payload[request->header.len] = '\0';
    return true;
}

static void send_as_the_driver_does(void)
{
    struct pollfd next = {.fd = server.connection, .events = POLLIN};
    char byte;

    if (poll(&next, 1, DRIVER_MS) <= 0 || recv(next.fd, &byte, 1, MSG_PEEK) <= 0)
        return;
    pthread_mutex_lock(&server.mutex);
    server.overtaken = true;
    pthread_mutex_unlock(&server.mutex);
}

static void *serve(void *unused)
{
    static struct fake_request request;

    (void)unused;
    if (server.connection < 0) {
        int connection = accept4(server.listener, NULL, NULL, SOCK_CLOEXEC);

        pthread_mutex_lock(&server.mutex);
        server.connection = connection;
        pthread_mutex_unlock(&server.mutex);
    }
    while (server.connection >= 0 && receive(&request)) {
        pthread_mutex_lock(&server.mutex);
        if (request.header.type != server.left_out) {
            server.requests++;
            server.last = request;
        }
        pthread_mutex_unlock(&server.mutex);
        if (server.is_device)
            send_as_the_driver_does();
        (server.handler ? server.handler : give_answer)(&request);
    }
    return NULL;
}

void assert_request(uint32_t type, xs_transaction_t t, const void *bytes, size_t len)
{
    static struct fake_request last;

    pthread_mutex_lock(&server.mutex);
    last = server.last;
    pthread_mutex_unlock(&server.mutex);
    assert_int_equal(last.header.type, type);
    assert_int_equal(last.header.tx_id, t);
    assert_int_equal(last.header.len, len);
    assert_memory_equal(last.payload, bytes, len);
}

unsigned int fake_requests(void)
{
    unsigned int requests;

    pthread_mutex_lock(&server.mutex);
    requests = server.requests;
    pthread_mutex_unlock(&server.mutex);
    return requests;
}

/* ---- start and end ---- */

static bool is_connected(void)
{
    bool connected;

    pthread_mutex_lock(&server.mutex);
    connected = server.connection >= 0;
    pthread_mutex_unlock(&server.mutex);
    return connected;
}

static void make_folder(void)
{
    snprintf(server.folder, sizeof(server.folder), "/tmp/fake-store-XXXXXX");
    assert_non_null(mkdtemp(server.folder));
    snprintf(server.path, sizeof(server.path), "%s/socket", server.folder);
    setenv("XENSTORED_RUNDIR", server.folder, 1);
}

static void start_thread(fake_handler *handler)
{
    server.handler = handler;
    set_answer(0, "OK", 3);
    assert_int_equal(pthread_create(&server.thread, NULL, serve, NULL), 0);
}

void fake_store_start(fake_handler *handler)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    make_folder();
    strcpy(address.sun_path, server.path);
    server.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server.listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(server.listener, 8), 0);
    start_thread(handler);
}

struct xs_handle *fake_store_open(unsigned long flags, fake_handler *handler)
{
    struct xs_handle *h;

    fake_store_start(handler);
    h = xs_open(flags);
    assert_non_null(h);
    while (!is_connected())
        usleep(100);
    return h;
}

struct xs_handle *fake_store_open_device(fake_handler *handler)
{
    struct xs_handle *h;

    make_folder();
    fakexen_add_device("/dev/xen/xenbus");
    h = xs_open(0);
    assert_non_null(h);
    server.connection = dup(fakexen_xenbus_peer());
    server.is_device = true;
    start_thread(handler);
    return h;
}

void fake_store_close(struct xs_handle *h)
{
    xs_close(h);
    if (server.listener >= 0)
        shutdown(server.listener, SHUT_RDWR);
    if (is_connected())
        shutdown(server.connection, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    if (server.listener >= 0)
        close(server.listener);
    if (server.connection >= 0)
        close(server.connection);
    server.listener = server.connection = -1;
    server.is_device = false;
    unlink(server.path);
    rmdir(server.folder);
    assert_false(server.overtaken);
}
