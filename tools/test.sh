#!/usr/bin/env bash
# Runs one part of the test suite: lint, go, browser, api, page, package, units, matrix. The environment tells where
# the servers are; withneo4j makes it. internal/testrun runs several parts at once and sums them up.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/.tools/bin:$PATH

# natively ARGUMENT…: with the race detector where there is a C compiler
natively() {
	local race=()
	if [ "$(go env CGO_ENABLED)" = 1 ] && type -P "$(go env CC)" >/dev/null; then
		race=(-race)
	elif [ "${CI:-}" = true ]; then
		echo "test.sh: there is no C compiler, which the race detector needs" >&2
		exit 1
	else
		printf 'test.sh: there is no C compiler, so the race detector is left out\n' >&2
	fi
	go test -json ${race[@]+"${race[@]}"} -timeout 40m "$@"
}

# packages: all, those first that take longest, so that no core is idle at the end
packages() {
	local first=(./internal/conformance ./internal/neo4jtest ./client/httpapi ./client/bolt ./server)
	printf '%s\n' "${first[@]}"
	go list ./... | sed "s|^$(go list -m)|.|" | grep -vxF "$(printf '%s\n' "${first[@]}")"
}

# there_is COMMAND…: is any of these commands there?
there_is() {
	local command
	for command in "$@"; do
		if type -P "$command" >/dev/null; then return 0; fi
	done
	return 1
}

# in_chromium ARGUMENT…: one page at a time
in_chromium() {
	if there_is chromium chromium-browser google-chrome google-chrome-stable chrome \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; then
		GOOS=js GOARCH=wasm go test -json -p 1 -timeout 25m -exec wasmbrowsertest "$@" 2>&1 |
			sed '/could not unmarshal event: unknown IPAddressSpace value/d' # newer than the runner's library
		return
	fi
	if [ "${CI:-}" = true ]; then
		echo "Chromium is not installed" >&2
		exit 1
	fi
	echo "ok 1 - the Go tests in Chromium # SKIP Chromium is not installed"
	printf '%s\n' '  ---' "  type: 'suite'" '  ...'
}

# browser_packages: the conformance suite, and packages with tests for GOOS=js
browser_packages() {
	{
		echo ./internal/conformance ./pool ./client | tr " " "\n"
		find . -name node_modules -prune -o -name '*_js_test.go' -print | xargs -r -n 1 dirname
	} | sort -u
}

# javascript PATTERN…: tests of the page and the npm package, one file at a time
javascript() {
	npm --prefix web run --silent test:files -- "$@"
}

case ${1:-} in
lint) tools/lint.sh ;;
go) natively $(packages) ;;
browser) in_chromium $(browser_packages) ;;
api) javascript 'test/page/{api,secure,lanes,start}.test.mjs' ;;
page) javascript 'test/page/!(api|secure|lanes|start).test.mjs' ;;
package) javascript 'test/package/*.test.mjs' 'test/cookbook/*.test.mjs' ;;
units) javascript 'test/unit/*.test.*' ;;
matrix)
	export WEBBOLT_MATRIX=1
	natively -count=1 ./internal/conformance
	natively -count=1 -run '^TestLargeValues$' ./client/bolt
	natively -count=1 -run '^TestTheRelayReadsAsServersRead$' ./server
	in_chromium -count=1 ./internal/conformance
	;;
*) printf 'test.sh: there is no part %s\n' "${1:-}" >&2; exit 2 ;;
esac
