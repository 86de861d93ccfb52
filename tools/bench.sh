#!/usr/bin/env bash
# Runs the Go benchmarks, so many rounds each. The environment tells where the
# servers are; withneo4j makes it.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-7}
for part in native pool relay; do
	printf '== %s\n' "$part"
	go build -o "build/bench-$part" "./bench/$part"
	"build/bench-$part" -rounds "$rounds"
done
