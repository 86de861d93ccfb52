#!/usr/bin/env bash
# Checks that need no server: format, line length, vet, staticcheck, import rules, types, the reference made from comments.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/.tools/bin:$PATH

unformatted=$(find . \( -name node_modules -o -name .tools -o -name .cache \) -prune -o -name '*.go' -print0 |
	xargs -0 gofmt -l)
if [ -n "$unformatted" ]; then
	printf 'lint: gofmt would change\n%s\n' "$unformatted" >&2
	exit 1
fi
git ls-files '*.go' '*.md' | xargs tools/linelength.pl
go vet ./...
GOOS=js GOARCH=wasm go vet ./...
staticcheck ./...
GOOS=js GOARCH=wasm staticcheck ./...
go mod tidy -diff
go test ./internal/archtest
go run ./internal/protocolgen -check
npm --prefix web run --if-present lint
npm --prefix tools/typedoc run --silent start -- -check
