package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/webbolt/webbolt"
)

// The types that the loads' records are read into, as a program would write them.
type (
	integers struct{ A, B, C int64 }
	scalars  struct {
		ID     int64
		Name   string
		Score  float64
		Active bool
		Since  int64
		City   string
	}
	node struct {
		ID     string   `neo4j:",elementid"`
		Labels []string `neo4j:",labels"`
		Name   string
		Born   int64
		Score  float64
		Active bool
		City   string
	}
	relationship struct {
		ID    string `neo4j:",elementid"`
		Type  string `neo4j:",type"`
		Start string `neo4j:",start"`
		End   string `neo4j:",end"`
		Since int64
	}
	path struct {
		Nodes         []node         `neo4j:",nodes"`
		Relationships []relationship `neo4j:",relationships"`
	}
)

func openDB(ctx context.Context, s source) (*webbolt.DB, error) {
	var options []webbolt.Option
	if s.user != "" {
		options = append(options, webbolt.BasicAuth(s.user, s.password))
	}
	return webbolt.Connect(ctx, "bolt://"+s.address, options...)
}

// structs reads records into structs, through the face for Go programs with its pool.
func structs(db *webbolt.DB) func(ctx context.Context, l load) (int, error) {
	return func(ctx context.Context, l load) (int, error) {
		result, err := db.Query(ctx, l.query, l.parameters, webbolt.ReadOnly())
		switch l.name {
		case "integers":
			return count[integers](result, err)
		case "scalars":
			return count[scalars](result, err)
		case "nodes":
			return count[node](result, err)
		case "paths":
			return count[path](result, err)
		case "strings":
			return count[string](result, err)
		case "one":
			return count[int64](result, err)
		}
		return 0, fmt.Errorf("there is no type for the load %s", l.name)
	}
}

func count[T any](result *webbolt.Result, err error) (rows int, _ error) {
	for row, err := range webbolt.Rows[T](result, err) {
		if err != nil {
			return rows, err
		}
		runtime.KeepAlive(row)
		rows++
	}
	return rows, nil
}
