/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edu.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

#define FOLDER "/sys/bus/pci/devices/0000:00:05.0/"

enum { COMMAND = 4, DECODE_MEMORY = 2, MASTER = 4, CAPABILITIES = 0x34, MSI = 5 };

static uint16_t config(off_t offset)
{
    int fd = open(FOLDER "config", O_RDONLY | O_CLOEXEC);
    uint16_t value;

    assert_int_equal(pread(fd, &value, sizeof(value), offset), sizeof(value));
    close(fd);
    return value;
}

static void set_config(off_t offset, uint16_t value)
{
    int fd = open(FOLDER "config", O_WRONLY | O_CLOEXEC);

    assert_int_equal(pwrite(fd, &value, sizeof(value), offset), sizeof(value));
    close(fd);
}

/* The kernel also tells Xen of its interrupt then. */
static void enable(void)
{
    FILE *file = fopen(FOLDER "enable", "we");

    assert_non_null(file);
    fputs("1", file);
    assert_int_equal(fclose(file), 0);
}

static uint64_t first_resource(void)
{
    FILE *file = fopen(FOLDER "resource", "re");
    unsigned long long start = 0, end = 0;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%llx %llx", &start, &end), 2);
    fclose(file);
    assert_int_equal(end - start + 1, EDU_FRAMES * 4096ull);
    return start;
}

uint64_t edu_registers(void)
{
    static bool is_enabled;

    if (!is_enabled)
        enable();
    is_enabled = true;
    set_config(COMMAND, config(COMMAND) | DECODE_MEMORY | MASTER);
    return first_resource();
}

void edu_uses_messages(bool by_message)
{
    off_t place = config(CAPABILITIES) & 0xff;

    while (place && (config(place) & 0xff) != MSI)
        place = config(place) >> 8;
    assert_int_not_equal(place, 0);
    uint16_t control = config(place + 2);
    set_config(place + 2, by_message ? control | 1 : control & (uint16_t)~1);
}

volatile uint32_t *edu_map(void)
{
    int fd = open(FOLDER "resource0", O_RDWR | O_SYNC | O_CLOEXEC);
    void *registers = mmap(NULL, EDU_FRAMES * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    assert_true(registers != MAP_FAILED);
    close(fd);
    return registers;
}
