/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "quirks.h"

struct row {
    unsigned first, last;
    bool first_point_only; /* later point releases have it mended */
};

/* A row that is left out, such as that of no quirk, holds nowhere. */
#define V(major, minor) HVABI_RELEASE(major, minor)
#define UNTIL(major, minor) {HVABI_OLDEST, V(major, minor), false}
#define SINCE(major, minor) {V(major, minor), HVABI_NEWEST, false}

static const struct row rows[HVABI_NR_QUIRKS] = {
    [HVABI_QUIRK_INFO_IS_AT_OR_ABOVE] = UNTIL(4, 17),
    [HVABI_QUIRK_CPUPOOL_BY_MOVE] = UNTIL(4, 16),
    [HVABI_QUIRK_GRANT_VERSION_UNLIMITED] = UNTIL(4, 15),
    [HVABI_QUIRK_NESTED_BY_PARAM] = UNTIL(4, 14),
    [HVABI_QUIRK_ALTP2M_BY_PARAM] = UNTIL(4, 18),
    [HVABI_QUIRK_ALTP2M_COUNT_FIXED] = UNTIL(4, 20),
    [HVABI_QUIRK_HVM_NEEDS_PIRQ] = UNTIL(4, 18),
    [HVABI_QUIRK_MEMPOOL_BY_SHADOW] = UNTIL(4, 16),
    [HVABI_QUIRK_CPPC_IN_PARA] = {V(4, 18), V(4, 20), false},
    [HVABI_QUIRK_LIVEPATCH_SIZES_ARE_INPUT] = SINCE(4, 21),
    [HVABI_QUIRK_LIVEPATCH_HAS_NO_FLAGS] = UNTIL(4, 18),
    [HVABI_QUIRK_PX_TOTAL_IS_INPUT] = SINCE(4, 21),
    [HVABI_QUIRK_IOPORT_MAPPING_PERMITS_NOTHING] = SINCE(4, 23),
    [HVABI_QUIRK_MEMORY_UNMAPPING_IS_FREE] = SINCE(4, 22),
    [HVABI_QUIRK_RESOURCE_SIZE_IS_CAP] = UNTIL(4, 14),
    [HVABI_QUIRK_VCPUCONTEXT_LOSES_REGISTERS] = {V(4, 21), V(4, 21), true},
    [HVABI_QUIRK_FORK_RESET_IS_WHOLE] = UNTIL(4, 16),
    [HVABI_QUIRK_FLASK_TEXTS_COUNT_ZERO] = SINCE(4, 23),
};

bool xenhvabi_has_quirk(const struct hvabi_running *running, enum hvabi_quirk quirk)
{
    const struct row *row = &rows[quirk];

    return row->first && running->release >= row->first && running->release <= row->last &&
           (!row->first_point_only || running->point == 0);
}
