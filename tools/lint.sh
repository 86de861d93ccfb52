#!/usr/bin/env bash
# Checks that need no server: format, line length, vet, staticcheck, import rules, types, the reference made from comments.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/.tools/bin:$PATH

# ours PATTERN: the project's files whose names fit, without what is installed or built
ours() {
	find . \( -name node_modules -o -name .tools -o -name .cache -o -path ./build -o -path ./web/dist \) -prune \
		-o -name "$1" -print0
}

unformatted=$(ours '*.go' | xargs -0 gofmt -l)
if [ -n "$unformatted" ]; then
	printf 'lint: gofmt would change\n%s\n' "$unformatted" >&2
	exit 1
fi
{ ours '*.go' && ours '*.md'; } | xargs -0 tools/linelength.pl
go vet ./...
GOOS=js GOARCH=wasm go vet ./...
staticcheck ./...
GOOS=js GOARCH=wasm staticcheck ./...
go mod tidy -diff
go test ./internal/archtest
go run ./internal/protocolgen -check
npm --prefix web run --if-present lint
npm --prefix tools/typedoc run --silent start -- -check
