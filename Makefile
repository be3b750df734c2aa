# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The two commands: `make demo` and `make check`. Meson does the building.

BUILD ?= build
MESON_OPTIONS ?=

.PHONY: all deps demo check check-host bench install clean

all: $(BUILD)/build.ninja
	@ninja -C $(BUILD)

deps:
	@scripts/install-deps

# Boots Xen with a guest and shows the libraries at work.
demo: deps all
	@scripts/demo $(BUILD)

# All tests, those on real Xen too.
check: deps
	@scripts/check

# The tests that need no Xen: seconds instead of minutes.
check-host: deps
	@scripts/check --host

# Upstream's libraries and ours, side by side.
bench: deps all
	@bench/run --build $(BUILD)

install: all
	@meson install -C $(BUILD) --no-rebuild $(if $(DESTDIR),--destdir "$(DESTDIR)")

clean:
	rm -rf $(BUILD) $(BUILD)-*

$(BUILD)/build.ninja:
	@scripts/install-deps
	meson setup $(BUILD) $(if $(prefix),--prefix "$(prefix)") $(MESON_OPTIONS)
