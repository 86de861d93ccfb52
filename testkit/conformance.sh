#!/usr/bin/env bash
# Runs Neo4j's driver test suite, whose folder is given, against this client and writes testkit/RESULTS.md.
# GROUP=stub, tls or neo4j (which wipes the database that TEST_NEO4J_HOST and the like name); PARALLEL modules at a time.
set -euo pipefail
cd "$(dirname "$0")/.."
suite=${1:?"give the folder of a clone of github.com/neo4j-drivers/testkit: make conformance TESTKIT=folder"}
group=${GROUP:-stub}

python=build/testkit/python
if [ ! -x $python/bin/python ]; then
	python3 -m venv $python
	$python/bin/pip install --quiet 'ifaddr~=0.1.7' 'lark~=1.0.0' 'nose~=1.3.7' pytz
fi
go build -o build/testkit/backend ./testkit/backend
go build -o build/testkit/run ./testkit/run
mkdir -p build/testkit/logs
network=()
if [ "$group" = neo4j ]; then
	network=(-host-network -parallel 1)
elif [ -n "${PARALLEL:-}" ]; then
	network=(-parallel "$PARALLEL")
fi
exec build/testkit/run -testkit "$suite" -group "$group" -backend "$PWD/build/testkit/backend" -python "$PWD/$python/bin/python" \
	-logs build/testkit/logs -results testkit/RESULTS.md ${network[@]+"${network[@]}"}
