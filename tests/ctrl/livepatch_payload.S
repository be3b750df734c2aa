/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A livepatch that changes nothing: when it is applied and when it is reverted, Xen
 * prints a line. As an object file it is what Xen takes; livepatch.c writes the running
 * Xen's build id over the bytes of 0xa5 and an id of its own over those of 0x5a.
 * It has no symbols but printk: Xen wants those of all livepatches to be different.
 */
    .macro note_with_id section, byte
    .section \section, "a", @note
    .balign 4
    .long 4, 20, 3 /* a name of 4 bytes, an id of 20, a build id */
    .asciz "GNU"
    .fill 20, 1, \byte
    .endm

    note_with_id .note.gnu.build-id, 0x5a
    note_with_id .livepatch.depends, 0xa5
    note_with_id .livepatch.xen_depends, 0xa5

    .section .modinfo, "a", @progbits
    .asciz "source=xenlibs"

    .section .rodata, "a", @progbits
.Lapplied:
    .asciz "<0>xenlibs' livepatch is applied\n" /* an error: always printed */
.Lreverted:
    .asciz "<0>xenlibs' livepatch is reverted\n"

    .text
    .balign 16
.Lon_apply:
    endbr64
    sub $8, %rsp
    leaq .Lapplied(%rip), %rdi
    xor %eax, %eax
    call printk
    add $8, %rsp
    ret

    .balign 16
.Lon_revert:
    endbr64
    sub $8, %rsp
    leaq .Lreverted(%rip), %rdi
    xor %eax, %eax
    call printk
    add $8, %rsp
    ret

    .section .livepatch.hooks.load, "a", @progbits
    .balign 8
    .quad .Lon_apply
    .section .livepatch.hooks.unload, "a", @progbits
    .balign 8
    .quad .Lon_revert

    .section .note.GNU-stack, "", @progbits
