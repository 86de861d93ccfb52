//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/sample"
)

// counts are the sizes of a graph.
type counts struct{ nodes, relationships int64 }

// countGraph asks the database for the sizes of its graph.
func countGraph(ctx context.Context, cx client.Connection) (c counts, err error) {
	c.nodes, err = single(ctx, cx, "MATCH (n) RETURN count(n)", nil)
	if err != nil {
		return counts{}, err
	}
	c.relationships, err = single(ctx, cx, "MATCH ()-[r]->() RETURN count(r)", nil)
	return c, err
}

// single runs a query whose answer is one number.
func single(ctx context.Context, cx client.Connection, cypher string, parameters map[string]any) (int64, error) {
	result, err := cx.RunProg(ctx, "", cypher, parameters, true)
	if err != nil {
		return 0, err
	}
	record, err := result.Fetch(ctx)
	if err != nil {
		return 0, err
	}
	if record == nil {
		return 0, fmt.Errorf("no answer to %s", cypher)
	}
	var number int64
	if err := record.Scan(&number); err != nil {
		return 0, err
	}
	return number, result.Discard(ctx)
}

// loadSample loads the sample graph unless the database has it.
func loadSample(ctx context.Context, cx client.Connection, progress io.Writer) error {
	question := sample.Loaded()
	loaded, err := single(ctx, cx, question.Text, question.Parameters)
	if err != nil || loaded > 0 {
		return err
	}
	nodes, relationships := sample.Counts()
	fmt.Fprintf(progress, "demo: loading %d nodes and %d relationships\n", nodes, relationships)
	tx, err := cx.Begin(ctx, "", false)
	if err != nil {
		return err
	}
	for _, statement := range sample.Statements() {
		result, err := cx.RunQuery(ctx, tx, statement.Text, statement.Parameters)
		if err == nil {
			err = result.Discard(ctx)
		}
		if err != nil {
			_, rollbackErr := cx.Rollback(ctx, tx)
			return errors.Join(err, rollbackErr)
		}
	}
	_, err = cx.Commit(ctx, tx)
	return err
}
