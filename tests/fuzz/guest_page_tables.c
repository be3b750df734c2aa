/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xc_translate_foreign_address over a domain whose memory, registers and kind are the
 * input. Xen and the kernel are stand-ins that speak as the <xen/domctl.h> of this build.
 *
 * The input: a byte with the kind of the domain (see below), 8 bytes of CR3, 8 of CR4, 8 of
 * the address, and the rest is the domain's memory, over and over.
 *
 * The call must return a frame that an entry can name, or fail for a reason that its header
 * lists; it looks at no more tables than there are levels, and leaves nothing mapped.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xenctrl.h>
#include <xen/arch-x86/hvm/save.h>

#include "fakeguest.h"
#include "fakexen.h"
#include "uapi_privcmd.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DOM = 7, FRAMES = 8, MEMORY = FRAMES * FAKEGUEST_PAGE };
enum { IS_HVM = 1, IS_32_BIT = 2, IS_LONG = 4, NO_PAGING = 8, NO_DOMAIN = 16 };

static xc_interface *xch;
static uint8_t *memory;

static struct {
    uint8_t kind;
    uint64_t cr3, cr4, address;
} domain;

/* A finding: libFuzzer keeps the input. */
static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "guest_page_tables: not so: %s\n", what);
    abort();
}

/* ---- Xen ---- */

static int tell_context(const struct xen_domctl *domctl)
{
    vcpu_guest_context_any_t *context = (void *)domctl->u.vcpucontext.ctxt.p;

    if (domain.kind & IS_32_BIT)
        context->x32.ctrlreg[3] = (uint32_t)domain.cr3;
    else
        context->x64.ctrlreg[3] = domain.cr3;
    return 0;
}

static int tell_cpu(struct xen_domctl *domctl)
{
    struct hvm_hw_cpu *cpu = (void *)domctl->u.hvmcontext_partial.buffer.p;

    must(domctl->u.hvmcontext_partial.bufsz >= sizeof(*cpu), "there is room for a CPU");
    memset(cpu, 0, sizeof(*cpu));
    cpu->cr0 = domain.kind & NO_PAGING ? 0 : UINT32_C(1) << 31;
    cpu->cr3 = domain.cr3;
    cpu->cr4 = domain.cr4;
    cpu->msr_efer = domain.kind & IS_LONG ? 1 << 10 : 0;
    domctl->u.hvmcontext_partial.bufsz = sizeof(*cpu);
    return 0;
}

static int carry_out(struct xen_domctl *domctl)
{
    if (domctl->interface_version != XEN_DOMCTL_INTERFACE_VERSION)
        return -EACCES;
    if (domctl->domain != DOM || domain.kind & NO_DOMAIN)
        return -ESRCH;
    switch (domctl->cmd) {
    case XEN_DOMCTL_getdomaininfo:
        domctl->u.getdomaininfo.domain = DOM;
        domctl->u.getdomaininfo.flags = domain.kind & IS_HVM ? XEN_DOMINF_hvm_guest : 0;
        return 0;
    case XEN_DOMCTL_getvcpucontext:
        return tell_context(domctl);
    case XEN_DOMCTL_get_address_size:
        domctl->u.address_size.size = domain.kind & IS_32_BIT ? 32 : 64;
        return 0;
    case XEN_DOMCTL_gethvmcontext_partial:
        return tell_cpu(domctl);
    default:
        return -ENOSYS;
    }
}

static int hypercall(int fd, void *argument, void *user)
{
    const struct uapi_privcmd_hypercall *call = argument;
    int result = -ENOSYS;

    (void)fd;
    (void)user;
    if (call->op == __HYPERVISOR_xen_version && call->arg[0] == XENVER_version)
        return 4 << 16 | (XEN_DOMCTL_INTERFACE_VERSION - 0x12 + 14);
    if (call->op == __HYPERVISOR_domctl)
        result = carry_out((struct xen_domctl *)(uintptr_t)call->arg[0]);
    if (result >= 0)
        return result;
    errno = -result;
    return -1;
}

/* ---- the call ---- */

static uint64_t take_number(const uint8_t **at, size_t *left)
{
    uint64_t number = 0;
    size_t bytes = *left < sizeof(number) ? *left : sizeof(number);

    memcpy(&number, *at, bytes);
    *at += bytes;
    *left -= bytes;
    return number;
}

static void fill_memory(const uint8_t *pattern, size_t size)
{
    memset(memory, 0, MEMORY);
    for (size_t at = 0; size && at < MEMORY; at += size)
        memcpy(memory + at, pattern, size < MEMORY - at ? size : MEMORY - at);
}

static unsigned levels(void)
{
    if (!(domain.kind & IS_HVM))
        return domain.kind & IS_32_BIT ? 3 : 4;
    if (domain.kind & NO_PAGING)
        return 0;
    return domain.kind & IS_LONG ? 4 : domain.cr4 & 1 << 5 ? 3 : 2;
}

static bool is_listed(int errnoval)
{
    return errnoval == EADDRNOTAVAIL || errnoval == EINVAL || errnoval == ESRCH;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fakexen_add_device("/dev/xen/privcmd");
    fakexen_add_device("/dev/xen/hypercall");
    fakexen_on_ioctl(UAPI_PRIVCMD_HYPERCALL, hypercall, NULL);
    memory = fakeguest_start(DOM, FRAMES);
    xch = xc_interface_open(NULL, NULL, 0);
    must(xch != NULL, "the stand-ins make an interface");
    for (domain.kind = 0; domain.kind <= IS_HVM; domain.kind++) /* buffers that it keeps */
        xc_translate_foreign_address(xch, DOM, 0, 0);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned asked = fakeguest_asked.requests, mappings = fakexen_mappings();

    if (!size)
        return 0;
    domain.kind = *data++;
    size--;
    domain.cr3 = take_number(&data, &size);
    domain.cr4 = take_number(&data, &size);
    domain.address = take_number(&data, &size);
    fill_memory(data, size);
    errno = 0;
    unsigned long frame = xc_translate_foreign_address(xch, DOM, 0, domain.address);
    must(frame == 0 || errno == 0, "errno is for failures");
    must(errno == 0 || is_listed(errno), "an errno that the header lists");
    must(levels() == 0 || frame >> 40 == 0, "a frame that an entry can name");
    must(fakeguest_asked.requests - asked <= levels(), "no more tables than levels");
    must(!(domain.kind & NO_DOMAIN) || errno == ESRCH, "no domain, no frame");
    must(fakexen_mappings() == mappings, "nothing stays mapped");
    return 0;
}
