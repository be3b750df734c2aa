/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sharing of caches and of memory bandwidth (Intel RDT): measured and divided. Where the
 * host cannot do it: ENODEV, EOPNOTSUPP or ENOSYS, as Xen says.
 */
#ifndef XENCTRL_PSR_H
#define XENCTRL_PSR_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum xc_psr_cmt_type {
    XC_PSR_CMT_L3_OCCUPANCY,
    XC_PSR_CMT_TOTAL_MEM_COUNT,
    XC_PSR_CMT_LOCAL_MEM_COUNT,
};
typedef enum xc_psr_cmt_type xc_psr_cmt_type;

enum xc_psr_type {
    XC_PSR_CAT_L3_CBM = 1,
    XC_PSR_CAT_L3_CBM_CODE = 2,
    XC_PSR_CAT_L3_CBM_DATA = 3,
    XC_PSR_CAT_L2_CBM = 4,
    XC_PSR_MBA_THRTL = 5,
};
typedef enum xc_psr_type xc_psr_type;

enum xc_psr_feat_type {
    XC_PSR_CAT_L3,
    XC_PSR_CAT_L2,
    XC_PSR_MBA,
};
typedef enum xc_psr_feat_type xc_psr_feat_type;

union xc_psr_hw_info {
    struct {
        uint32_t cos_max;
        uint32_t cbm_len;
        bool cdp_enabled;
    } cat;
    struct {
        uint32_t cos_max;
        uint32_t thrtl_max;
        bool linear;
    } mba;
};
typedef union xc_psr_hw_info xc_psr_hw_info;

/* Measure a domain, or no longer; the number it is measured by. */
int xc_psr_cmt_attach(xc_interface *xch, uint32_t domid);
int xc_psr_cmt_detach(xc_interface *xch, uint32_t domid);
int xc_psr_cmt_get_domain_rmid(xc_interface *xch, uint32_t domid, uint32_t *rmid);

/* What the host has for it; the first four are asked for once per process. */
int xc_psr_cmt_enabled(xc_interface *xch); /* 1; or 0, also where it fails, with errno */
int xc_psr_cmt_get_total_rmid(xc_interface *xch, uint32_t *total_rmid);
int xc_psr_cmt_get_l3_upscaling_factor(xc_interface *xch, uint32_t *upscaling_factor);
int xc_psr_cmt_get_l3_event_mask(xc_interface *xch, uint32_t *event_mask);
int xc_psr_cmt_get_l3_cache_size(xc_interface *xch, uint32_t cpu, uint32_t *l3_cache_size);

/**
 * xc_psr_cmt_get_data() - one measurement, read on @cpu
 * @tsc: when, by that CPU's time stamp counter; may be NULL
 *
 * EINVAL also: no such @type. EIO: the CPU has nothing to tell.
 */
int xc_psr_cmt_get_data(xc_interface *xch, uint32_t rmid, uint32_t cpu, xc_psr_cmt_type type,
                        uint64_t *monitor_data, uint64_t *tsc);

/* A domain's share on a socket, @target. */
int xc_psr_set_domain_data(xc_interface *xch, uint32_t domid, xc_psr_type type, uint32_t target,
                           uint64_t data);
int xc_psr_get_domain_data(xc_interface *xch, uint32_t domid, xc_psr_type type, uint32_t target,
                           uint64_t *data);
int xc_psr_get_hw_info(xc_interface *xch, uint32_t socket, xc_psr_feat_type type,
                       xc_psr_hw_info *hw_info);

#ifdef __cplusplus
}
#endif

#endif
