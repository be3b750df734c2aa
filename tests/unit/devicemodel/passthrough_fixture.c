/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "passthrough_fixture.h"

#include "running.h"

xendevicemodel_handle *start(unsigned minor)
{
    xendevicemodel_handle *dmod;

    sent_start(minor);
    assert_int_equal(xenhvabi_force_release(0), 0);
    dmod = xendevicemodel_open(&logged.logger, 0);
    assert_non_null(dmod);
    return dmod;
}

void stop(xendevicemodel_handle *dmod)
{
    assert_int_equal(xendevicemodel_close(dmod), 0);
}
