/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * devicemodel stand-in: what a device model's operations cost. On a real Xen they
 * need an HVM guest, which the lab of this benchmark does without.
 */
#include "measure.h"

#include <xendevicemodel.h>

enum { DOMID = 1, LINE = 4, VRAM_PAGES = 1024 };

static xendevicemodel_handle *handle;

static void open_and_close(void)
{
    xendevicemodel_handle *opened = xendevicemodel_open(NULL, 0);

    if (!opened)
        measure_fail("xendevicemodel_open");
    xendevicemodel_close(opened);
}

static void raise_line(void)
{
    if (xendevicemodel_set_isa_irq_level(handle, DOMID, LINE, 1))
        measure_fail("xendevicemodel_set_isa_irq_level");
}

static void fetch_dirty_pages(void)
{
    static unsigned long bitmap[VRAM_PAGES / (8 * sizeof(unsigned long))];

    if (xendevicemodel_track_dirty_vram(handle, DOMID, 0, VRAM_PAGES, bitmap))
        measure_fail("xendevicemodel_track_dirty_vram");
}

int main(int argc, char **argv)
{
    static const struct measurement measurements[] = {
        {"devicemodel-open-close", NULL, open_and_close, 1, true},
        {"devicemodel-irq-level", NULL, raise_line, 1, true},
        {"devicemodel-dirty-vram", NULL, fetch_dirty_pages, 1, true},
    };

    measure_ground(&argc, &argv);
    handle = xendevicemodel_open(NULL, 0);
    if (!handle)
        measure_fail("xendevicemodel_open");
    measure_all(measurements, sizeof(measurements) / sizeof(measurements[0]));
    return 0;
}
