/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxenkexec's pages take for granted. */
#include <elf.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <xenkexec.h>

extern xenkexec_handle *hdl;
extern const void *code;
extern size_t code_size;
