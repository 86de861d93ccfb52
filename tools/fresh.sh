#!/usr/bin/env bash
# Runs make targets on a newcomer's machine: a Debian 12 that holds nothing but what the README asks for (make, Go,
# Node.js with npm), in a folder of its own. Needs root, and debootstrap, which it installs. Go and Node.js are those of
# this machine.
#
#   tools/fresh.sh TARGET…
#
# FRESH is the folder (default /var/tmp/webbolt-fresh); it is removed at the end unless KEEP is set.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${FRESH:-/var/tmp/webbolt-fresh}
[ "$(id -u)" = 0 ] || { echo "fresh: run it as root, for chroot" >&2; exit 1; }
[ $# -gt 0 ] || { echo "fresh: which targets?" >&2; exit 2; }
tools/setup.sh debootstrap

# bring_authorities: certificates that this machine trusts and Debian does not: its network may have authorities of its own
bring_authorities() {
	local bundle=/etc/ssl/certs/ca-certificates.crt more=$folder/usr/local/share/ca-certificates
	[ -e "$bundle" ] || return 0
	awk -v more="$more" '
		/BEGIN CERTIFICATE/ { text = "" }
		{ text = text $0 "\n" }
		/END CERTIFICATE/ {
			if (NR == FNR) known[text] = 1
			else if (!(text in known)) { file = more "/" ++n ".crt"; printf "%s", text >file; close(file) }
		}' "$folder$bundle" "$bundle"
	chroot "$folder" update-ca-certificates >/dev/null 2> >(grep -v "^rehash: warning: skipping ca-certificates.crt" >&2)
}

remove() { [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$folder"; }
trap remove EXIT
rm -rf --one-file-system "$folder"
mkdir -p "$folder"

echo "== fresh: Debian in $folder"
if ! debootstrap --variant=minbase --include=ca-certificates,make bookworm "$folder" >"$folder.log"; then
	tail "$folder.log" >&2
	exit 1
fi
rm -f "$folder.log"

node=$(readlink -f "$(type -P node)")
npm=$(readlink -f "$(type -P npm)") # …/lib/node_modules/npm/bin/npm-cli.js
mkdir -p "$folder/usr/local/lib/node_modules" "$folder/srv/webbolt"
cp -a "$(go env GOROOT)" "$folder/usr/local/go"
cp "$node" "$folder/usr/local/bin/node"
cp -a "$(dirname "$(dirname "$npm")")" "$folder/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$folder/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$folder/usr/local/bin/npx"
cp -L /etc/resolv.conf /etc/hosts "$folder/etc/"
bring_authorities
git archive HEAD | tar -x -C "$folder/srv/webbolt"

# in_folder COMMAND…: in namespaces of its own, so that nothing outlives it
in_folder() {
	unshare --mount --pid --fork --kill-child bash -c '
		set -e
		cd "$1"; shift
		mount --rbind /dev dev
		mount -t proc proc proc
		mkdir -p dev/shm
		mountpoint -q dev/shm || mount -t tmpfs shm dev/shm
		exec chroot . /usr/bin/env -i HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" CI="${CI:-}" \
			NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
			PATH=/usr/local/go/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
	' bash "$folder" "$@"
}

for target in "$@"; do
	echo "== fresh: make $target"
	began=$SECONDS
	if ! in_folder make -C /srv/webbolt "$target"; then
		echo "fresh: make $target FAILED after $((SECONDS - began)) s" >&2
		exit 1
	fi
	echo "fresh: make $target passed after $((SECONDS - began)) s"
done
