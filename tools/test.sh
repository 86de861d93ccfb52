#!/usr/bin/env bash
# Runs the parts named: go, browser, page, matrix. The environment tells where
# the servers are; withneo4j makes it.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/.tools/bin:$PATH

# natively PACKAGE…: with the race detector where there is a C compiler
natively() {
	local race=()
	if [ "$(go env CGO_ENABLED)" = 1 ] && command -v "$(go env CC)" >/dev/null; then
		race=(-race)
	else
		printf 'test.sh: there is no C compiler, so the race detector is left out\n' >&2
	fi
	go test ${race[@]+"${race[@]}"} -timeout 40m "$@"
}

# in_chromium PACKAGE…: one page at a time; Chromium's events that the runner's
# library does not know are left out
in_chromium() {
	GOOS=js GOARCH=wasm go test -p 1 -timeout 25m -exec wasmbrowsertest "$@" 2>&1 |
		sed '/could not unmarshal event: unknown IPAddressSpace value/d'
}

# browser_packages: the conformance suite, and packages with tests for GOOS=js
browser_packages() {
	{
		echo ./internal/conformance ./pool ./client | tr " " "\n"
		find . -name node_modules -prune -o -name '*_js_test.go' -print | xargs -r -n 1 dirname
	} | sort -u
}

for part in "$@"; do
	printf '== %s\n' "$part"
	case $part in
	go) natively ./... ;;
	browser) in_chromium $(browser_packages) ;;
	page) npm --prefix web test ;;
	matrix)
		export WEBBOLT_MATRIX=1
		natively -count=1 -v ./internal/conformance
		natively -count=1 -v -run '^TestLargeValues$' ./client/bolt
		natively -count=1 -v -run '^TestTheRelayReadsAsServersRead$' ./server
		in_chromium -count=1 -v ./internal/conformance
		;;
	*) printf 'test.sh: there is no part %s\n' "$part" >&2; exit 2 ;;
	esac
done
