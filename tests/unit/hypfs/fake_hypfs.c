/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake_hypfs.h"

enum { MAX_ENTRIES = 64, ENTRY_ALIGN = 4 };

int fake_version;
int fake_version_errno;
fake_read_fn *fake_read;
int fake_write_errno;
unsigned fake_reads, fake_writes;

static struct fake_entry entries[MAX_ENTRIES];
static size_t entry_count;

static int answer(int errnoval)
{
    if (!errnoval)
        return 0;
    errno = errnoval;
    return -1;
}

static struct fake_entry *look_up(const char *path)
{
    for (size_t i = 0; i < entry_count; i++)
        if (strcmp(entries[i].path, path) == 0)
            return &entries[i];
    return NULL;
}

struct fake_entry *fake_find(const char *path)
{
    struct fake_entry *entry = look_up(path);

    assert_non_null(entry);
    return entry;
}

static void set_content(struct fake_entry *entry, const void *content, size_t size)
{
    free(entry->content);
    entry->size = size;
    entry->content = malloc(size ? size : 1);
    assert_non_null(entry->content);
    if (size)
        memcpy(entry->content, content, size);
}

struct fake_entry *fake_add_writable(const char *path, uint8_t type, const void *content,
                                     size_t size, uint32_t max_write_len)
{
    struct fake_entry *entry = look_up(path);

    if (!entry) {
        assert_true(entry_count < MAX_ENTRIES);
        entry = &entries[entry_count++];
        assert_true(strlen(path) < sizeof(entry->path));
        strcpy(entry->path, path);
    }
    entry->type = type;
    entry->encoding = XEN_HYPFS_ENC_PLAIN;
    entry->max_write_len = max_write_len;
    set_content(entry, content, size);
    return entry;
}

struct fake_entry *fake_add(const char *path, uint8_t type, const void *content, size_t size)
{
    return fake_add_writable(path, type, content, size, 0);
}

/* Xen wants a path from the root, and its length with the NUL that ends it. */
static bool is_path(const char *path, uint64_t length)
{
    return length && length <= XEN_HYPFS_MAX_PATHLEN && path[0] == '/' &&
           strnlen(path, length) == length - 1;
}

static int read_entry(const struct fake_entry *entry, void *buffer, size_t size)
{
    struct xen_hypfs_direntry header = {
        .type = entry->type,
        .encoding = entry->encoding,
        .content_len = (uint32_t)entry->size,
        .max_write_len = entry->max_write_len,
    };

    if (size < sizeof(header))
        return ENOBUFS;
    memcpy(buffer, &header, sizeof(header));
    if (size - sizeof(header) < entry->size)
        return ENOBUFS;
    memcpy((char *)buffer + sizeof(header), entry->content, entry->size);
    return 0;
}

static int read_path(const char *path, void *buffer, size_t size)
{
    const struct fake_entry *entry = look_up(path);

    __atomic_fetch_add(&fake_reads, 1, __ATOMIC_RELAXED);
    if (fake_read)
        return fake_read(path, buffer, size);
    return entry ? read_entry(entry, buffer, size) : ENOENT;
}

static int write_path(const char *path, const void *content, size_t size)
{
    struct fake_entry *entry = look_up(path);

    __atomic_fetch_add(&fake_writes, 1, __ATOMIC_RELAXED);
    if (fake_write_errno)
        return fake_write_errno;
    if (!entry)
        return ENOENT;
    if (!entry->max_write_len)
        return EACCES;
    if (size > entry->max_write_len)
        return ENOSPC;
    if (size != entry->size && entry->type != XEN_HYPFS_TYPE_STRING)
        return EDOM;
    set_content(entry, content, size);
    return 0;
}

static int hypfs_op(const uint64_t *arg)
{
    const char *path = (const char *)(uintptr_t)arg[1];
    void *buffer = (void *)(uintptr_t)arg[3];

    if (arg[0] == XEN_HYPFS_OP_get_version) {
        errno = fake_version_errno;
        return fake_version;
    }
    if (!is_path(path, arg[2]))
        return answer(EINVAL);
    if (arg[0] == XEN_HYPFS_OP_read)
        return answer(read_path(path, buffer, arg[4]));
    if (arg[0] == XEN_HYPFS_OP_write_contents)
        return answer(write_path(path, buffer, arg[4]));
    return answer(EOPNOTSUPP);
}

static int hypercall(int fd, void *argument, void *user)
{
    const struct uapi_privcmd_hypercall *call = argument;

    (void)fd;
    (void)user;
    return call->op == __HYPERVISOR_hypfs_op ? hypfs_op(call->arg) : answer(ENOSYS);
}

void fake_start(void)
{
    fakexen_add_device(PRIVCMD);
    fakexen_add_device(HYPERCALL);
    fakexen_on_ioctl(UAPI_PRIVCMD_HYPERCALL, hypercall, NULL);
    fake_version = XEN_HYPFS_VERSION;
    fake_add("/", XEN_HYPFS_TYPE_DIR, NULL, 0);
}

xenhypfs_handle *fake_open(void)
{
    xenhypfs_handle *fshdl;

    fake_start();
    fshdl = xenhypfs_open(NULL, 0);
    assert_non_null(fshdl);
    return fshdl;
}

void fake_list_add(struct fake_list *list, const char *name, uint8_t type, uint32_t content_len,
                   uint32_t max_write_len)
{
    struct xen_hypfs_direntry entry = {
        .type = type, .content_len = content_len, .max_write_len = max_write_len};
    size_t used = offsetof(struct xen_hypfs_dirlistentry, name) + strlen(name) + 1;
    uint16_t off_next;
    unsigned char *place = list->bytes + list->size;

    used = (used + ENTRY_ALIGN - 1) / ENTRY_ALIGN * ENTRY_ALIGN;
    assert_true(list->size + used <= sizeof(list->bytes));
    off_next = (uint16_t)used;
    memset(place, 0, used);
    memcpy(place, &entry, sizeof(entry));
    memcpy(place + offsetof(struct xen_hypfs_dirlistentry, off_next), &off_next,
           sizeof(off_next));
    strcpy((char *)place + offsetof(struct xen_hypfs_dirlistentry, name), name);
    list->last = list->size;
    list->size += used;
}

void fake_list_end(struct fake_list *list)
{
    memset(list->bytes + list->last + offsetof(struct xen_hypfs_dirlistentry, off_next), 0,
           sizeof(uint16_t));
}
