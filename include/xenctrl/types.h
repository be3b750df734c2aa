/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all parts of <xenctrl.h> share: Xen's constants, and the interface. */
#ifndef XENCTRL_TYPES_H
#define XENCTRL_TYPES_H

#ifndef __XEN_TOOLS__
#ifdef __XEN_PUBLIC_XEN_H__
#error "include <xenctrl.h> before <xen/xen.h>, or define __XEN_TOOLS__ to 1 ahead of both"
#endif
#define __XEN_TOOLS__ 1
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "xentoollog.h"

/* Xen's headers ask for GNU C; what they need of it, compilers know in any mode. */
#ifdef __STRICT_ANSI__
#undef __STRICT_ANSI__
#define XENCTRL_STRICT_ANSI
#endif

#include <xen/xen.h>
#include <xen/domctl.h>
#include <xen/event_channel.h>
#include <xen/grant_table.h>
#include <xen/hvm/dm_op.h>
#include <xen/hvm/params.h>
#include <xen/kexec.h>
#include <xen/memory.h>
#include <xen/physdev.h>
#include <xen/platform.h>
#include <xen/sched.h>
#include <xen/sysctl.h>
#include <xen/version.h>
#include <xen/xsm/flask_op.h>
#if defined(__i386__) || defined(__x86_64__)
#include <xen/arch-x86/xen-mca.h>
#include <xen/foreign/x86_32.h>
#include <xen/foreign/x86_64.h>
#endif

#ifdef XENCTRL_STRICT_ANSI
#undef XENCTRL_STRICT_ANSI
#define __STRICT_ANSI__ 1
#endif

/* Xen's page, whatever the host's is. */
#define XC_PAGE_SHIFT 12
#define XC_PAGE_SIZE (1UL << XC_PAGE_SHIFT)
#define XC_PAGE_MASK (~(XC_PAGE_SIZE - 1))

#define INVALID_MFN (~0UL)

/* Programs that also knew Xen 4.0 ask for it. */
#define XENCTRL_HAS_XC_INTERFACE 1

typedef struct xc_interface_core xc_interface;

#endif
