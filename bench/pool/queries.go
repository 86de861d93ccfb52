package main

import (
	"context"
	"errors"
	"strconv"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"github.com/webbolt/webbolt/bench/report"
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake/replay"
	"github.com/webbolt/webbolt/pool"
)

const (
	subjectConnector = "webbolt Connector"
	subjectDriver    = "neo4j-go-driver"
	oneRow           = "one 1"
)

// querier runs one query and reads its row.
type querier struct {
	name string
	run  func() error
}

// measureQueries compares a query through a pool, from borrowing a connection to giving it back.
func measureQueries(r *report.Report, s settings) (err error) {
	ctx := context.Background()
	address, stop, err := replay.StartProcess("-serve")
	if err != nil {
		return err
	}
	defer stop()
	profile, err := client.ParseProfile("bolt://" + address)
	if err != nil {
		return err
	}
	ours, err := pool.Open(ctx, profile, pool.Options{MaxSize: poolSize, InitSize: poolSize})
	if err != nil {
		return err
	}
	defer ours.Close()
	connector, err := pool.OpenConnector(ctx, profile, pool.ConnectorOptions{
		Pool: pool.Options{MaxSize: poolSize, InitSize: poolSize}})
	if err != nil {
		return err
	}
	defer connector.Close()
	driver, err := neo4j.NewDriverWithContext("bolt://"+address, neo4j.NoAuth(),
		func(c *config.Config) { c.MaxConnectionPoolSize = poolSize })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, driver.Close(ctx)) }()
	queriers := []querier{
		{webbolt, func() error { return throughPool(ctx, ours) }},
		{subjectConnector, func() error { return throughConnector(ctx, connector) }},
		{subjectDriver, func() error { return throughDriver(ctx, driver) }},
	}
	for round := range s.rounds + 1 { // the first warms up
		for _, contenders := range []int{1, 8, 64} {
			for _, q := range queriers {
				perSecond, err := contend(contenders, s.queries, q.run)
				if err != nil {
					return err
				}
				if round > 0 {
					r.Add("replay", strconv.Itoa(contenders)+" contenders", "queries", q.name, unitQueries, perSecond)
				}
			}
		}
	}
	return nil
}

func throughPool(ctx context.Context, p *pool.ConnectionPool) error {
	cx, err := p.Acquire(ctx)
	if err != nil {
		return err
	}
	result, err := cx.RunProg(ctx, "", oneRow, nil, true)
	if err == nil {
		err = readRow(ctx, result)
	}
	return errors.Join(err, p.Release(cx, false))
}

func throughConnector(ctx context.Context, c *pool.Connector) error {
	result, err := c.RunProg(ctx, "", oneRow, nil, true)
	if err != nil {
		return err
	}
	return readRow(ctx, result)
}

// readRow reads a result of one row, and to its end.
func readRow(ctx context.Context, result *client.Result) error {
	rows := 0
	for record, err := range result.Records(ctx) {
		if err != nil {
			return err
		}
		if _, err := record.Values(); err != nil {
			return err
		}
		rows++
	}
	return expectOne(rows)
}

func throughDriver(ctx context.Context, driver neo4j.DriverWithContext) error {
	session := driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead})
	result, err := session.Run(ctx, oneRow, nil)
	rows := 0
	if err == nil {
		for result.Next(ctx) {
			rows += len(result.Record().Values)
		}
		err = result.Err()
	}
	return errors.Join(err, session.Close(ctx), expectOne(rows))
}

func expectOne(rows int) error {
	if rows != 1 {
		return errors.New("the result has " + strconv.Itoa(rows) + " rows, not one")
	}
	return nil
}
