/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "on_xen.h"

#include "host_hardware.h"

#include <stdio.h>
#include <string.h>

#include "tiny_domain.h"

/* ---- rights, as Xen lists them when it is asked to print what domains have ---- */

struct right {
    uint32_t domid;
    const char *kind, *range;
    bool wanted;
    uint32_t index; /* where the console's text goes on */
    char text[1 << 17];
    unsigned length;
};

/* The line "KIND { RANGES }" below the domain's headline, once it has been printed. */
static bool is_as_wanted(void *argument)
{
    struct right *right = argument;
    unsigned count = (unsigned)sizeof(right->text) - 1 - right->length;
    char headline[64], line[512] = "";

    assert_works(xc_readconsolering(xc(), right->text + right->length, &count, 0, 1,
                                    &right->index));
    right->length += count;
    right->text[right->length] = '\0';
    snprintf(headline, sizeof(headline), "Rangesets belonging to domain %u:", right->domid);
    const char *found = strstr(right->text, headline);
    found = found ? strstr(found, right->kind) : NULL;
    const char *end = found ? strchr(found, '}') : NULL;
    if (!end || (size_t)(end - found) >= sizeof(line))
        return false;
    memcpy(line, found, (size_t)(end - found));
    return (strstr(line, right->range) != NULL) == right->wanted;
}

void assert_has_right(uint32_t domid, const char *kind, const char *range, bool wanted)
{
    static struct right right;
    unsigned count = (unsigned)sizeof(right.text);

    right = (struct right){.domid = domid, .kind = kind, .range = range, .wanted = wanted};
    assert_works(xc_readconsolering(xc(), right.text, &count, 0, 0, &right.index));
    assert_works(xc_send_debug_keys(xc(), "q"));
    if (!becomes_true(is_as_wanted, &right, 20))
        fail_msg("domain %u: %s %s %s", domid, kind, wanted ? "lacks" : "still has", range);
}

/* ---- what a domain sees ---- */

uint32_t what_it_sees(uint32_t domid)
{
    assert_works(xc_domain_unpause(xc(), domid));
    assert_true(tiny_domain_halts(10));
    return tiny_domain_data();
}

uint32_t frame_reader(void)
{
    /* mov eax, [GUEST_FRAME's reset vector]; mov [TINY_DATA], eax; hlt */
    static const uint8_t code[] = {0xa1, RESET_VECTOR & 0xff, RESET_VECTOR >> 8, GUEST_FRAME >> 4,
                                   0,    0xa3, 0, TINY_DATA >> 8, 0, 0, HALT};

    return tiny_domain(code, sizeof(code));
}

uint32_t port_reader(void)
{
    /* xor eax, eax; mov edx, GUEST_PORT; in al, dx; mov [TINY_DATA], eax; hlt */
    static const uint8_t code[] = {0x31, 0xc0, 0xba, GUEST_PORT & 0xff, GUEST_PORT >> 8, 0, 0,
                                   0xec, 0xa3, 0,    TINY_DATA >> 8,    0,               0, HALT};

    return tiny_domain(code, sizeof(code));
}
