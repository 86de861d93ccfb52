package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// load is a query whose result is read completely, several times a round.
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

const sourceReplay = "replay"

// scaled is n, or a multiple of it, but at least the unit, of which it is a multiple.
func scaled(n int, scale float64, unit int) int {
	return max(int(float64(n)*scale)/unit, 1) * unit
}

func replayLoads(scale float64) []load {
	n := func(rows int) int { return scaled(rows, scale, 1) }
	return []load{
		replayed("integers", n(500_000), 1, false),
		replayed("scalars", n(200_000), 1, false),
		replayed("nodes", n(100_000), 1, true),
		replayed("paths", n(30_000), 1, true),
		replayed("strings", n(200), 1, false),
		replayed("one", 1, n(10_000), false),
	}
}

const people = 1000

// realLoads ask a real server for the like. The nodes are made by prepare.
func realLoads(scale float64) []load {
	asked := func(name, query string, rows, repeat int, composite bool) load {
		parameters := map[string]any{"n": rows, "k": rows / people}
		return load{name: name, query: query, parameters: parameters, rows: rows, repeat: repeat, composite: composite}
	}
	thousands := func(rows int) int { return scaled(rows, scale, people) }
	return []load{
		asked("integers", "UNWIND range(1, $n) AS i RETURN i AS a, i * 1000003 AS b, i % 100 AS c", thousands(200_000),
			1, false),
		asked("scalars", "UNWIND range(1, $n) AS i "+
			"RETURN i AS id, 'name number ' + i AS name, i * 1.5 AS score, i % 2 = 0 AS active, 1700000000000 + i AS "+
			"since, 'Malmö' AS city", thousands(100_000), 1, false),
		asked("nodes", "UNWIND range(1, $k) AS i MATCH (n:WebboltBench) RETURN n", thousands(50_000), 1, true),
		asked("paths", "UNWIND range(1, $k) AS i MATCH p = "+
			"(:WebboltBench)-[:NEXT]->(:WebboltBench)-[:NEXT]->(:WebboltBench) RETURN p", thousands(20_000), 1, true),
		asked("strings", "WITH reduce(s = 'abcdefgh', i IN range(1, 17) | s + s) AS text UNWIND range(1, $n) AS i "+
			"RETURN text", scaled(50, scale, 1), 1, false),
		asked("one", "RETURN 1 AS x", 1, scaled(1000, scale, 1), false),
	}
}

// realServer is the server that the environment names, or nil.
func realServer(scale float64) (*source, error) {
	server, err := neo4jtest.Find(neo4jtest.V5)
	if server == nil {
		return nil, err
	}
	return &source{name: string(server.Version), address: server.BoltAddr, user: server.User, password: server.Password,
		loads: realLoads(scale)}, nil
}

// prepare makes a ring of nodes on a real server.
func (s source) prepare(ctx context.Context) error {
	s.cleanUp(ctx)
	return s.carryOut(ctx, `UNWIND range(0, $n - 1) AS i
CREATE (n:WebboltBench {i: i, name: 'name number ' + i, born: 1950 + i % 60, score: i / 7.0, active: i % 2 = 0,
	city: 'Malmö'})
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
