# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# What the checks in dom0 have in common; sourced by them. Prints TAP.
number=0

# check NAME COMMAND...: one test; the command's output is shown if it fails.
check() {
    name=$1
    shift
    number=$((number + 1))
    if "$@" >/tmp/check.log 2>&1; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        tail -n 25 /tmp/check.log | sed 's/^/# /'
    fi
}

# points WHAT PROGRAM...: each test that the program reports is one of ours.
points() {
    what=$1
    shift
    status=0
    "$@" >/tmp/points.log 2>&1 || status=$?
    while IFS= read -r line; do
        case $line in
        "ok "* | "not ok "*)
            number=$((number + 1))
            echo "${line%%ok *}ok $number - $what: ${line#* - }"
            ;;
        1..*) ;;
        *) echo "# ${line#\# }" ;;
        esac
    done </tmp/points.log
    [ $status = 0 ] && grep -q '^ok' /tmp/points.log || grep -q '^not ok' /tmp/points.log || {
        number=$((number + 1))
        echo "not ok $number - $what: ended with status $status"
    }
}

# within SECONDS COMMAND...: repeats the command until it succeeds; where it is known to
# fail, no longer than the seconds in $patience.
within() {
    tries=$((${patience:-$1} * 4))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.25
    done
}

state_is() { [ "$(xl list "$1" | awk 'NR == 2 { print $5 }' | tr -d -- -)" = "$2" ]; }
is_running() { state_is "$1" r || state_is "$1" b; }
is_listed() { xl list | grep -q "^$1 "; }
is_gone() { ! is_listed "$1"; }
guest_answers() { [ "$(timeout 120 in-guest "$1" cat /sys/hypervisor/type)" = xen ]; }
