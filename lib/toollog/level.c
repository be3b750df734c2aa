/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xentoollog.h"

static const char *const level_names[XTL_NUM_LEVELS] = {
    [XTL_NONE] = "[BUG:XTL_NONE]",
    [XTL_DEBUG] = "debug",
    [XTL_VERBOSE] = "verbose",
    [XTL_DETAIL] = "detail",
    [XTL_PROGRESS] = "progress",
    [XTL_INFO] = "info",
    [XTL_NOTICE] = "notice",
    [XTL_WARN] = "warning",
    [XTL_ERROR] = "error",
    [XTL_CRITICAL] = "critical",
};

const char *xtl_level_to_string(xentoollog_level level)
{
    if ((unsigned)level >= XTL_NUM_LEVELS)
        return "[BUG:no such level]";
    return level_names[level];
}
