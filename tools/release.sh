#!/usr/bin/env bash
# Builds what a release consists of into build/release: the relay with its page for each system, the npm package, and
# SHA256SUMS. `make web` comes before it.
#
#   tools/release.sh VERSION [-check]
#
# VERSION, with or without a v before it, must be that of web/package.json. With -check the files are tried, too: the sums,
# the relay that runs on this machine, and what npm would publish.
set -euo pipefail
cd "$(dirname "$0")/.."

SYSTEMS="linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64"

say() { printf 'release: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

version=${1:?which version?}
version=${version#v}
packaged=$(node -p 'require("./web/package.json").version')
[ "$version" = "$packaged" ] || die "the version is $version, but web/package.json says $packaged"
[ -e web/dist/index.html ] || die "the page is not built: run make web"

out=$PWD/build/release
rm -rf "$out"
mkdir -p "$out"

# archive SYSTEM: the relay, its page and what one must know, in a file that is the same whenever it is built
archive() {
	local system=$1 goos=${1%/*} goarch=${1#*/} name suffix=
	name=webbolt_${version}_${goos}_$goarch
	[ "$goos" != windows ] || suffix=.exe
	mkdir -p "$out/$name"
	CGO_ENABLED=0 GOOS=$goos GOARCH=$goarch go build -trimpath -ldflags='-s -w' -o "$out/$name/webbolt$suffix" ./server/webbolt
	cp LICENSE docs/relay.md "$out/$name/"
	cp -r web/dist "$out/$name/page"
	tar -C "$out" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -c "$name" | gzip -n9 >"$out/$name.tar.gz"
	rm -r "${out:?}/$name"
	say "$name.tar.gz"
}

for system in $SYSTEMS; do archive "$system"; done
(cd web && npm pack --silent --ignore-scripts --pack-destination "$out" >/dev/null)
(cd "$out" && sha256sum -- * >SHA256SUMS)
say "$(wc -l <"$out/SHA256SUMS") files in build/release"

[ "${2:-}" = -check ] || exit 0
cd "$out"
sha256sum --quiet --check SHA256SUMS
here=webbolt_${version}_$(go env GOOS)_$(go env GOARCH)
tar -xzf "$here.tar.gz"
"$here/webbolt" version | grep -q '^webbolt ' || die "the relay does not tell its version"
[ -e "$here/page/index.html" ] && [ -e "$here/page/webbolt.wasm.br" ] || die "the archive lacks the page"
rm -r "${out:?}/$here"
# grep -q would end at the first match, and npm fails when it cannot write on.
answer=$(npm publish --dry-run --ignore-scripts "./webbolt-$version.tgz" 2>&1) || die "npm would not publish: $answer"
grep -q "webbolt@$version" <<<"$answer" || die "npm would not publish webbolt@$version: $answer"
say "all are fit to publish"
