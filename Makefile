# Holdfast: the commands. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Debian packages: to build, to run the lab (a guest kernel, namespaces), and to judge us in tests.
BUILD_PACKAGES := libnl-3-dev libnl-genl-3-dev libssl-dev libpcre2-dev pkg-config
LAB_PACKAGES   := qemu-system-x86 busybox-static cpio kmod iproute2 iptables nftables ipvsadm
PEER_PACKAGES  := frr keepalived openssl tshark nginx dnsmasq-base socat zsh fish
DEB_PACKAGES   := dpkg-dev

RELEASE := swift build -c release --static-swift-stdlib
HOLDFAST := .build/release/holdfast
TESTS := .build/debug/holdfastPackageTests.xctest
# Seconds one boot of the guest may take for all lab tests.
LAB_TIMEOUT ?= 3000
# `full` runs every matrix.
HOLDFAST_MATRIX ?=

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# Installs what is missing of the packages given in $(1); does nothing, and needs no root, when all are there. Nothing that
# comes is started (policy-rc.d): FRR and keepalived run in the tests' namespaces alone. `systemctl disable frr keepalived`
# keeps it so after a boot.
define install_packages
	@missing=; for p in $(1); do \
	    dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	    sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; echo "installing:$$missing"; \
	    policy=/usr/sbin/policy-rc.d; \
	    if [ ! -e $$policy ]; then \
	        printf '#!/bin/sh\nexit 101\n' | $$sudo install -m 755 /dev/stdin $$policy; trap "$$sudo rm $$policy" EXIT; fi; \
	    $$sudo apt-get update -q && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -q --no-install-recommends $$missing; \
	fi
endef

.PHONY: deps test-deps
deps: ## install the packages that building and the lab need (skipped when present)
	$(call install_packages,$(BUILD_PACKAGES) $(LAB_PACKAGES))
test-deps: deps
	$(call install_packages,$(PEER_PACKAGES))

.PHONY: build
build: deps ## build holdfastd and holdfast, optimised, the Swift runtime inside
	$(RELEASE) --product holdfastd
	$(RELEASE) --product holdfast

.PHONY: lint format
lint: ## check the formatting
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
format: ## format every source file in place
	swift format --in-place --recursive --parallel Sources Tests Package.swift

.PHONY: unit lab-test test test-all
unit: ## unit tests, simulation and the project's own rules; no root, no kernel
	swift build --build-tests
	swift test --skip-build --skip LabTests
# The suites that need no IPVS: beside the guests, on this machine's own kernel, where that can be done so that nothing of the
# machine is touched: as root, with mounts, network and processes apart. A guest translates instructions: there these take
# two to three times as long.
LAB_HERE := InteropMatrix|PasswordInterop|VirtualMACInterop|StrictModeInterop|Fault|VRRPRole|SyncGroup|SpareRole|Secrets
LAB_HERE := $(LAB_HERE)|NotifyPipe|NotifyScript|TrackFile|TrackScript|AddressOwner|AddressRemover|AddressWithdrawal|RouteOwner
LAB_HERE := $(LAB_HERE)|StaticItemsLab|VirtualInterfaceOwner|InPlaceOfKeepalived|Plan|Handover|ReloadTrace|Completion|Journal
LAB_HERE := $(LAB_HERE)|ElectionBench|ElectionPair|NoIPVS
# The suites of the first of two guests, which run side by side: about half of the time of all others.
LAB_HALF := CheckPages|CheckCounts|CheckQuorum|CheckFault|SupervisorProcess|Override|FullNAT|MigrationInterop|DoctorLab|Drill
# The shell stays: as the first process there it reaps whoever has lost its parent.
APART := unshare --mount --net --pid --fork --kill-child --mount-proc sh -c 'mount -t tmpfs -o mode=755 tmpfs /run && "$$@"; exit $$?' sh
MAY_TEST_HERE := [ "$$(id -u)" = 0 ] && $(APART) sh -c 'ip link add x0 type veth peer x1 && ip link add x2 link x0 type macvlan'
lab-test: build ## tests on a real kernel with IPVS, in two guests, and on this one, all at once
	swift build --build-tests
	$(HOLDFAST) lab prepare
	@run="$(TESTS) --testing-library swift-testing --no-parallel --filter"; matrix=HOLDFAST_MATRIX=$(HOLDFAST_MATRIX); \
	guest="$(HOLDFAST) lab guest --timeout $(LAB_TIMEOUT) --env $$matrix -- $$run"; where="a third guest"; \
	if $(MAY_TEST_HERE) 2> /dev/null; then where="this kernel"; \
	    here() { timeout -s KILL $(LAB_TIMEOUT) $(APART) env $$matrix $$run "$$@"; }; else here() { $$guest "$$@"; }; fi; \
	echo "two guests, and $$where for what needs no IPVS; the output of the first guest, then that of the others"; \
	here 'LabTests\.($(LAB_HERE))Tests' > .build/lab-here.log 2>&1 & third=$$!; status=0; \
	$$guest LabTests --skip 'LabTests\.($(LAB_HERE)|$(LAB_HALF))Tests' > .build/lab-half.log 2>&1 & other=$$!; \
	$$guest 'LabTests\.($(LAB_HALF))Tests' 2>&1 | tee .build/lab-first.log || status=$$?; \
	wait $$other || status=$$?; cat .build/lab-half.log; wait $$third || status=$$?; cat .build/lab-here.log; \
	echo "What failed, of all:"; logs=".build/lab-first.log .build/lab-half.log .build/lab-here.log"; \
	{ grep -ah -A2 '^✘.* recorded an issue' $$logs || true; } | cut -c1-400; \
	{ grep -ah '^✘' $$logs || echo nothing; } | { grep -v 'recorded an issue' || true; }; \
	exit $$status
