# SPDX-License-Identifier: LGPL-2.1-or-later
# What the plan that conformance.py writes is made of: sourced by it, in dom0's busybox sh.
# On stdout, each run of a program is what it printed, between two lines:
#   @@ start PLACE LIBRARIES PROGRAM
#   @@ end STATUS

here=/root/conformance

# The libraries that LIBRARIES means.
libraries() {
	case $1 in
	ours) echo $here/ours ;;
	upstream) echo /opt/upstream/lib ;;
	esac
}

domid() {
	[ "$1" = dom0 ] && echo 0 && return
	awk -v name="$1" '$1 == name { print $3 }' /etc/xenlab/guests
}

# xenlab gives guest gN the address 10.99.N.2.
address() {
	[ "$1" = dom0 ] && echo 127.0.0.1 && return
	echo "10.99.${1#g}.2"
}

agent_port() {
	case $1 in
	ours) echo 7001 ;;
	upstream) echo 7002 ;;
	esac
}

inside() {
	domain=$1
	shift
	if [ "$domain" = dom0 ]; then
		"$@"
	else
		in-guest "$domain" -- "$@"
	fi
}

# run PLACE DOMAIN LIBRARIES "PROGRAM..." [TEST...]: the programs, in one domain
run() {
	place=$1 domain=$2 which=$3 programs=$4
	shift 4
	inside "$domain" env LD_LIBRARY_PATH="$(libraries "$which")" XENLIBS_DOMID="$(domid "$domain")" \
		sh $here/run-programs "$place" "$which" "$programs" "$@" 2>&1
}

# start_agent DOMAIN LIBRARIES: in the background, until the machine ends
start_agent() {
	inside "$1" env LD_LIBRARY_PATH="$(libraries "$2")" $here/bin/agent "$(agent_port "$2")" 2>&1 &
	tries=0
	until echo hello | nc "$(address "$1")" "$(agent_port "$2")" 2>/dev/null | grep -q '^ok'; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || { echo "@@ no agent in $1 for $2"; return; }
		sleep 0.2
	done
}

# run_pair PLACE A B LIBRARIES "PROGRAM..." [TEST...]: in dom0, with agents in two domains
run_pair() {
	place=$1 a=$2 b=$3 which=$4 programs=$5
	shift 5
	port=$(agent_port "$which")
	env LD_LIBRARY_PATH="$(libraries "$which")" XENLIBS_DOMID=0 \
		XENLIBS_AGENT_A="$(address "$a") $port $(domid "$a") $a" \
		XENLIBS_AGENT_B="$(address "$b") $port $(domid "$b") $b" \
		sh $here/run-programs "$place" "$which" "$programs" "$@" 2>&1
}
