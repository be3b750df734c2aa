/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenstore against a xenstored that may say anything: the input decides what the
 * program asks, and what the other end of its socket answers. All through the public
 * functions and $XENSTORED_PATH.
 *
 * The input: a byte with the number of requests, a byte for each of them (see ask), and
 * then the daemon's script (see play). When the script is over the daemon hangs up, so
 * every call must return; and it must return what its header promises: text that ends,
 * an errno with every failure, EBADF once the connection is broken.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <xenstore.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    MAX_REQUESTS = 12,
    MAX_BODY = 8192,
    ASKING_NS = 400000, /* what the daemon waits for a request that may never come */
};

struct input {
    const uint8_t *at;
    size_t left;
};

static uint8_t take_byte(struct input *input)
{
    if (!input->left)
        return 0;
    input->left--;
    return *input->at++;
}

static const uint8_t *take_bytes(struct input *input, size_t *wanted)
{
    const uint8_t *bytes = input->at;

    if (*wanted > input->left)
        *wanted = input->left;
    input->at += *wanted;
    input->left -= *wanted;
    return bytes;
}

/* A finding: libFuzzer keeps the input. */
static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "store_reply: not so: %s\n", what);
    abort();
}

/* ---- the daemon */

struct daemon {
    int listening, connection;
    struct input script;
    size_t piece; /* how many bytes it writes at once */
};
static struct daemon daemon_end = {-1, -1, {NULL, 0}, MAX_BODY};

static void speak(struct daemon *daemon, const void *bytes, size_t length)
{
    const uint8_t *next = bytes;

    while (length > 0) {
        size_t part = length < daemon->piece ? length : daemon->piece;

        if (send(daemon->connection, next, part, MSG_NOSIGNAL) < 0)
            return;
        next += part;
        length -= part;
    }
}

static void send_message(struct daemon *daemon, struct xsd_sockmsg header, const void *body,
                         size_t body_length)
{
    uint8_t message[sizeof(header) + MAX_BODY];

    memcpy(message, &header, sizeof(header));
    memcpy(message + sizeof(header), body, body_length);
    speak(daemon, message, sizeof(header) + body_length);
}

/* The next request, or one that was never made. */
static struct xsd_sockmsg hear(struct daemon *daemon)
{
    struct pollfd client = {.fd = daemon->connection, .events = POLLIN};
    struct xsd_sockmsg header = {.type = XS_READ, .req_id = 1};
    const struct timespec asking = {.tv_nsec = ASKING_NS};
    uint8_t body[MAX_BODY];

    if (ppoll(&client, 1, &asking, NULL) <= 0 ||
        recv(daemon->connection, &header, sizeof(header), MSG_WAITALL) != (ssize_t)sizeof(header))
        return header;
    if (header.len > 0 && header.len <= sizeof(body) &&
        recv(daemon->connection, body, header.len, MSG_WAITALL) < 0)
        header.len = 0;
    return header;
}

/* A body from the script: its length is two bytes of it. */
static const uint8_t *read_body(struct daemon *daemon, size_t *length)
{
    *length = take_byte(&daemon->script);
    *length |= (size_t)(take_byte(&daemon->script) & 31) << 8;
    return take_bytes(&daemon->script, length);
}

static void answer(struct daemon *daemon, uint32_t type_change, uint32_t id_change)
{
    struct xsd_sockmsg header = hear(daemon);
    size_t length;
    const uint8_t *body = read_body(daemon, &length);

    header.type ^= type_change;
    header.req_id ^= id_change;
    header.len = (uint32_t)length;
    send_message(daemon, header, body, length);
}

static void answer_error(struct daemon *daemon)
{
    const struct xsd_errors *known = &xsd_errors[take_byte(&daemon->script) %
                                                 (sizeof(xsd_errors) / sizeof(xsd_errors[0]))];
    struct xsd_sockmsg header = hear(daemon);

    header.type = XS_ERROR;
    header.len = (uint32_t)strlen(known->errstring) + 1;
    send_message(daemon, header, known->errstring, header.len);
}

/* As a daemon does it that nothing is wrong with. */
static void answer_well(struct daemon *daemon)
{
    struct xsd_sockmsg header = hear(daemon);
    const char *body = header.type == XS_TRANSACTION_START ? "7" : "OK";

    header.len = 3 - (header.type == XS_TRANSACTION_START);
    send_message(daemon, header, body, header.len);
}

static void send_event(struct daemon *daemon)
{
    struct xsd_sockmsg header = {.type = XS_WATCH_EVENT};
    size_t length;
    const uint8_t *body = read_body(daemon, &length);

    header.len = (uint32_t)length;
    send_message(daemon, header, body, length);
}

/* Announces more or less than it sends. */
static void answer_with_wrong_length(struct daemon *daemon)
{
    struct xsd_sockmsg header = hear(daemon);
    uint32_t change = take_byte(&daemon->script);
    size_t length;
    const uint8_t *body = read_body(daemon, &length);

    header.len = change & 1 ? (uint32_t)length + (change << 5) : (uint32_t)length >> 1;
    send_message(daemon, header, body, length);
}