test: test-deps lint unit fuzz simulate lab-test ## everything a change must pass
test-all: test-deps lint unit fuzz ## the same with every matrix (more seeds, every combination), and the package
	$(MAKE) simulate SEEDS=10000
	$(MAKE) lab-test HOLDFAST_MATRIX=full LAB_TIMEOUT=7200
	$(MAKE) deb-test

# Seeds for each kind of segment.
SEEDS ?= 1000
.PHONY: simulate
simulate: build ## run SEEDS=N elections of each kind in virtual time, with everything going wrong
	$(HOLDFAST) lab simulate --seeds $(SEEDS)

# Fuzzing: what reads, each module after those it uses, with libFuzzer's and the address sanitizer's eyes.
FUZZ := .build/fuzz
FUZZ_PROGRAMS := Configuration Adverts Probes Control Dumps
FUZZ_MODULES := NetTypes Timekeeping ConfigSyntax VRRP HealthChecks LoadBalancing LoopGuard ConfigModel ControlProtocol \
    IPVSAdmin LinuxIO KernelNet
FUZZ_OBJECTS := $(FUZZ_MODULES:%=$(FUZZ)/%.o) $(patsubst Sources/CLinux/%.c,$(FUZZ)/CLinux-%.o,$(wildcard Sources/CLinux/*.c))
FUZZ_SWIFTC := swiftc -O -wmo -swift-version 6 -enable-upcoming-feature ExistentialAny \
    -enable-upcoming-feature MemberImportVisibility -parse-as-library -package-name holdfast \
    -sanitize=fuzzer,address -I $(FUZZ) -Xcc -I/usr/include/libnl3 \
    -Xcc -fmodule-map-file=$(FUZZ)/CLinux.modulemap -Xcc -fmodule-map-file=Sources/CNetlink/module.modulemap
# Seconds for each program.
FUZZ_SECONDS ?= 8
.PHONY: fuzz
fuzz: $(FUZZ_PROGRAMS:%=$(FUZZ)/%) ## feed the parsers of files, adverts, answers, requests, dumps
	@for program in $(FUZZ_PROGRAMS); do \
	    mkdir -p $(FUZZ)/Corpus/$$program; \
	    $(FUZZ)/$$program -max_total_time=$(FUZZ_SECONDS) -timeout=5 -rss_limit_mb=1024 -verbosity=0 \
	        -print_final_stats=1 -artifact_prefix=$(FUZZ)/$$program- \
	        $(FUZZ)/Corpus/$$program Tests/Fuzz/Corpus/$$program; done
$(FUZZ)/modules: $(shell find $(FUZZ_MODULES:%=Sources/%) Sources/CLinux Sources/CNetlink -type f)
	@mkdir -p $(FUZZ)
	@echo 'module CLinux { header "$(CURDIR)/Sources/CLinux/include/CLinux.h" export * }' > $(FUZZ)/CLinux.modulemap
	@for file in Sources/CLinux/*.c; do \
	    clang -O -I Sources/CLinux/include -c -o $(FUZZ)/CLinux-$$(basename $$file .c).o $$file; done
	@for module in $(FUZZ_MODULES); do \
	    $(FUZZ_SWIFTC) -module-name $$module -emit-module -emit-module-path $(FUZZ)/$$module.swiftmodule \
	        -c -o $(FUZZ)/$$module.o $$(find Sources/$$module -name '*.swift'); done
	@touch $@
$(FUZZ)/%: Tests/Fuzz/%.swift $(FUZZ)/modules
	$(FUZZ_SWIFTC) -o $@ $< $(FUZZ_OBJECTS)

.PHONY: drill
drill: build ## rehearse failovers of Examples/dr-pair on a real kernel; writes out/drill.html
	@mkdir -p out
	$(HOLDFAST) drill --report out/drill.html --json out/drill.json

# The faults are those of SEED, or others each time.
MINUTES ?= 5
SEED ?=
.PHONY: soak
soak: build ## hit a pair under traffic with one fault after the other for MINUTES=5; SEED=N repeats a run
	@mkdir -p out
	$(HOLDFAST) lab prepare
	$(HOLDFAST) lab soak --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) --json out/soak.json

.PHONY: bench-config
bench-config: build ## measure how fast 10,000 services x 10 servers are read, beside keepalived
	$(HOLDFAST) bench files --scaling

# Everything, each at least ten times: FULL=1, which takes most of an hour. More: BENCH="--only jitter --seconds 60".
FULL ?=
BENCH ?=
.PHONY: bench-vrrp
bench-vrrp: build ## measure failovers, adverts and processor time beside keepalived; needs root, a calm machine
	@mkdir -p out
	$(HOLDFAST) bench vrrp --json out/bench-vrrp.json $(if $(FULL),--full) $(BENCH)

# The guest translates instructions: its figures are several times this machine's. ACCEL=kvm where that works.
ACCEL ?= tcg
.PHONY: bench-checks
bench-checks: build ## measure health checks beside keepalived, in a guest with IPVS; a calm machine
	@mkdir -p out
	$(HOLDFAST) lab prepare
	$(HOLDFAST) lab guest --accel $(ACCEL) --memory 4096 --timeout $(LAB_TIMEOUT) --share out -- \
	    $(abspath $(HOLDFAST)) bench checks --json out/bench-checks.json $(if $(FULL),--full) $(BENCH)

.PHONY: bench-ipvs
bench-ipvs: build ## measure how IPVS is programmed beside keepalived, in a guest with IPVS; a calm machine
	@mkdir -p out
	$(HOLDFAST) lab prepare
	$(HOLDFAST) lab guest --accel $(ACCEL) --memory 4096 --timeout $(LAB_TIMEOUT) --share out -- \
	    $(abspath $(HOLDFAST)) bench ipvs --json out/bench-ipvs.json $(if $(FULL),--full) $(BENCH)

# Where `make install` puts what was built. DESTDIR is the root of a package's or a container's files.
DESTDIR ?=
PREFIX ?= /usr/local
BUILT ?= .build/release
ZSH_FUNCTIONS ?= $(PREFIX)/share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)
SHARE = $(DESTDIR)$(PREFIX)/share
.PHONY: install
install: ## install what `make build` has built: PREFIX=/usr/local, DESTDIR=
	@test -x $(BUILT)/holdfastd -a -x $(BUILT)/holdfast || { echo "make build comes first" >&2; exit 1; }
	install -D -s -m 755 $(BUILT)/holdfastd $(DESTDIR)$(PREFIX)/sbin/holdfastd
	install -D -s -m 755 $(BUILT)/holdfast $(DESTDIR)$(PREFIX)/bin/holdfast
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's,/usr/\(s*bin/holdfast\),$(PREFIX)/\1,' Systemd/holdfast.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/system/holdfast.service
	install -D -m 644 Etc/sysctl.d/holdfast.conf $(DESTDIR)$(PREFIX)/lib/sysctl.d/50-holdfast.conf
	install -D -m 644 Etc/modules-load.d/holdfast.conf $(DESTDIR)$(PREFIX)/lib/modules-load.d/holdfast.conf
	install -D -m 644 Systemd/holdfast.catalog $(DESTDIR)$(PREFIX)/lib/systemd/catalog/holdfast.catalog
	for page in docs/man/*; do install -D -m 644 $$page $(SHARE)/man/man$${page##*.}/$${page##*/}; done
	install -d $(SHARE)/bash-completion/completions $(DESTDIR)$(ZSH_FUNCTIONS) $(SHARE)/fish/vendor_completions.d
	$(BUILT)/holdfast completion bash > $(SHARE)/bash-completion/completions/holdfast
	$(BUILT)/holdfast completion zsh > $(DESTDIR)$(ZSH_FUNCTIONS)/_holdfast
	$(BUILT)/holdfast completion fish > $(SHARE)/fish/vendor_completions.d/holdfast.fish
	install -d $(SHARE)/doc/holdfast/examples $(SHARE)/doc/holdfast/docs
	install -m 644 README.md $(SHARE)/doc/holdfast
	install -m 644 docs/*.md docs/*.json docs/*.svg $(SHARE)/doc/holdfast/docs
	cp -R Examples/. $(SHARE)/doc/holdfast/examples
	install -m 644 Etc/holdfast.conf Etc/sysctl.d/real-server.conf $(SHARE)/doc/holdfast/examples

.PHONY: deb deb-test
deb: build ## make out/holdfast_VERSION_ARCHITECTURE.deb
	$(call install_packages,$(DEB_PACKAGES))
	Debian/build .build/release out
deb-test: deb ## install the package in a clean root in a guest, run it there, remove it
	$(HOLDFAST) lab prepare
	$(HOLDFAST) lab guest --timeout 600 -- $(CURDIR)/Debian/try $$(ls -t out/holdfast_*.deb | head -1)

.PHONY: clean
clean: ## remove what was built
	rm -rf .build out
