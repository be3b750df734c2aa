/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All that runs on the kernel that kexec starts: says so, and resets the machine. */
#include <stdio.h>
#include <sys/reboot.h>
#include <unistd.h>

int main(void)
{
    puts("started by kexec -e");
    fflush(stdout);
    sleep(1); /* the serial line is slow */
    reboot(RB_AUTOBOOT);
    return 1;
}
