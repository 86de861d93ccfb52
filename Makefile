# Development tasks. `make` alone lists them.

VERSIONS ?= 5.26.30,4.4.48,2026.08.1
FUZZTIME ?= 30s
SOAK     ?= 2m
DURATION ?= 2m
ROUNDS   ?= 7
QUICK    ?=
DRIVER   ?=
IN       ?= node
AT_ONCE  ?= 3
VERSION  ?= $(shell node -p 'require("./web/package.json").version')
FRESH_TARGETS ?= demo-check test

# The demo's own server, unless NEO4J_URI names another
DEMO_SETUP := VERSIONS=5.26.30 tools/setup.sh
DEMO_JAVA  := $(if $(NEO4J_URI),,java)

WITHNEO4J := build/withneo4j
TESTRUN   := build/testrun
RELAY     := build/webbolt
WASM      := web/dist/webbolt.wasm

# All servers with all that tests ask of them, and the parts of the test suite, some at once
WITH_ALL = $(WITHNEO4J) -heap 1024 -tls -versions $(VERSIONS) -relay $(RELAY)
RUN      = $(TESTRUN) -at-once $(AT_ONCE) tools/test.sh

export PATH := $(CURDIR)/.tools/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help conformance setup wasm web demo demo-check pictures test test-quick test-matrix test-go test-browser test-page lint docs wasm-sizes \
	test-bundlers test-drop-in conformance-js release release-check fresh bench bench-browser bench-page soak attack fuzz clean servers $(WITHNEO4J) $(TESTRUN) $(RELAY)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(WITHNEO4J) ## install what tests need: browsers, Go tools, npm packages, Neo4j's jars
	VERSIONS=$(VERSIONS) tools/setup.sh -k gotools npm docs browsers webkit proxies java
	$(WITHNEO4J) -versions $(VERSIONS) -fetch

demo: ## start Neo4j with a sample graph, the relay and the page, and print the URL
	$(DEMO_SETUP) npm $(DEMO_JAVA)
	$(MAKE) web
	go build -o build/demo ./internal/demo
	exec build/demo

demo-check: ## do the same headless and check what the page draws
	$(DEMO_SETUP) npm chromium $(DEMO_JAVA)
	$(MAKE) web
	go build -o build/demo ./internal/demo
	exec build/demo -check

pictures: ## take the pictures of docs/page.md
	tools/setup.sh npm chromium
	$(MAKE) web
	go build -o build/demo ./internal/demo
	exec build/demo -pictures docs/pictures

test: setup web $(RELAY) $(TESTRUN) ## everything: lint, Go tests, the same in Chromium, the page and the package in browsers
	$(WITH_ALL) $(RUN) go page api browser package units lint

test-quick: $(TESTRUN) ## what needs neither Neo4j nor a browser: most Go tests, and the TypeScript under Node.js
	tools/setup.sh npm
	$(RUN) go units

test-matrix: setup $(RELAY) $(TESTRUN) ## every Connection against every Neo4j version, natively and in Chromium
	$(WITH_ALL) $(RUN) matrix

test-go: $(WITHNEO4J) $(RELAY) $(TESTRUN) ## the Go tests, natively
	$(WITH_ALL) $(RUN) go

test-browser: $(WITHNEO4J) $(RELAY) $(TESTRUN) ## the Go tests that also run in a browser, in Chromium
	tools/setup.sh gotools chromium
	$(WITH_ALL) $(RUN) browser

test-page: web $(WITHNEO4J) $(RELAY) $(TESTRUN) ## the page, the JavaScript API and the npm package, in browsers
	tools/setup.sh browsers webkit
	$(WITH_ALL) $(RUN) page api package

lint: ## gofmt, go vet, staticcheck, Biome, the import rules, the page's types, docs/javascript.md
	tools/setup.sh gotools npm docs
	tools/lint.sh

docs: ## write docs/javascript.md from the comments of web/src
	tools/setup.sh npm docs
	npm --prefix tools/typedoc run --silent start

wasm: ## build web/dist/webbolt.wasm
	mkdir -p $(dir $(WASM))
	GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w' -o $(WASM) ./wasm
	go run ./internal/wasmpack $(WASM)
	cp web/wasm_exec.js $(dir $(WASM))

