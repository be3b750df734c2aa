/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where Xen starts the bare guest: in 32-bit mode, without paging, as it starts
 * hvmloader. And where it wakes it from S3: in real mode, at the reset vector.
 */
        .code32
        .text
        .globl start, wake_code, wake_code_end, vector_stubs

        /* The data segments, and a stack of our own. */
        .macro use_segments
        movl $16, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %ss
        movl $stack_top, %esp
        .endm

start:
        lgdt gdt_pointer
        ljmp $8, $1f
1:      use_segments
        call guest_main

woken:
        use_segments
        incl wakes
        call guest_main

/* guest_main copies this to 0xfff00, and a jump to it to the reset vector 0xffff0. */
        .code16
wake_code:
        cli
        lgdtl %cs:(0xff00 + wake_gdt_pointer - wake_code)
        movl %cr0, %eax
        orl $1, %eax
        movl %eax, %cr0
        ljmpl $8, $woken
wake_gdt_pointer:
        .word gdt_end - gdt - 1
        .long gdt
wake_code_end:

/* A stub of 16 bytes for each vector: all leave an error code and the vector. */
        .code32
        .balign 16
vector_stubs:
        vector = 0
        .rept 256
        .balign 16
        .if (vector == 8) || ((vector >= 10) && (vector <= 14)) || (vector == 17)
        nop
        .else
        pushl $0
        .endif
        pushl $vector
        jmp 1f
        vector = vector + 1
        .endr
1:      pusha
        cld
        leal 32(%esp), %eax             /* a struct taken */
        pushl %eax
        call take_vector
        addl $4, %esp
        popa
        addl $8, %esp
        iret

        .data
        .balign 8
gdt:    .quad 0
        .quad 0x00cf9b000000ffff        /* code: all 4 GiB */
        .quad 0x00cf93000000ffff        /* data: all 4 GiB */
gdt_end:
gdt_pointer:
        .word gdt_end - gdt - 1
        .long gdt

        .bss
        .balign 16
        .skip 16384
stack_top:

        .section .note.GNU-stack, "", @progbits
