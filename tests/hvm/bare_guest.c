/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An HVM guest without an operating system: Xen loads it in place of hvmloader. It
 * does what the test tells it, one access at a time, and counts the interrupts and
 * exceptions that reach it. Nothing else runs in it, so that what a device model's
 * operation does to a guest can be seen exactly.
 */
#include <stdint.h>

#include "guest_protocol.h"

enum { PIC = 0x20, SECOND_PIC = 0xa0, TIMER = 0x40, END_OF_INTERRUPT = 0x20 };

#define LOCAL_APIC ((volatile uint32_t *)0xfee00000)
enum { APIC_END = 0xb0 / 4, APIC_SPURIOUS = 0xf0 / 4, APIC_LINE_0 = 0x350 / 4 };
enum { APIC_ENABLED = 0x100, SPURIOUS_VECTOR = 0xff, FROM_THE_PIC = 0x700 };

#define GATE ((volatile struct gate *)GATE_ADDRESS)
#define RESET_VECTOR ((volatile uint8_t *)0xffff0)
#define WAKE_PLACE ((volatile uint8_t *)0xfff00)

/* What the stubs of bare_guest_entry.S leave on the stack. */
struct taken {
    uint32_t vector;
    uint32_t error_code;
};

struct vector_gate {
    uint16_t offset_low, segment, type, offset_high;
};

extern const uint8_t vector_stubs[256][16];
extern const uint8_t wake_code[], wake_code_end[];
void guest_main(void);
void take_vector(const struct taken *taken);

volatile uint32_t wakes;
static volatile uint32_t counts[256], last_error_code;
static struct vector_gate gates[256];

static inline void out_byte(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void out_long(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t in_byte(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t in_long(uint16_t port)
{
    uint32_t value;

    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

/* Called with interrupts off. */
void take_vector(const struct taken *taken)
{
    uint32_t vector = taken->vector & 0xff;

    counts[vector]++;
    if (vector < FIRST_LINE_VECTOR) {
        last_error_code = taken->error_code;
    } else if (vector < FIRST_LINE_VECTOR + LINES) {
        if (vector >= FIRST_LINE_VECTOR + LINES / 2)
            out_byte(SECOND_PIC, END_OF_INTERRUPT);
        out_byte(PIC, END_OF_INTERRUPT);
    } else {
        LOCAL_APIC[APIC_END] = 0;
    }
}

static void start_interrupts(void)
{
    const struct {
        uint16_t limit;
        uint32_t base;
    } __attribute__((packed)) pointer = {sizeof(gates) - 1, (uint32_t)gates};

    for (uint32_t i = 0; i < 256; i++) {
        uint32_t stub = (uint32_t)vector_stubs[i];

        gates[i] = (struct vector_gate){(uint16_t)stub, 8, 0x8e00, (uint16_t)(stub >> 16)};
    }
    __asm__ volatile("lidt %0" : : "m"(pointer));
    out_byte(PIC, 0x11);
    out_byte(PIC + 1, FIRST_LINE_VECTOR);
    out_byte(PIC + 1, 1 << 2);
    out_byte(PIC + 1, 1);
    out_byte(SECOND_PIC, 0x11);
    out_byte(SECOND_PIC + 1, FIRST_LINE_VECTOR + LINES / 2);
    out_byte(SECOND_PIC + 1, 2);
    out_byte(SECOND_PIC + 1, 1);
    out_byte(PIC + 1, 0);
    out_byte(SECOND_PIC + 1, 0);
    LOCAL_APIC[APIC_SPURIOUS] = APIC_ENABLED | SPURIOUS_VECTOR;
    LOCAL_APIC[APIC_LINE_0] = FROM_THE_PIC;
    out_byte(TIMER + 3, 0x34); /* line 0, again and again */
    out_byte(TIMER, 0);
    out_byte(TIMER, 0);
}

static void prepare_to_wake(void)
{
    uint32_t size = (uint32_t)(wake_code_end - wake_code);

    for (uint32_t i = 0; i < size; i++)
        WAKE_PLACE[i] = wake_code[i];
    RESET_VECTOR[0] = 0xe9; /* jmp near, back to WAKE_PLACE */
    RESET_VECTOR[1] = (uint8_t)(0xff00 - 0xfff3);
    RESET_VECTOR[2] = (uint8_t)((0xff00 - 0xfff3) >> 8);
}

static void wait_for_ticks(uint32_t ticks)
{
    uint32_t start = counts[FIRST_LINE_VECTOR];

    while (counts[FIRST_LINE_VECTOR] - start < ticks)
        __asm__ volatile("sti; hlt; cli" : : : "memory");
}

static uint32_t read_memory(uint32_t address, uint32_t size)
{
    switch (size) {
    case 1: return *(volatile uint8_t *)address;
    case 2: return *(volatile uint16_t *)address;
    default: return *(volatile uint32_t *)address;
    }
}

static void write_memory(uint32_t address, uint32_t size, uint32_t value)
{
    switch (size) {
    case 1: *(volatile uint8_t *)address = (uint8_t)value; break;
    case 2: *(volatile uint16_t *)address = (uint16_t)value; break;
    default: *(volatile uint32_t *)address = value;
    }
}

static uint32_t fault_address(void)
{
    uint32_t address;

    __asm__ volatile("movl %%cr2, %0" : "=r"(address));
    return address;
}

static uint32_t follow(uint32_t order, uint32_t address, uint32_t value)
{
    uint32_t size = order >> 8;
    uint16_t port = (uint16_t)address;

    switch (order & 0xff) {
    case ORDER_READ: return read_memory(address, size);
    case ORDER_WRITE: write_memory(address, size, value); return 0;
    case ORDER_IN: return size == 1 ? in_byte(port) : in_long(port);
    case ORDER_OUT:
        if (size == 1)
            out_byte(port, (uint8_t)value);
        else
            out_long(port, value);
        return 0;
    case ORDER_COUNT: return counts[address & 0xff];
    case ORDER_ERROR_CODE: return last_error_code;
    case ORDER_FAULT_ADDRESS: return fault_address();
    case ORDER_WAKES: return wakes;
    default: return 0;
    }
}

static void wait_at_the_gate(void)
{
    while (!GATE->open) {
        GATE->resting = 1;
        wait_for_ticks(1);
    }
    GATE->resting = 0;
}

/* Interrupts are taken while it waits, and before it follows an order. */
void guest_main(void)
{
    start_interrupts();
    prepare_to_wake();
    for (;;) {
        uint32_t order, address, value;

        wait_at_the_gate();
        order = in_long(ORDER_PORT);
        address = in_long(ADDRESS_PORT);
        value = in_long(VALUE_PORT);
        __asm__ volatile("sti; nop; nop; cli" : : : "memory");
        out_long(RESULT_PORT, follow(order, address, value));
        if ((order & 0xff) == ORDER_REST)
            wait_for_ticks(value);
    }
}
