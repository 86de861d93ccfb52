package main

import (
	"context"
	"io"
	"net"
	"runtime"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
)

// The subjects' names.
const (
	subjectWebbolt = "webbolt"
	subjectScan    = "webbolt Scan"
	subjectStructs = "webbolt structs"
	subjectDriver  = "neo4j-go-driver"
)

// subject reads the result of a query whole, every value of it, and returns how many rows there were.
type subject struct {
	name        string
	scalarsOnly bool
	read        func(ctx context.Context, l load) (rows int, err error)
	close       func(ctx context.Context) error
}

func open(ctx context.Context, s source) ([]subject, error) {
	ours, err := openWebbolt(ctx, s)
	if err != nil {
		return nil, err
	}
	db, err := openDB(ctx, s)
	if err != nil {
		return nil, err
	}
	auth := neo4j.NoAuth()
	if s.user != "" {
		auth = neo4j.BasicAuth(s.user, s.password, "")
	}
	driver, err := neo4j.NewDriverWithContext("bolt://"+s.address, auth)
	if err != nil {
		return nil, err
	}
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	return []subject{
		{name: subjectWebbolt, read: readValues(ours), close: func(context.Context) error { return ours.Close() }},
		{name: subjectScan, scalarsOnly: true, read: scan(ours), close: func(context.Context) error { return nil }},
		{name: subjectStructs, read: structs(db), close: func(context.Context) error { db.Close(); return nil }},
		{name: subjectDriver, read: readDriver(session), close: func(ctx context.Context) error {
			_ = session.Close(ctx)
			return driver.Close(ctx)
		}},
	}, nil
}

func openWebbolt(ctx context.Context, s source) (*bolt.Connection, error) {
	profile, err := client.ParseProfile("bolt://" + s.address)
	if err != nil {
		return nil, err
	}
	profile.User, profile.Password = s.user, client.Secret(s.password)
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		return nil, err
	}
	return bolt.Open(ctx, conn, profile, client.Options{})
}

func readValues(c *bolt.Connection) func(ctx context.Context, l load) (int, error) {
	return func(ctx context.Context, l load) (rows int, err error) {
		result, err := c.RunProg(ctx, "", l.query, l.parameters, true)
		if err != nil {
			return 0, err
		}
		for {
			record, err := result.Fetch(ctx)
			if record == nil || err != nil {
				return rows, err
			}
			values, err := record.Values()
			if err != nil {
				return rows, err
			}
			for _, value := range values {
				runtime.KeepAlive(value)
			}
			rows++
		}
	}
}

// scan reads integers, floats, booleans and texts into variables, as a program does that knows what it has asked for.
func scan(c *bolt.Connection) func(ctx context.Context, l load) (int, error) {
	var integers [3]int64
	var score float64
	var active bool
	var texts [2]string
	scalars := []any{&integers[0], &texts[0], &score, &active, &integers[1], &texts[1]}
	var first int64
	byWidth := map[int][]any{3: {&integers[0], &integers[1], &integers[2]}, 6: scalars}
	return func(ctx context.Context, l load) (rows int, err error) {
		result, err := c.RunProg(ctx, "", l.query, l.parameters, true)
		if err != nil {
			return 0, err
		}
		fields, err := result.Fields(ctx)
		if err != nil {
			return 0, err
		}
		into := byWidth[len(fields)]
		switch {
		case len(fields) == 1 && fields[0] == "x":
			into = []any{&first}
		case len(fields) == 1:
			into = scalars[1:2]
		}
		for {
			batch, err := result.NextBatch(ctx)
			if err == io.EOF {
				return rows, nil
			}
			if err != nil {
				return rows, err
			}
			for _, span := range batch.Records {
				if err := client.NewRecord(fields, batch.Data[span.Start:span.End]).Scan(into...); err != nil {
					return rows, err
				}
			}
			rows += len(batch.Records)
		}
	}
}

func readDriver(session neo4j.SessionWithContext) func(ctx context.Context, l load) (int, error) {
	return func(ctx context.Context, l load) (rows int, err error) {
		result, err := session.Run(ctx, l.query, l.parameters)
		if err != nil {
			return 0, err
		}
		for result.Next(ctx) {
			for _, value := range result.Record().Values {
				runtime.KeepAlive(value)
			}
			rows++
		}
		return rows, result.Err()
	}
}
