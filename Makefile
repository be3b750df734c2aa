# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The two commands: `make demo` and `make check`. Meson does the building.

BUILD ?= build
MESON_OPTIONS ?=
# What nothing but building QEMU needs.
QEMU_DEPS = dpkg-dev libfdt-dev

.PHONY: all deps demo check check-host check-hvm check-stress check-every-xen \
    check-qemu bench install clean

all: deps
	@scripts/build $(BUILD) $(if $(prefix),--prefix "$(prefix)") $(MESON_OPTIONS)

deps:
	@scripts/install-deps

# Boots Xen with a guest and shows the libraries at work.
demo: all
	@scripts/demo $(BUILD)

# All tests, those on real Xen too.
check: deps
	@scripts/check

# The tests that need no Xen: seconds instead of minutes.
check-host: deps
	@scripts/check --host

# Of those, libxendevicemodel under real HVM guests.
check-hvm: all
	@tests/dropin/run-hvm 4.17 4.17 $(BUILD)

# Three Debians' tools on three releases of Xen, in full; writes docs/compatibility.md.
check-every-xen: deps
	@scripts/check --every-xen
	@scripts/write-compatibility $(BUILD)

# QEMU, built of Debian 12's unmodified sources against our headers and libraries, as the
# device model of an HVM guest on every release of Xen: some minutes of building, the first time.
check-qemu: deps
	@scripts/install-deps $(QEMU_DEPS)
	@scripts/check --qemu

# What `make check` does in short for its time's sake: xenstored under full load on Xen.
check-stress: all
	@set -e; for release in 4.14 4.17 4.20; do \
	    tests/dropin/run-release $$release $(BUILD) full; done

# Upstream's libraries and ours, side by side.
bench: all
	@bench/run --build $(BUILD)

install: all
	@meson install -C $(BUILD) --no-rebuild $(if $(DESTDIR),--destdir "$(DESTDIR)")

clean:
	rm -rf $(BUILD) $(BUILD)-*
