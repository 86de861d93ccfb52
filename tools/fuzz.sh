#!/usr/bin/env bash
# Runs every fuzz target for the time given, one after the other. Minimizing an input is cut short: for a long one it
# takes all the time there is.
set -euo pipefail
cd "$(dirname "$0")/.."

for package in $(go list ./...); do
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		printf '== %s %s\n' "$package" "$target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 20x "$package"
	done
done
