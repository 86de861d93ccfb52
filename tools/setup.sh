#!/usr/bin/env bash
# Installs what is missing, of the parts named: gotools, npm, bench, browsers, chromium, proxies.
# Does nothing, quickly, where all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

STATICCHECK=v0.8.2
WASMBROWSERTEST=v0.11.0

say() { printf 'setup: %s\n' "$*" >&2; }

# has_one COMMAND…: is any of these commands there?
has_one() {
	local command
	for command in "$@"; do
		if type -P "$command" >/dev/null; then return 0; fi
	done
	return 1
}

# go_tool MODULE/PACKAGE VERSION: install into .tools/bin unless this version is there
go_tool() {
	local stamp=".tools/bin/.${1##*/}-$2"
	[ -e "$stamp" ] && [ -x ".tools/bin/${1##*/}" ] && return 0
	say "building ${1##*/} $2 (once)"
	GOBIN="$PWD/.tools/bin" GOFLAGS= go install "$1@$2"
	touch "$stamp"
}

gotools() {
	go_tool honnef.co/go/tools/cmd/staticcheck "$STATICCHECK"
	go_tool github.com/agnivade/wasmbrowsertest "$WASMBROWSERTEST"
}

# npm_folder FOLDER: the packages of its lock file
npm_folder() {
	[ -e "$1/package-lock.json" ] || return 0
	[ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && return 0
	has_one npm || { say "npm is missing: install Node.js 20 or later"; exit 1; }
	say "installing the npm packages of $1 (once)"
	(cd "$1" && npm ci --no-audit --no-fund)
	touch "$1/node_modules/.package-lock.json"
}

npm_packages() {
	npm_folder web
}

bench_packages() {
	npm_folder bench/browser
}

# debian PACKAGE MISSING: install the Debian package, or say that MISSING is missing
debian() {
	if ! has_one apt-get || [ "$(id -u)" != 0 ]; then
		say "$2 is missing: install it (on Debian, as root: apt-get install $1)"
		exit 1
	fi
	say "installing $2 (apt-get install $1)"
	apt-get update -q >/dev/null
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$1" >/dev/null
}

chromium() {
	has_one chromium chromium-browser google-chrome google-chrome-stable chrome && return 0
	[ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] && return 0
	debian chromium "Chromium or Google Chrome"
}

firefox() {
	has_one firefox firefox-esr && return 0
	[ -x "/Applications/Firefox.app/Contents/MacOS/firefox" ] && return 0
	debian firefox-esr Firefox
}

# proxies: those that the relay's recipes are tested with
proxies() {
	has_one nginx /usr/sbin/nginx || debian nginx nginx
	has_one caddy || debian caddy Caddy
}

has_one go || { say "go is missing: install Go 1.26 or later"; exit 1; }
for part in "$@"; do
	case $part in
	gotools) gotools ;;
	npm) npm_packages ;;
	bench) bench_packages ;;
	chromium) chromium ;;
	browsers) chromium && firefox ;;
	proxies) proxies ;;
	*) say "there is no part $part"; exit 2 ;;
	esac
done
