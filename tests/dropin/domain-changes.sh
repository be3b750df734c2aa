# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by check-in-dom0: what libxenmanage says of the domains, beside what xl
# says of them and does to them. A state is EXIST 1, SHUTDOWN 2, DYING 4, DEAD 8.

changes=/tmp/domain-changes

listen_for_changes() {
    domain_changes watch >$changes 2>&1 &
    listener=$!
    within 20 grep -q '^heard 0 1 ' $changes
}
stop_listening() { kill "$listener"; }

# Each domain as "DOMID STATE", as xl tells it.
states_by_xl() {
    xl list | awk 'NR > 1 { print $2, 1 + 2 * ($5 ~ /[sc]/) + 8 * ($5 ~ /d/) }'
}
states_are_as_xl_says() {
    states_by_xl >/tmp/states.xl && domain_changes list >/tmp/states.ours &&
        diff /tmp/states.xl /tmp/states.ours
}
domain_state_is() { [ "$(domain_changes state "$1")" = "$2" ]; }
xenstored_keeps_the_interrupt() { [ "$(domain_changes bind)" = EEXIST ]; }
current_domid() { xl domid "$1"; }

# A dead domain's end is not announced, so either is the last that is heard of it.
last_is_the_end() {
    case $(grep "^$1 $2 " $changes | tail -n 1 | cut -d' ' -f3) in
    0 | 9 | 11) return 0 ;;
    esac
    tail -n 20 $changes
    return 1
}
end_was_told() { within 30 last_is_the_end heard "$1" && last_is_the_end polled "$1"; }
was_heard_and_polled() {
    grep -q "^heard $1 $2 " $changes && grep -q "^polled $1 $2$" $changes
}
state_was_told() {
    within 30 was_heard_and_polled "$1" "$2" || { tail -n 20 $changes; return 1; }
}
# Of a guest that is created with on_poweroff="preserve". It stops when in-guest has
# ended, which would wait for ever for the end of a guest that is gone.
guest_stops() {
    in-guest "$1" sh -c '(sleep 3; poweroff -f) </dev/null >/dev/null 2>&1 &'
    within 60 domain_state_is "$2" 3
}

# The last thing that is done to GUEST: it stops, and is destroyed.
check_changes_at_the_end() {
    guest=$1
    domid=$(current_domid "$guest")
    check "libxenmanage was told of the new guest" state_was_told "$domid" 1
    check "libxenmanage tells that the guest has shut down" guest_stops "$guest" "$domid"
    check "libxenmanage was told of the shutdown" state_was_told "$domid" 3
    check "libxenmanage lists the domains as xl does" within 5 states_are_as_xl_says
    check "the stopped guest is destroyed" xl destroy "$guest"
    check "libxenmanage was told of the end" end_was_told "$domid"
    check "libxenmanage tells that the guest is gone" within 30 domain_state_is "$domid" ESRCH
    check "libxenmanage lists the domains that remain as xl does" within 5 states_are_as_xl_says
    check "the listener has heard it all" stop_listening
}