/* One request has one answer; here is another one, at the same time. */
static void answer_twice(struct daemon *daemon)
{
    struct xsd_sockmsg header = hear(daemon);
    uint8_t messages[2 * (sizeof(header) + MAX_BODY)];
    size_t length, used = 0;
    const uint8_t *body = read_body(daemon, &length);

    header.len = (uint32_t)length;
    for (int i = 0; i < 2; i++) {
        memcpy(messages + used, &header, sizeof(header));
        memcpy(messages + used + sizeof(header), body, length);
        used += sizeof(header) + length;
    }
    speak(daemon, messages, used);
}

static void send_raw(struct daemon *daemon)
{
    size_t length;
    const uint8_t *bytes = read_body(daemon, &length);

    speak(daemon, bytes, length);
}

static void play(struct daemon *daemon)
{
    switch (take_byte(&daemon->script) % 10) {
    case 0:
        answer(daemon, 0, 0);
        break;
    case 1:
        answer(daemon, take_byte(&daemon->script), 0);
        break;
    case 2:
        answer(daemon, 0, take_byte(&daemon->script));
        break;
    case 3:
        answer_error(daemon);
        break;
    case 4:
        answer(daemon, hear(daemon).type ^ XS_ERROR, 0);
        break;
    case 5:
        send_event(daemon);
        break;
    case 6:
        answer_with_wrong_length(daemon);
        break;
    case 7:
        send_raw(daemon);
        break;
    case 9:
        answer_twice(daemon);
        break;
    default:
        answer_well(daemon);
        break;
    }
}

static void *serve(void *argument)
{
    struct daemon *daemon = argument;

    daemon->connection = accept4(daemon->listening, NULL, NULL, SOCK_CLOEXEC);
    must(daemon->connection >= 0, "accept4 works");
    daemon->piece = take_byte(&daemon->script);
    if (daemon->piece == 0 || daemon->piece > 64)
        daemon->piece = MAX_BODY;
    while (daemon->script.left)
        play(daemon);
    shutdown(daemon->connection, SHUT_RDWR);
    return NULL;
}

/* ---- the program */

static char last_reply[16]; /* so that reads of results are not left out */

static void look_at_text(const char *text)
{
    size_t length = strlen(text);

    last_reply[length % sizeof(last_reply)] = text[length / 2];
}

static void check(bool good, const char *what)
{
    must(good || errno != 0, what);
}

static void check_strings(char **strings, unsigned count, const char *what)
{
    check(strings != NULL, what);
    for (unsigned i = 0; strings && i < count; i++)
        look_at_text(strings[i]);
    free(strings);
}

static void check_value(char *value, unsigned length, const char *what)
{
    check(value != NULL, what);
    must(!value || value[length] == '\0', "a value is followed by a NUL");
    free(value);
}

static void check_permissions(struct xs_permissions *found, unsigned count)
{
    check(found != NULL, "permissions or errno");
    for (unsigned i = 0; found && i < count; i++)
        last_reply[found[i].id % sizeof(last_reply)] = (char)found[i].perms;
    free(found);
}

static void read_many(struct xs_handle *xsh, uint8_t choice)
{
    struct xs_read_key keys[5] = {{.path = "a"}, {.path = "b"}, {.path = "c"}, {.path = "d"},
                                  {.path = "e"}};
    unsigned count = choice % 5 + 1;
    int found = xs_read_many(xsh, XBT_NULL, keys, count);

    check(found >= 0, "values or errno");
    for (unsigned i = 0; found >= 0 && i < count; i++) {
        must((keys[i].value == NULL) == (keys[i].error != 0), "a value or an error");
        if (keys[i].value)
            check_value(keys[i].value, keys[i].len, "a value");
    }
}

/* Several on their way; taken backwards, or not at all. */
static void submit_some(struct xs_handle *xsh, uint8_t choice)
{
    xs_request_t requests[4] = {
        xs_submit_read(xsh, XBT_NULL, "a"),
        xs_submit_directory(xsh, XBT_NULL, "b"),
        xs_submit_get_permissions(xsh, XBT_NULL, "c"),
        xs_submit_transaction_start(xsh),
    };
    int patience_ms = choice & 1 ? -1 : 1;
    unsigned count = 0;
    char *value;

    errno = EBADF;
    check(xs_collect_transaction(xsh, requests[3], patience_ms) != 0, "transaction or errno");
    if (choice & 2) {
        xs_forget(xsh, requests[2]);
        xs_forget(xsh, requests[1]);
    } else {
        check_permissions(xs_collect_permissions(xsh, requests[2], patience_ms, &count), count);
        count = 0;
        check_strings(xs_collect_directory(xsh, requests[1], patience_ms, &count), count,
                      "names or errno");
    }
    value = xs_collect(xsh, requests[0], patience_ms, &count);
    check_value(value, value ? count : 0, "a collected value");
}

