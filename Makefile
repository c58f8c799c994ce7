# What a person types. "make demo" and "make test" set up all they need themselves.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
BUILD = .build/release

BIN = $(DESTDIR)$(PREFIX)/bin
SHARE = $(DESTDIR)$(PREFIX)/share
UNITS = $(DESTDIR)$(PREFIX)/lib/systemd

.PHONY: all demo test build lint format tsan rtsan fuzz bench docs install uninstall clean

all: build

demo:            ## hear a recording and watch the instruments appear
	@scripts/setup build
	@$(SWIFT) build -c release --product timbred
	@$(SWIFT) build -c release --product timbre
	@$(BUILD)/timbre demo

test:            ## set up, build and run all the tests
	@scripts/setup test
	scripts/test

build:           ## the release binaries, in .build/release
	@scripts/setup build
	$(SWIFT) build -c release --product timbred
	$(SWIFT) build -c release --product timbre

lint:            ## the style of code, scripts and manual pages
	scripts/lint

format:          ## let swift-format arrange the code
	$(SWIFT) format -i -r Package.swift Sources Tests Benchmarks Fuzz

tsan:            ## tests under the thread sanitizer
	@scripts/setup test
	scripts/tsan-test

rtsan:           ## real-time tests under the real-time sanitizer
	@scripts/setup test
	scripts/rtsan-test

fuzz:            ## fuzz every parser for SECONDS (10) each
	@scripts/setup build
	scripts/fuzz $(or $(SECONDS),10)

bench:           ## the figures of this machine: real-time factors, latencies, allocations
	@scripts/setup bench
	scripts/bench

docs: build      ## manual page and completions, written from the tool's own declarations
	$(BUILD)/timbre help --man > man/timbre.1
	for shell in bash zsh fish; do $(BUILD)/timbre completions $$shell > completions/timbre.$$shell; done

install:         ## under PREFIX (/usr/local); DESTDIR for packagers; run "make build" before
	install -d $(BIN) $(SHARE)/timbred/models $(SHARE)/timbred/demo $(SHARE)/doc/timbred $(UNITS)/system $(UNITS)/user
	install -m 755 $(BUILD)/timbred $(BUILD)/timbre $(BIN)/
	install -m 644 models/*.safetensors $(SHARE)/timbred/models/
	install -m 644 demo/demo.flac $(SHARE)/timbred/demo/
	install -m 644 configs/* README.md LICENSE docs/*.* $(SHARE)/doc/timbred/
	for image in docs/images/*; do install -D -m 644 $$image $(SHARE)/doc/timbred/images/$${image##*/}; done
	for page in man/*.[1-8]; do install -D -m 644 $$page $(SHARE)/man/man$${page##*.}/$${page##*/}; done
	install -D -m 644 completions/timbre.bash $(SHARE)/bash-completion/completions/timbre
	install -D -m 644 completions/timbre.zsh $(SHARE)/zsh/site-functions/_timbre
	install -D -m 644 completions/timbre.fish $(SHARE)/fish/vendor_completions.d/timbre.fish
	sed 's|/usr/bin/timbred|$(PREFIX)/bin/timbred|' systemd/timbred.service > $(UNITS)/system/timbred.service
	sed 's|/usr/bin/timbred|$(PREFIX)/bin/timbred|' systemd/user/timbred.service > $(UNITS)/user/timbred.service
	install -m 644 systemd/timbred.socket $(UNITS)/system/
	install -D -m 644 systemd/sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/timbred.conf
	install -D -m 644 systemd/tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/timbred.conf
	@echo 'Installed. docs/operations.md says how to run it as a service; timbre demo works now.'

uninstall:       ## what install put there, save configurations
	rm -f $(BIN)/timbred $(BIN)/timbre $(UNITS)/system/timbred.service $(UNITS)/system/timbred.socket \
	    $(UNITS)/user/timbred.service $(DESTDIR)$(PREFIX)/lib/sysusers.d/timbred.conf \
	    $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/timbred.conf $(SHARE)/bash-completion/completions/timbre \
	    $(SHARE)/zsh/site-functions/_timbre $(SHARE)/fish/vendor_completions.d/timbre.fish
	for page in man/*.[1-8]; do rm -f $(SHARE)/man/man$${page##*.}/$${page##*/}; done
	rm -rf $(SHARE)/timbred $(SHARE)/doc/timbred

clean:
	rm -rf .build
