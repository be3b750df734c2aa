/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes down what lib/hvabi believes, for check_layouts.py to compare with the
 * truth, one line each:
 *   release MINOR DOMCTL_NUMBER SYSCTL_NUMBER
 *   operation UNIT CMD NAME MEMBER FIRST_MINOR LAST_MINOR CHANGED
 *   layout MINOR UNIT MEMBER SIZE
 *   field MINOR UNIT MEMBER NAME OFFSET SIZE
 */
#include <stdio.h>

#include "operations.h"
#include "pm.h"

static void print_layout(unsigned release, const char *unit, const char *member,
                         const struct hvabi_layout_since *layouts)
{
    const struct hvabi_layout *layout = xenhvabi_layout_of(layouts, release);
    unsigned minor = HVABI_MINOR(release);

    printf("layout %u %s %s %u\n", minor, unit, member, layout->size);
    for (unsigned i = 0; i < layout->nr_fields; i++) {
        const struct hvabi_field *field = &layout->fields[i];

        printf("field %u %s %s %s %u %u\n", minor, unit, member, field->name, field->wire,
               field->wire_size);
    }
}

static void print_layouts(const char *unit, const char *member,
                          const struct hvabi_layout_since *layouts)
{
    for (unsigned i = 0; i < xenhvabi_nr_releases; i++)
        if (xenhvabi_releases[i].release >= layouts->release)
            print_layout(xenhvabi_releases[i].release, unit, member, layouts);
}

static void print_operation(const char *unit, const struct hvabi_operation *operation)
{
    unsigned last = operation->last == HVABI_NEWEST
                        ? xenhvabi_releases[xenhvabi_nr_releases - 1].release
                        : operation->last;

    printf("operation %s %u %s %s %u %u %d\n", unit, operation->cmd, operation->name,
           operation->member ? operation->member : "-", HVABI_MINOR(operation->first),
           HVABI_MINOR(last), operation->layouts != NULL);
    if (operation->layouts)
        print_layouts(unit, operation->member, operation->layouts);
}

int main(void)
{
    const struct hvabi_operation *operation;

    for (unsigned i = 0; i < xenhvabi_nr_releases; i++)
        printf("release %u %u %u\n", HVABI_MINOR(xenhvabi_releases[i].release),
               xenhvabi_releases[i].domctl, xenhvabi_releases[i].sysctl);
    for (unsigned i = 0; (operation = xenhvabi_domctl_at(i)); i++)
        print_operation("xen_domctl", operation);
    for (unsigned i = 0; (operation = xenhvabi_sysctl_at(i)); i++)
        print_operation("xen_sysctl", operation);
    print_layouts("xen_sysctl", "pm_op", xenhvabi_cppc_layouts);
    return 0;
}
