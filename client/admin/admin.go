// Package admin has the calls that ask a server about itself. They use Cypher, so they are the same over every
// protocol: a connection embeds [Calls]. Columns are found by name, since each server version has its own.
//
// Values whose type the caller cannot know, such as a query's parameters, are Go values as [client.Record] gives them.
// In a browser a date, a point or another structure among them is a packstream.Structure, which keeps package dbtype
// out of programs that do not need it.
package admin

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/webbolt/webbolt/client"
)

// Runner is what the calls need of a connection.
type Runner interface {
	RunProg(ctx context.Context, graphName, cypher string, parameters map[string]any, readonly bool,
		options ...client.TxOptions) (*client.Result, error)
	RunQuery(ctx context.Context, tx *client.TransactionRef, cypher string, parameters map[string]any) (*client.Result,
		error)
	Neo4jVersion(ctx context.Context) (string, error)
}

// Calls are the admin calls of a connection. They run in the given transaction, or in one of their own if it is nil.
type Calls struct{ runner Runner }

// On returns the calls over a connection.
func On(runner Runner) Calls { return Calls{runner} }

// home is the graph name of the user's home database.
const home = ""

// system is the database that manages the others.
const system = "system"

// query runs cypher and returns all its rows. It runs in tx, or on graphName if tx is nil.
func (c Calls) query(ctx context.Context, tx *client.TransactionRef, graphName, cypher string,
	parameters map[string]any) ([]row, error) {
	var result *client.Result
	var err error
	if tx != nil {
		result, err = c.runner.RunQuery(ctx, tx, cypher, parameters)
	} else {
		result, err = c.runner.RunProg(ctx, graphName, cypher, parameters, true)
	}
	if err != nil {
		return nil, unsupported(err)
	}
	rows, err := readRows(ctx, result)
	return rows, unsupported(err)
}

// unsupported turns a failure that says that the server does not have such a call into an UnsupportedError.
func unsupported(err error) error {
	failure, ok := errors.AsType[*client.Failure](err)
	if !ok {
		return err
	}
	for _, code := range [...]string{".ProcedureNotFound", ".UnsupportedAdministrationCommand",
		".NotSystemDatabaseError"} {
		if strings.HasSuffix(failure.Code, code) {
			return &client.UnsupportedError{Message: "this server does not have the call", Err: failure}
		}
	}
	return err
}

// before reports whether the server is older than the given version.
func (c Calls) before(ctx context.Context, major, minor int) (bool, error) {
	version, err := c.runner.Neo4jVersion(ctx)
	if err != nil {
		return false, err
	}
	majorText, rest, _ := strings.Cut(version, ".")
	minorText, _, _ := strings.Cut(rest, ".")
	serverMajor, err1 := strconv.Atoi(majorText)
	serverMinor, err2 := strconv.Atoi(minorText)
	if err1 != nil || err2 != nil {
		return false, nil // an unknown form of version number is a newer one
	}
	return serverMajor < major || serverMajor == major && serverMinor < minor, nil
}