static void ask_about_xenstored(struct xs_handle *xsh, uint8_t choice)
{
    unsigned number = 0;
    char *value, text[] = "text";

    switch (choice % 5) {
    case 0:
        check(xs_get_features_supported(xsh, &number), "features or errno");
        break;
    case 1:
        check_strings((char **)(uintptr_t)xs_get_quota_names(xsh, &number), number,
                      "quotas or errno");
        break;
    case 2:
        check(xs_get_domain_quota(xsh, 1, "nodes", &number), "a quota or errno");
        break;
    case 3:
        check(xs_watch_depth(xsh, "a", "token", 1), "a depth or errno");
        break;
    default:
        value = xs_control_command(xsh, "print", text, sizeof(text));
        check_value(value, value ? (unsigned)strlen(value) : 0, "text or errno");
    }
}

static void take_event(struct xs_handle *xsh, uint8_t choice)
{
    struct pollfd events = {.fd = choice & 1 ? xs_fileno(xsh) : -1, .events = POLLIN};
    unsigned count = 2;

    poll(&events, 1, 0);
    if (choice & 2)
        check_strings(xs_check_watch(xsh), count, "an event or errno");
    else if (choice & 4)
        check_strings(xs_wait_watch(xsh, 1), count, "an event or errno");
    else
        check_strings(xs_read_watch(xsh, &count), count, "an event or errno");
}

static void ask(struct xs_handle *xsh, uint8_t request)
{
    uint8_t choice = request >> 4;
    struct xs_permissions perms = {1, XS_PERM_READ};
    unsigned count = 0;
    char *value;

    errno = 0;
    switch (request % 16) {
    case 0:
        value = xs_read(xsh, XBT_NULL, "path", &count);
        check_value(value, count, "a value or errno");
        break;
    case 1:
    case 2:
        check_strings(xs_directory(xsh, choice, "path", &count), count, "names or errno");
        break;
    case 3:
        check_permissions(xs_get_permissions(xsh, XBT_NULL, "path", &count), count);
        break;
    case 4:
        check(xs_write(xsh, choice, "path", "value", 5), "ok or errno");
        break;
    case 5:
        check(xs_set_permissions(xsh, XBT_NULL, "path", &perms, 1), "ok or errno");
        break;
    case 6:
        check(xs_transaction_start(xsh) != XBT_NULL, "a transaction or errno");
        break;
    case 7:
        check(xs_transaction_end(xsh, choice, false), "ok or errno");
        break;
    case 8:
        check(xs_watch(xsh, "path", "token"), "ok or errno");
        break;
    case 9:
        check(xs_unwatch(xsh, "path", "token"), "ok or errno");
        break;
    case 10:
        value = xs_get_domain_path(xsh, choice);
        check_value(value, value ? (unsigned)strlen(value) : 0, "a path or errno");
        break;
    case 11:
        xs_is_domain_introduced(xsh, choice);
        break;
    case 12:
        ask_about_xenstored(xsh, choice);
        break;
    case 13:
        read_many(xsh, choice);
        break;
    case 14:
        submit_some(xsh, choice);
        break;
    default:
        take_event(xsh, choice);
    }
}

/* Once it is broken it says so, at once, and its descriptor wakes whoever waits. */
static void check_the_end(struct xs_handle *xsh)
{
    struct pollfd events = {.fd = xs_fileno(xsh), .events = POLLIN};
    unsigned strings;
    char **event;

    while ((event = xs_read_watch(xsh, &strings)) != NULL)
        free(event);
    errno = 0;
    must(!xs_mkdir(xsh, XBT_NULL, "path") && errno == EBADF, "EBADF once the connection is broken");
    must(events.fd < 0 || poll(&events, 1, 0) == 1, "readable once the connection is broken");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)argc;
    (void)argv;
    snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/xenlibs-fuzz-%d", getpid());
    unlink(address.sun_path);
    daemon_end.listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(daemon_end.listening >= 0 &&
             bind(daemon_end.listening, (struct sockaddr *)&address, sizeof(address)) == 0 &&
             listen(daemon_end.listening, 1) == 0 &&
             setenv("XENSTORED_PATH", address.sun_path, 1) == 0,
         "the daemon's socket is there");
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    size_t count = take_byte(&input) % MAX_REQUESTS;
    const uint8_t *requests = take_bytes(&input, &count);
    struct xs_handle *xsh;
    pthread_t serving;

    daemon_end.script = input;
    must(pthread_create(&serving, NULL, serve, &daemon_end) == 0, "a thread starts");
    xsh = xs_open(count % 2 ? XS_UNWATCH_FILTER : 0);
    must(xsh != NULL, "the daemon can be reached");
    for (size_t i = 0; i < count; i++)
        ask(xsh, requests[i]);
    check_the_end(xsh);
    xs_close(xsh);
    pthread_join(serving, NULL);
    close(daemon_end.connection);
    return 0;
}
