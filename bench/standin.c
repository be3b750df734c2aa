/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "standin.h"

#include "standin_devices.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

#ifndef __x86_64__
#error "count-syscalls --stand-in changes registers, and knows those of x86-64 only"
#endif

enum { MAX_FDS = 1024 };

/* Below the stack's red zone: no live data of the program is there. */
#define SCRATCH_BELOW_STACK 1024u

static const char replacement_path[] = "/dev/zero";
static const char missing_path[] = "/dev/xen-is-not-here";

static enum device fd_device[MAX_FDS];
static bool device_removed[DEVICES];

/* What is to be done when the present call ends. */
static struct {
    enum { NOTHING, NOTE_OPEN, NOTE_MAPPING, SET_RESULT } action;
    enum device device;
    int64_t result;
    struct user_regs_struct before;
} pending;

static void fail(const char *what)
{
    perror(what);
    exit(125);
}

bool read_program(pid_t pid, void *to, uint64_t from, size_t size)
{
    struct iovec local = {to, size}, remote = {(void *)(uintptr_t)from, size};

    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

bool write_program(pid_t pid, uint64_t to, const void *from, size_t size)
{
    struct iovec local = {(void *)(uintptr_t)from, size};
    struct iovec remote = {(void *)(uintptr_t)to, size};

    return process_vm_writev(pid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

static struct user_regs_struct get_registers(pid_t pid)
{
    struct user_regs_struct registers;

    if (ptrace(PTRACE_GETREGS, pid, NULL, &registers))
        fail("count-syscalls: reading registers");
    return registers;
}

static void set_registers(pid_t pid, struct user_regs_struct registers)
{
    if (ptrace(PTRACE_SETREGS, pid, NULL, &registers))
        fail("count-syscalls: setting registers");
}

void standin_remove_device(const char *name)
{
    device_removed[standin_find_device(name)] = true;
}

static enum device device_of(uint64_t fd)
{
    return fd < MAX_FDS ? fd_device[fd] : NO_DEVICE;
}

/* The device that a path in the program's memory names. */
static enum device device_at_path(pid_t pid, uint64_t path)
{
    static const char folder[] = "/dev/xen/";
    char text[32] = "";

    for (size_t i = 0; i < sizeof(text) - 1; i++)
        if (!read_program(pid, text + i, path + i, 1) || !text[i])
            break;
    if (strncmp(text, folder, sizeof(folder) - 1) != 0)
        return NO_DEVICE;
    return standin_find_device(text + sizeof(folder) - 1);
}

/* Lets the program open another file in place of the device. */
static void redirect_open(pid_t pid, uint64_t path, bool path_is_first)
{
    enum device device = device_at_path(pid, path);
    struct user_regs_struct registers;
    const char *instead;

    if (device == NO_DEVICE)
        return;
    instead = device_removed[device] ? missing_path : replacement_path;
    registers = pending.before = get_registers(pid);
    registers.rsp -= SCRATCH_BELOW_STACK;
    if (!write_program(pid, registers.rsp, instead, strlen(instead) + 1))
        fail("count-syscalls: writing a path");
    *(path_is_first ? &registers.rdi : &registers.rsi) = registers.rsp;
    registers.rsp = pending.before.rsp;
    set_registers(pid, registers);
    pending.action = NOTE_OPEN;
    pending.device = device;
}

/* The memory behind /dev/zero begins at 0, whatever offset the device gave out. */
static void redirect_mmap(pid_t pid, const uint64_t *args)
{
    struct user_regs_struct registers;

    pending.device = device_of(args[4]);
    if (pending.device == NO_DEVICE)
        return;
    registers = pending.before = get_registers(pid);
    registers.r9 = 0;
    set_registers(pid, registers);
    pending.action = NOTE_MAPPING;
}

/* The kernel is not to see this call: it gets the number of none. */
static void answer(pid_t pid, int64_t result)
{
    struct user_regs_struct registers = pending.before = get_registers(pid);

    registers.orig_rax = (unsigned long long)-1;
    set_registers(pid, registers);
    pending.result = result;
    pending.action = SET_RESULT;
}

static void forget_fd(uint64_t fd)
{
    if (fd < MAX_FDS)
        fd_device[fd] = NO_DEVICE;
}

void standin_enter_call(pid_t pid, uint64_t number, const uint64_t *args)
{
    enum device device = device_of(args[0]);

    pending.action = NOTHING;
    switch (number) {
    case SYS_open:
        redirect_open(pid, args[0], true);
        break;
    case SYS_openat:
        redirect_open(pid, args[1], false);
        break;
    case SYS_close:
        forget_fd(args[0]);
        break;
    case SYS_dup2:
    case SYS_dup3:
        forget_fd(args[1]);
        break;
    case SYS_mmap:
        redirect_mmap(pid, args);
        break;
    case SYS_ioctl:
        if (device != NO_DEVICE)
            answer(pid, standin_ioctl(pid, device, args[1], args[2]));
        break;
    case SYS_read:
        if (device == DEVICE_EVTCHN)
            answer(pid, standin_evtchn_read(pid, args[1], args[2]));
        break;
    case SYS_write:
        if (device == DEVICE_EVTCHN)
            answer(pid, (int64_t)args[2]);
        break;
    default:
        break;
    }
}

void standin_leave_call(pid_t pid, int64_t result)
{
    struct user_regs_struct registers = pending.before;

    switch (pending.action) {
    case NOTHING:
        return;
    case NOTE_OPEN:
        if (result >= 0 && result < MAX_FDS)
            fd_device[result] = pending.device;
        break;
    case NOTE_MAPPING:
        if (pending.device == DEVICE_GNTDEV && result > 0)
            standin_note_mapping((uint64_t)result, registers.rsi, registers.r9);
        break;
    case SET_RESULT:
        result = pending.result;
        break;
    }
    /* Only the result may differ from what the program had in its registers. */
    registers.rax = (unsigned long long)result;
    set_registers(pid, registers);
    pending.action = NOTHING;
}