wasm-sizes: ## what webbolt.wasm is made of, package by package
	mkdir -p build
	GOOS=js GOARCH=wasm go build -trimpath -ldflags=-w -o build/named.wasm ./wasm
	go run ./internal/wasmsize build/named.wasm

web: ## build the page and the npm package into web/dist
	tools/setup.sh npm
	npm --prefix web run build

release: web ## build the relay for all systems, the npm package and checksums into build/release
	tools/release.sh $(VERSION)

release-check: web ## do that, and try what a release would publish
	tools/release.sh $(VERSION) -check

fresh: ## run demo-check and test on a Debian that has only what the README asks for; FRESH_TARGETS chooses
	tools/fresh.sh $(FRESH_TARGETS)

bench: $(WITHNEO4J) $(RELAY) ## the Go benchmarks beside their peers, for ROUNDS=7: native, pool, relay
	$(WITHNEO4J) -versions 5.26.30 -relay $(RELAY) tools/bench.sh $(ROUNDS)

test-bundlers: web $(WITHNEO4J) ## the npm package in Next.js, Parcel and Bun, which are large to install
	tools/setup.sh chromium bundlers
	$(WITHNEO4J) -versions 5.26.30 npm --prefix web run test:files -- test/bundlers/bundlers.test.mjs

test-drop-in: web $(WITHNEO4J) ## applications for neo4j-driver and its versions, over webbolt and over the driver's own connections
	tools/setup.sh chromium drop-in
	$(WITHNEO4J) -versions 5.26.30 npm --prefix web run test:files -- test/drop-in/apps.test.mjs test/drop-in/versions.test.mjs

conformance-js: web $(WITHNEO4J) ## neo4j-driver's own tests over its connections and ours: DRIVER=its sources, IN=node,chrome,firefox
	tools/setup.sh browsers drop-in
	WEBBOLT_MAY_WIPE=yes $(WITHNEO4J) -heap 1024 -versions 5.26.30 \
		web/node_modules/.bin/node web/test/drop-in/conformance.mjs "$(DRIVER)" --in $(IN)

bench-browser: $(WITHNEO4J) $(RELAY) ## the benchmarks in Chromium and Firefox beside neo4j-driver, for ROUNDS=7; QUICK=1 tries them out
	tools/setup.sh npm bench browsers
	$(MAKE) web
	$(WITHNEO4J) -versions 5.26.30 -relay $(RELAY) env ROUNDS=$(ROUNDS) QUICK=$(QUICK) npm --prefix bench/browser start

bench-page: $(WITHNEO4J) $(RELAY) ## the page in Chromium: rows beside the client alone, frames, a large graph, memory; for ROUNDS=7
	tools/setup.sh npm chromium
	$(MAKE) web
	$(WITHNEO4J) -versions 5.26.30 -relay $(RELAY) env ROUNDS=$(ROUNDS) QUICK=$(QUICK) npm --prefix bench/browser run page

conformance: ## run Neo4j's own driver test suite from TESTKIT=folder, as root on Linux; see testkit/README.md
	testkit/conformance.sh "$(TESTKIT)"

soak: $(WITHNEO4J) $(RELAY) ## the TestSoak… tests for SOAK=2m each
	WEBBOLT_SOAK=$(SOAK) $(WITHNEO4J) -versions 5.26.30 -relay $(RELAY) go test -count=1 -timeout 0 -run '^TestSoak' -v ./...

attack: $(WITHNEO4J) $(RELAY) ## attack a relay for DURATION=2m while honest clients work, and report what they felt
	go build -o build/attack ./internal/attack
	$(WITHNEO4J) -versions 5.26.30 build/attack -relay $(RELAY) -duration $(DURATION)

fuzz: ## every fuzz target for FUZZTIME=30s
	tools/fuzz.sh $(FUZZTIME)

servers: $(WITHNEO4J) $(RELAY) ## start Neo4j and open a shell whose environment tells the tests where it is
	$(WITHNEO4J) -versions $(VERSIONS) -relay $(RELAY) $${SHELL:-sh}

clean: ## remove what was built, but not what was downloaded
	rm -rf build web/dist

$(WITHNEO4J):
	@go build -o $@ ./internal/neo4jtest/withneo4j

$(RELAY):
	@go build -o $@ ./server/webbolt

$(TESTRUN):
	@go build -o $@ ./internal/testrun
