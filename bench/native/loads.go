package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// load is a query whose result is read whole, so many times a round.
type load struct {
	name       string
	query      string
	parameters map[string]any
	rows       int
	repeat     int
	composite  bool // its values are more than scalars
}

// source is where results come from.
type source struct {
	name           string
	address        string
	user, password string
	loads          []load
}

func replayed(name string, rows, repeat int, composite bool) load {
	return load{name: name, query: name + " " + strconv.Itoa(rows), rows: rows, repeat: repeat, composite: composite}
}

var replayLoads = []load{
	replayed("integers", 500_000, 1, false),
	replayed("scalars", 200_000, 1, false),
	replayed("nodes", 100_000, 1, true),
	replayed("paths", 30_000, 1, true),
	replayed("strings", 200, 1, false),
	replayed("one", 1, 10_000, false),
}

const people = 1000

// realLoads ask a real server for the like. The nodes are made by prepare.
func realLoads() []load {
	n := func(rows int) map[string]any { return map[string]any{"n": rows, "k": rows / people} }
	return []load{
		{name: "integers", query: "UNWIND range(1, $n) AS i RETURN i, i * 1000003, i % 100", parameters: n(200_000), rows: 200_000, repeat: 1},
		{name: "scalars", query: "UNWIND range(1, $n) AS i RETURN i, 'name number ' + i, i * 1.5, i % 2 = 0, 1700000000000 + i, 'Malmö'", parameters: n(100_000), rows: 100_000, repeat: 1},
		{name: "nodes", query: "UNWIND range(1, $k) AS i MATCH (n:WebboltBench) RETURN n", parameters: n(50_000), rows: 50_000, repeat: 1, composite: true},
		{name: "paths", query: "UNWIND range(1, $k) AS i MATCH p = (:WebboltBench)-[:NEXT]->(:WebboltBench)-[:NEXT]->(:WebboltBench) RETURN p", parameters: n(20_000), rows: 20_000, repeat: 1, composite: true},
		{name: "strings", query: "UNWIND range(1, $n) AS i RETURN $text", parameters: map[string]any{"n": 100, "text": string(make([]byte, 1<<20))}, rows: 100, repeat: 1},
		{name: "one", query: "RETURN 1 AS x", rows: 1, repeat: 1000},
	}
}

// realServer is the one that the environment names, if it does.
func realServer() (source, bool) {
	var server neo4jtest.Server
	if json.Unmarshal([]byte(os.Getenv(neo4jtest.V5.Env())), &server) != nil {
		return source{}, false
	}
	return source{name: string(server.Version), address: server.BoltAddr, user: server.User, password: server.Password, loads: realLoads()}, true
}

// prepare makes a ring of nodes on a real server.
func (s source) prepare(ctx context.Context) error {
	s.cleanUp(ctx)
	return s.carryOut(ctx, `UNWIND range(0, $n - 1) AS i
CREATE (n:WebboltBench {i: i, name: 'name number ' + i, born: 1950 + i % 60, score: i / 7.0, active: i % 2 = 0, city: 'Malmö'})
WITH collect(n) AS ring
UNWIND range(0, $n - 1) AS i
WITH ring[i] AS a, ring[(i + 1) % $n] AS b, i
CREATE (a)-[:NEXT {since: 2000 + i % 25}]->(b)`, map[string]any{"n": people})
}

func (s source) cleanUp(ctx context.Context) {
	if err := s.carryOut(ctx, "MATCH (n:WebboltBench) DETACH DELETE n", nil); err != nil {
		fmt.Fprintln(os.Stderr, "the nodes labelled WebboltBench are still there:", err)
	}
}

func (s source) carryOut(ctx context.Context, query string, parameters map[string]any) error {
	ours, err := openWebbolt(ctx, s)
	if err != nil {
		return err
	}
	defer ours.Close()
	result, err := ours.RunProg(ctx, "", query, parameters, false)
	if err != nil {
		return err
	}
	return result.Buffer(ctx)
}
