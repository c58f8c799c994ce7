# What a person types. "make demo" and "make test" set up all they need themselves.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
BUILD = .build/release
# The Swift runtime lies in the binaries, so they start on machines that have no toolchain.
RELEASE = $(SWIFT) build -c release --static-swift-stdlib

BIN = $(DESTDIR)$(PREFIX)/bin
SHARE = $(DESTDIR)$(PREFIX)/share
UNITS = $(DESTDIR)$(PREFIX)/lib/systemd

.PHONY: all demo test build lint format tsan rtsan asan fuzz soak bench docs release install install-test deb uninstall clean

all: build

demo:            ## replay the demo recording and show the detected instruments
	@scripts/setup build
	@$(RELEASE) --product timbred
	@$(RELEASE) --product timbre
	@$(BUILD)/timbre demo

test:            ## set up, build and run all the tests
	@scripts/setup test
	scripts/test

# Told by "timbred --version", hello and session.json.
REVISION = TIMBRE_REVISION="$$(git describe --tags --always --dirty 2>/dev/null | tr -cd 'A-Za-z0-9._-' | cut -c -64)"

# The first 19 of the 20 bytes of a build ID that the same sources give again; the linker's own covers the hash below.
SOURCES = $$(cat Package.swift $$(find Sources -type f | LC_ALL=C sort) | sha1sum | cut -c -38)

build:           ## the release binaries, in .build/release
	@scripts/setup build
	$(REVISION) $(RELEASE) -Xlinker --build-id=0x$(SOURCES)01 --product timbred
	$(REVISION) $(RELEASE) -Xlinker --build-id=0x$(SOURCES)02 --product timbre

lint:            ## the style of code, scripts and manual pages
	@scripts/setup lint
	scripts/lint

format:          ## let swift-format arrange the code
	$(SWIFT) format -i -r Package.swift Sources Tests Benchmarks Fuzz

tsan:            ## tests under the thread sanitizer
	@scripts/setup test
	scripts/tsan-test

asan:            ## tests of all that calls C under the address and undefined-behaviour sanitizers
	@scripts/setup test
	scripts/asan-test

rtsan:           ## real-time tests under the real-time sanitizer
	@scripts/setup test
	scripts/rtsan-test

fuzz:            ## fuzz every parser for SECONDS (10) each
	@scripts/setup build
	scripts/fuzz $(or $(SECONDS),10)

soak:            ## HOURS (2) in a world that keeps breaking, as root; the figures go to .build/soak
	@scripts/setup build soak
	$(RELEASE) --product timbred
	$(RELEASE) --product timbre
	scripts/soak/soak.py --hours $(or $(HOURS),2) --results .build/soak
	scripts/soak/figures.py .build/soak

bench:           ## the figures of this machine: real-time factors, latencies, allocations
	@scripts/setup bench
	scripts/bench

docs: build      ## manual page and completions, written from the tool's own declarations
	$(BUILD)/timbre help --man > man/timbre.1
	for shell in bash zsh fish; do $(BUILD)/timbre completions $$shell > completions/timbre.$$shell; done

install:         ## under PREFIX (/usr/local); DESTDIR for packagers; run "make build" before
	install -d $(BIN) $(SHARE)/timbred/models $(SHARE)/timbred/demo $(SHARE)/doc/timbred $(UNITS)/system $(UNITS)/user
	install -m 755 $(BUILD)/timbred $(BUILD)/timbre $(BIN)/
	scripts/reproducible $(BIN)/timbred $(BIN)/timbre
	install -m 644 models/*.safetensors models/*.md $(SHARE)/timbred/models/
	install -m 644 demo/demo.flac $(SHARE)/timbred/demo/
	install -m 644 configs/* README.md LICENSE NOTICE docs/*.* $(SHARE)/doc/timbred/
	for example in docs/examples/*; do install -D -m 644 $$example $(SHARE)/doc/timbred/examples/$${example##*/}; done
	for image in docs/images/*; do install -D -m 644 $$image $(SHARE)/doc/timbred/images/$${image##*/}; done
	for page in man/*.[1-8]; do install -D -m 644 $$page $(SHARE)/man/man$${page##*.}/$${page##*/}; done
	install -D -m 644 completions/timbre.bash $(SHARE)/bash-completion/completions/timbre
	install -D -m 644 completions/timbre.zsh $(SHARE)/zsh/site-functions/_timbre
	install -D -m 644 completions/timbre.fish $(SHARE)/fish/vendor_completions.d/timbre.fish
	sed 's|/usr/bin/timbred|$(PREFIX)/bin/timbred|' systemd/timbred.service > $(UNITS)/system/timbred.service
	sed 's|/usr/bin/timbred|$(PREFIX)/bin/timbred|' systemd/user/timbred.service > $(UNITS)/user/timbred.service
	sed 's|/usr/bin/timbre |$(PREFIX)/bin/timbre |' systemd/timbred-bridge.service > $(UNITS)/system/timbred-bridge.service
	install -m 644 systemd/timbred.socket $(UNITS)/system/
	install -D -m 644 systemd/sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/timbred.conf
	install -D -m 644 systemd/tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/timbred.conf
	@echo 'Installed. docs/operations.md describes the installation as a service. To try it, run: timbre demo'

install-test: build ## the install in a root without the toolchain
	scripts/install-test

deb: build       ## Debian packages, in .build/deb
	@scripts/setup package
	rm -rf .build/deb
	DEB_OUT=$(CURDIR)/.build/deb DEB_RULES_REQUIRES_ROOT=no debian/rules binary
	lintian --allow-root --pedantic --fail-on error,warning,info,pedantic --suppress-tags $(NO_MAIL) .build/deb/*.deb

# The project has no address for mail yet, which Debian's archive would demand of a maintainer.
NO_MAIL = bogus-mail-host,bogus-mail-host-in-debian-changelog

uninstall:       ## what install put there, save configurations
	rm -f $(BIN)/timbred $(BIN)/timbre $(UNITS)/system/timbred.service $(UNITS)/system/timbred.socket $(UNITS)/system/timbred-bridge.service \
	    $(UNITS)/user/timbred.service $(DESTDIR)$(PREFIX)/lib/sysusers.d/timbred.conf \
	    $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/timbred.conf $(SHARE)/bash-completion/completions/timbre \
	    $(SHARE)/zsh/site-functions/_timbre $(SHARE)/fish/vendor_completions.d/timbre.fish
	for page in man/*.[1-8]; do rm -f $(SHARE)/man/man$${page##*.}/$${page##*/}; done
	rm -rf $(SHARE)/timbred $(SHARE)/doc/timbred

release:         ## whether this commit may become a version; scripts/release says more
	scripts/release check

clean:
	rm -rf .build
