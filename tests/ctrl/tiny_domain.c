/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "on_xen.h"

#include "tiny_domain.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xen/hvm/save.h>

static uint32_t domain; /* 0: there is none */

/* ---- memory ---- */

static void *map_frame(xen_pfn_t frame)
{
    void *page = xc_map_foreign_range(xc(), domain, XC_PAGE_SIZE, PROT_READ | PROT_WRITE, frame);

    assert_non_null(page);
    return page;
}

static void add_memory(const void *code, size_t size)
{
    xen_pfn_t frames[TINY_PAGES];

    for (unsigned i = 0; i < TINY_PAGES; i++)
        frames[i] = i;
    assert_works(xc_domain_setmaxmem(xc(), domain, 1024));
    assert_works(xc_domain_populate_physmap_exact(xc(), domain, TINY_PAGES, 0, 0, frames));
    void *page = map_frame(TINY_CODE / XC_PAGE_SIZE);
    memcpy(page, code, size);
    munmap(page, XC_PAGE_SIZE);
}

uint32_t tiny_domain_data(void)
{
    uint32_t value, *page = map_frame(TINY_DATA / XC_PAGE_SIZE);

    value = __atomic_load_n(page, __ATOMIC_RELAXED);
    munmap(page, XC_PAGE_SIZE);
    return value;
}

/* ---- its vCPU ---- */

enum { FLAT_CODE = 0xc9b, FLAT_DATA = 0xc93, BUSY_TASK = 0x8b, PROTECTED_MODE = 0x11 };

static struct hvm_hw_cpu first_state(void)
{
    struct hvm_hw_cpu cpu = {
        .rip = TINY_CODE,
        .rsp = TINY_STACK,
        .rflags = 2,
        .cr0 = PROTECTED_MODE,
        .cs_limit = UINT32_MAX,
        .ds_limit = UINT32_MAX,
        .es_limit = UINT32_MAX,
        .ss_limit = UINT32_MAX,
        .tr_limit = 0x67,
        .cs_arbytes = FLAT_CODE,
        .ds_arbytes = FLAT_DATA,
        .es_arbytes = FLAT_DATA,
        .ss_arbytes = FLAT_DATA,
        .tr_arbytes = BUSY_TASK,
        .dr6 = 0xffff0ff0,
        .dr7 = 0x400,
    };
    return cpu;
}

/* The saved state that this would be: Xen's own header, the vCPU, and the end. */
static void set_vcpu(void)
{
    struct {
        struct hvm_save_descriptor header_is;
        struct hvm_save_header header;
        struct hvm_save_descriptor cpu_is;
        struct hvm_hw_cpu cpu;
        struct hvm_save_descriptor end_is;
    } state = {
        .cpu_is = {.typecode = HVM_SAVE_CODE(CPU), .length = sizeof(state.cpu)},
        .cpu = first_state(),
    };
    long size = assert_works(xc_domain_hvm_getcontext(xc(), domain, NULL, 0));
    uint8_t *saved = malloc((size_t)size);

    assert_non_null(saved);
    assert_works(xc_domain_hvm_getcontext(xc(), domain, saved, (uint32_t)size));
    memcpy(&state, saved, offsetof(__typeof__(state), cpu_is));
    free(saved);
    assert_int_equal(state.header_is.length, sizeof(state.header));
    assert_works(xc_domain_hvm_setcontext(xc(), domain, (uint8_t *)&state, sizeof(state)));
}

/* ---- the domain ---- */

static struct xen_domctl_createdomain configuration(void)
{
    return (struct xen_domctl_createdomain){
        .flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap,
        .max_vcpus = 1,
        .max_evtchn_port = 1023,
        .max_grant_frames = 4,
        .max_maptrack_frames = 4,
        .grant_opts = xen_is_at_least(4, 16) ? 2 : 0,
        .arch.emulation_flags = XEN_X86_EMU_LAPIC,
    };
}

static void furnish(const void *code, size_t size)
{
    assert_works(xc_domain_max_vcpus(xc(), domain, 1));
    assert_works(xc_set_paging_mempool_size(xc(), domain, 4 << 20));
    add_memory(code, size);
    set_vcpu();
}

uint32_t tiny_domain(const void *code, size_t size)
{
    struct xen_domctl_createdomain config = configuration();

    assert_works(xc_domain_create(xc(), &domain, &config));
    furnish(code, size);
    return domain;
}

uint32_t tiny_domain_with_altp2m(const void *code, size_t size)
{
    struct xen_domctl_createdomain config = configuration();

    config.altp2m_opts = 2; /* external */
    int result = xc_domain_create(xc(), &domain, &config);
    if (result < 0 && errno == EINVAL) {
        observe("altp2m.create", "%s", strerror(errno));
        return 0;
    }
    assert_works(result);
    furnish(code, size);
    return domain;
}

static bool has_ended(void *unused)
{
    xc_domaininfo_t info;

    (void)unused;
    assert_works(xc_domain_getinfo_single(xc(), domain, &info));
    return (info.flags & XEN_DOMINF_shutdown) != 0;
}

int tiny_domain_halts(unsigned seconds)
{
    return becomes_true(has_ended, NULL, seconds);
}

int destroy_tiny_domain(void **state)
{
    int failed = domain ? xc_domain_destroy(xc(), domain) : 0;

    domain = 0;
    return close_xc(state) || failed;
}
