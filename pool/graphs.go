package pool

import (
	"context"
	"errors"
	"slices"

	"github.com/webbolt/webbolt/client"
)

const systemGraph = "system"

// GraphNames lists the databases that the user may see, in order. It is empty on a server that has only one graph,
// without a name.
func (c *Connector) GraphNames(ctx context.Context) ([]string, error) {
	databases, err := c.databases(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range databases {
		if d.name != systemGraph && !slices.Contains(names, d.name) { // a cluster lists a database once for each member
			names = append(names, d.name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// DefaultGraphName returns the name of the user's home database, or else of the server's default database. It is "" on
// a server that has only one graph, without a name.
func (c *Connector) DefaultGraphName(ctx context.Context) (string, error) {
	databases, err := c.databases(ctx)
	if err != nil {
		return "", err
	}
	standard := ""
	for _, d := range databases {
		if d.home {
			return d.name, nil
		}
		if d.standard {
			standard = d.name
		}
	}
	return standard, nil
}

// database is one row of SHOW DATABASES.
type database struct {
	name           string
	standard, home bool
}

func (c *Connector) databases(ctx context.Context) (databases []database, err error) {
	l, err := c.on(ctx, need{graph: graphKey{name: systemGraph}, readonly: true, token: c.token}, true,
		func(l *lease) (err error) {
			if !l.cx.SupportsMulti() {
				return nil
			}
			databases, err = showDatabases(ctx, l.cx)
			return err
		})
	if _, unsupported := errors.AsType[*client.UnsupportedError](err); unsupported {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l.end(ctx)
	return databases, nil
}

func showDatabases(ctx context.Context, cx client.Connection) ([]database, error) {
	result, err := cx.RunProg(ctx, systemGraph, "SHOW DATABASES", nil, true)
	if err != nil {
		return nil, err
	}
	keys, err := result.Fields(ctx)
	if err != nil {
		return nil, err
	}
	var databases []database
	for record, err := range result.Records(ctx) {
		if err != nil {
			return nil, err
		}
		d, err := readDatabase(keys, record)
		if err != nil {
			return nil, err
		}
		databases = append(databases, d)
	}
	return databases, nil
}

// readDatabase finds columns by name: their order differs between servers.
func readDatabase(keys []string, record *client.Record) (d database, err error) {
	dest := make([]any, len(keys))
	for i, key := range keys {
		switch key {
		case "name":
			dest[i] = &d.name
		case "default":
			dest[i] = &d.standard
		case "home":
			dest[i] = &d.home
		}
	}
	return d, record.Scan(dest...)
}
