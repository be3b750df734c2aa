/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Xen's security module (XSM with FLASK): its policy and labels. Where there is none,
 * ENOSYS. Constants and structs: <xen/xsm/flask_op.h>, whose number has never changed.
 */
#ifndef XENCTRL_FLASK_H
#define XENCTRL_FLASK_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Any operation: @op becomes the answer. What Xen returned, or -1 with errno. */
int xc_flask_op(xc_interface *xch, xen_flask_op_t *op);

/* Load a policy of @size bytes. */
int xc_flask_load(xc_interface *xch, char *buffer, uint32_t size);

/* The highest version of a policy's format that this Xen can load; or -1 with errno. */
int xc_flask_policyvers(xc_interface *xch);

/* Is it enforced, or only told of: 1, 0, or -1 with errno. */
int xc_flask_getenforce(xc_interface *xch);
int xc_flask_setenforce(xc_interface *xch, int mode);

/*
 * The text of a label: @size bytes of room, with a zero byte. ERANGE: too small.
 * EINVAL: there is no such label.
 */
int xc_flask_sid_to_context(xc_interface *xch, int sid, char *buf, uint32_t size);

/* Give a domain another label. */
int xc_flask_relabel_domain(xc_interface *xch, uint32_t domid, uint32_t sid);

/**
 * xc_flask_access() - would the policy let @scon do @req to @tcon?
 * @scon, @tcon: labels' texts
 * @tclass:      the class of object, by its number in the policy
 * @req:         permissions of that class, a bit each
 *
 * The rest are answers, each may be NULL: what is allowed; what was decided (always
 * all); what is told of when allowed, and when not; the policy's number.
 *
 * Return: 0: all of @req is allowed; -1 with errno. EACCES also: it is not, and the
 * answers are there. EINVAL: no such label. Beneath: flask_op, three times.
 */
int xc_flask_access(xc_interface *xch, const char *scon, const char *tcon, uint16_t tclass,
                    uint32_t req, uint32_t *allowed, uint32_t *decided, uint32_t *auditallow,
                    uint32_t *auditdeny, uint32_t *seqno);

/* ---- switches of the policy ---- */

/**
 * xc_flask_getbool_byid() - a switch's value
 * @id:      its number, from 0 on
 * @name:    room of @size bytes for its name, or NULL
 * @enabled: how it is
 * @pending: how it will be when changes are committed
 *
 * ENOENT: there is no such switch. ERANGE: @size is too small. @enabled and @pending
 * may be NULL.
 */
int xc_flask_getbool_byid(xc_interface *xch, int id, char *name, uint32_t size, int *enabled,
                          int *pending);
int xc_flask_getbool_byname(xc_interface *xch, char *name, int *enabled, int *pending);

/* Set a switch; it takes effect, with all that were set before, when @commit is not 0. */
int xc_flask_setbool(xc_interface *xch, char *name, int value, int commit);

/* ---- the access vector cache ---- */

/* How many decisions it keeps; or -1 with errno. */
int xc_flask_getavc_threshold(xc_interface *xch);
int xc_flask_setavc_threshold(xc_interface *xch, int threshold);

/*
 * Its statistics as lines of text, with a zero byte: a head line and one of numbers for
 * each CPU that is online; and how full its hash table is. ERANGE: @size is too small.
 */
int xc_flask_avc_cachestats(xc_interface *xch, char *buf, int size);
int xc_flask_avc_hashstats(xc_interface *xch, char *buf, int size);

/* ---- labels of the host's resources ---- */

/*
 * Give an interrupt, I/O ports, machine frames (both with @low and @high) or a PCI device
 * (segment << 16 | bus << 8 | devfn) the label @scontext; take it away again, which names
 * the same range. EINVAL: no such label, or nothing has this one. EEXIST: part of the
 * range has one already.
 */
int xc_flask_add_pirq(xc_interface *xch, unsigned int pirq, char *scontext);
int xc_flask_add_ioport(xc_interface *xch, unsigned long low, unsigned long high,
                        char *scontext);
int xc_flask_add_iomem(xc_interface *xch, unsigned long low, unsigned long high,
                       char *scontext);
int xc_flask_add_device(xc_interface *xch, unsigned long device, char *scontext);
int xc_flask_del_pirq(xc_interface *xch, unsigned int pirq);
int xc_flask_del_ioport(xc_interface *xch, unsigned long low, unsigned long high);
int xc_flask_del_iomem(xc_interface *xch, unsigned long low, unsigned long high);
int xc_flask_del_device(xc_interface *xch, unsigned long device);

#ifdef __cplusplus
}
#endif

#endif
