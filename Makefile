# Development tasks. `make` alone lists them.

VERSIONS ?= 5.26.30,4.4.48,2026.08.1
FUZZTIME ?= 30s
SOAK     ?= 2m
ROUNDS   ?= 7
QUICK    ?=

# The demo's own server, unless NEO4J_URI names another
DEMO_SETUP := VERSIONS=5.26.30 tools/setup.sh
DEMO_JAVA  := $(if $(NEO4J_URI),,java)

WITHNEO4J := build/withneo4j
RELAY     := build/webbolt
WASM      := web/dist/webbolt.wasm

export PATH := $(CURDIR)/.tools/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup wasm web demo demo-check test test-matrix test-go test-browser test-page lint \
	bench bench-browser soak fuzz clean servers $(WITHNEO4J) $(RELAY)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(WITHNEO4J) ## install what tests need: browsers, Go tools, npm packages, Neo4j's jars
	VERSIONS=$(VERSIONS) tools/setup.sh -k gotools npm browsers webkit proxies java
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

test: setup web lint $(RELAY) ## everything: lint, Go tests, the same in Chromium, the page in both browsers
	$(WITHNEO4J) -heap 1024 -tls -versions $(VERSIONS) -relay $(RELAY) tools/test.sh go browser page

test-matrix: setup $(RELAY) ## every Connection against every Neo4j version, natively and in Chromium
	$(WITHNEO4J) -heap 1024 -versions $(VERSIONS) -relay $(RELAY) tools/test.sh matrix

test-go: $(WITHNEO4J) $(RELAY) ## the Go tests, natively
	$(WITHNEO4J) -heap 1024 -tls -versions $(VERSIONS) -relay $(RELAY) tools/test.sh go

test-browser: $(WITHNEO4J) $(RELAY) ## the Go tests that also run in a browser, in Chromium
	tools/setup.sh gotools chromium
	$(WITHNEO4J) -versions $(VERSIONS) -relay $(RELAY) tools/test.sh browser

test-page: web $(WITHNEO4J) $(RELAY) ## the page and the JavaScript API, in Chromium and Firefox
	tools/setup.sh browsers
	$(WITHNEO4J) -tls -versions $(VERSIONS) -relay $(RELAY) tools/test.sh page

lint: ## gofmt, go vet and staticcheck for both targets, the import rules, the page's types
	tools/setup.sh gotools npm
	tools/lint.sh

wasm: ## build web/dist/webbolt.wasm
	mkdir -p $(dir $(WASM))
	GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w' -o $(WASM) ./wasm
	go run ./internal/wasmpack $(WASM)
	cp web/wasm_exec.js $(dir $(WASM))

web: ## build the page and the npm package into web/dist
	tools/setup.sh npm
	npm --prefix web run build

bench: $(WITHNEO4J) $(RELAY) ## the Go benchmarks beside their peers, for ROUNDS=7: native, pool, relay
	$(WITHNEO4J) -versions 5.26.30 -relay $(RELAY) tools/bench.sh $(ROUNDS)

bench-browser: $(WITHNEO4J) $(RELAY) ## the benchmarks in Chromium and Firefox beside neo4j-driver, for ROUNDS=7; QUICK=1 tries them out
	tools/setup.sh npm bench browsers
	$(MAKE) web
	$(WITHNEO4J) -versions 5.26.30 -relay $(RELAY) env ROUNDS=$(ROUNDS) QUICK=$(QUICK) npm --prefix bench/browser start

soak: $(WITHNEO4J) $(RELAY) ## the TestSoak… tests for SOAK=2m each
	WEBBOLT_SOAK=$(SOAK) $(WITHNEO4J) -versions 5.26.30 -relay $(RELAY) go test -count=1 -timeout 0 -run '^TestSoak' -v ./...

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
