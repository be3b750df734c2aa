/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Says which Xen is running, and of some things whether they can be done on it: no
 * version is looked at. Runs in dom0.
 *
 * usage: ask_what_can_be_done_here
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include <xenmanage.h>

static const struct {
    enum xenmanage_feature feature;
    const char *what;
} questions[] = {
    {XENMANAGE_FEATURE_PV, "create PV domains"},
    {XENMANAGE_FEATURE_HVM, "create HVM and PVH domains"},
    {XENMANAGE_FEATURE_SHADOW, "migrate PV domains as they run"},
    {XENMANAGE_FEATURE_IOMMU, "give devices to domains"},
    {XENMANAGE_FEATURE_CPUFREQ, "set processors' frequencies"},
    {XENMANAGE_FEATURE_LIVEPATCH, "patch Xen as it runs"},
    {XENMANAGE_FEATURE_KEXEC, "load a crash kernel"},
    {XENMANAGE_FEATURE_DEVICEMODEL_IRQFD, "inject interrupts by eventfd"},
};

int main(void)
{
    struct xenmanage_hypervisor xen = {.size = sizeof(xen)};
    xenmanage_handle *hdl = xenmanage_open(NULL, 0);

    if (!hdl)
        return EXIT_FAILURE; /* the reason is on stderr */
    if (xenmanage_hypervisor_get(hdl, &xen))
        err(EXIT_FAILURE, "cannot ask which Xen this is");
    printf("Xen %u.%u%s\n", xen.major_version, xen.minor_version, xen.extra_version);
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        int has = xenmanage_has_feature(hdl, questions[i].feature);

        if (has < 0)
            warn("cannot find out whether this Xen can %s", questions[i].what);
        else
            printf("%s %s\n", has ? "can   " : "cannot", questions[i].what);
    }
    xenmanage_close(hdl);
    return EXIT_SUCCESS;
}
