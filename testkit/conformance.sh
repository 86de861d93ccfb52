#!/usr/bin/env bash
# Runs Neo4j's driver test suite, whose folder is given, against this client and writes testkit/RESULTS.md.
# GROUPS_RUN="stub tls neo4j" are the groups to run; the outcomes of the others stay as they are. GO_DRIVER, the folder
# of neo4j-go-driver's sources, has its own backend run beside. VERSIONS are the servers of the group neo4j, each
# started for it. PARALLEL modules at a time; with RESUME=1 not those that ended without a failure before.
set -euo pipefail
cd "$(dirname "$0")/.."
suite=${1:?"give the folder of a clone of github.com/neo4j-drivers/testkit: make conformance TESTKIT=folder"}
suite=$(cd "$suite" && pwd)
parallel=${PARALLEL:-$(nproc)}
build=$PWD/build/testkit
python=$build/python/bin/python

if [ ! -x "$python" ]; then
	python3 -m venv "$build/python"
	"$build/python/bin/pip" install --quiet 'ifaddr~=0.1.7' 'lark~=1.0.0' 'nose~=1.3.7' pytz
fi
go build -o "$build/webbolt" ./testkit/backend
go build -o "$build/run" ./testkit/run
(cd "$suite/tlsserver" && GO111MODULE=off go build -o tlsserver main.go)
ZONEINFO=$(go env GOROOT)/lib/time/zoneinfo.zip # the machine's own zones may be older than a server's
export ZONEINFO
backends=webbolt
if [ -n "${GO_DRIVER:-}" ]; then
	(cd "$GO_DRIVER" && GOFLAGS='-buildvcs=false -mod=mod' go build -tags internal_testkit,internal_time_mock \
		-o "$build/neo4j-go-driver" ./testkit-backend)
	backends="webbolt neo4j-go-driver"
fi

# against BACKEND GROUP NAME [COMMAND…]: runs a group, under COMMAND
against() {
	local logs=$build/logs/$1-$3
	mkdir -p "$logs" "$build/outcomes"
	"${@:4}" "$build/run" -testkit "$suite" -python "$python" -backend "$build/$1" -name "$1" -group "$2" \
		-parallel "$parallel" -logs "$logs" -out "$build/outcomes/$1-$3.json" \
		${server:+-server "$server"} ${RESUME:+-resume}
}

for backend in $backends; do
	for group in ${GROUPS_RUN:-stub tls}; do
		if [ "$group" != neo4j ]; then
			against "$backend" "$group" "$group"
			continue
		fi
		for server in ${VERSIONS//,/ }; do # in a network of its own, as the suite's ports are fixed
			against "$backend" neo4j "neo4j-$server" unshare -n sh -c 'ip link set lo up && exec "$@"' - \
				build/withneo4j -heap 1024 -versions "$server"
		done
		unset server
	done
done
exec "$build/run" -results testkit/RESULTS.md "$build"/outcomes/*.json
