/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Livepatches: changes to the running Xen. A name is a text of less than
 * XEN_LIVEPATCH_NAME_SIZE bytes; NULL, an empty or a longer one: EINVAL. A livepatch
 * that is not there: ENOENT. They are uploaded by xc_livepatch_upload() of
 * <xenctrl/changed.h>.
 */
#ifndef XENCTRL_LIVEPATCH_H
#define XENCTRL_LIVEPATCH_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What has become of it; status->rc is -EAGAIN while an action goes on, else its result. */
int xc_livepatch_get(xc_interface *xch, char *name, xen_livepatch_status_t *status);

/* How many there are, and what their names and metadata fill, in bytes. */
int xc_livepatch_list_get_sizes(xc_interface *xch, unsigned int *nr, uint32_t *name_total_size,
                                uint32_t *metadata_total_size);

/**
 * xc_livepatch_list() - the livepatches from number @start on
 * @max:                 room in @info, @len and @metadata_len
 * @name:                room for the names behind each other, each with its zero byte
 * @len:                 how long each is
 * @name_total_size:     how much room in @name
 * @metadata:            the same for their metadata: texts that end in a zero byte each
 * @metadata_len:
 * @metadata_total_size:
 * @done:                out: how many were filled
 * @left:                out: how many remain
 *
 * On failure @done of them are filled, from first to last. ENOBUFS: the names or metadata
 * do not fit. EBUSY: the list changed again and again meanwhile. EINVAL also: a pointer
 * is NULL, a size of names or @max is 0, or @start is past the end.
 */
int xc_livepatch_list(xc_interface *xch, const unsigned int max, const unsigned int start,
                      struct xen_livepatch_status *info, char *name, uint32_t *len,
                      const uint32_t name_total_size, char *metadata, uint32_t *metadata_len,
                      const uint32_t metadata_total_size, unsigned int *done,
                      unsigned int *left);

/**
 * xc_livepatch_apply() - begin to put it in force; and so on
 * @timeout: in ns; 0: Xen's own
 * @flags:   LIVEPATCH_ACTION_APPLY_NODEPS, or 0
 *
 * They return when the action is on its way: xc_livepatch_get() tells how it ended, but
 * for unload, which ends at once. EBUSY: another one goes on. EINVAL also: its state does
 * not allow it. xc_livepatch_replace() reverts all others first.
 */
int xc_livepatch_apply(xc_interface *xch, char *name, uint32_t timeout, uint32_t flags);
int xc_livepatch_revert(xc_interface *xch, char *name, uint32_t timeout, uint32_t flags);
int xc_livepatch_unload(xc_interface *xch, char *name, uint32_t timeout, uint32_t flags);
int xc_livepatch_replace(xc_interface *xch, char *name, uint32_t timeout, uint32_t flags);

#ifdef __cplusplus
}
#endif

#endif
