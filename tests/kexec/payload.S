/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The smallest kernel: says something on the serial line, and resets the machine. Runs
 * in 64-bit mode wherever it lies.
 */
#define SERIAL_DATA 0x3f8
#define SERIAL_STATUS 0x3fd
#define SERIAL_IS_READY 0x20
#define RESET_CONTROL 0xcf9
#define RESET 0x06

    .section .rodata
    .globl payload, payload_end
payload:
    lea     message(%rip), %rsi
    cld
next:
    lodsb
    test    %al, %al
    jz      reset
    mov     %al, %bl
    mov     $SERIAL_STATUS, %dx
busy:
    inb     %dx, %al
    test    $SERIAL_IS_READY, %al
    jz      busy
    mov     $SERIAL_DATA, %dx
    mov     %bl, %al
    outb    %al, %dx
    jmp     next
reset:
    mov     $RESET_CONTROL, %dx
    mov     $RESET, %al
    outb    %al, %dx
    hlt
    jmp     reset
message:
    .asciz  "\r\nstarted by xenkexec_exec\r\n"
payload_end:

    .section .note.GNU-stack, "", %progbits
