package pool

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

// Invalid options fail when the pool or the connector is made, even if nothing is opened yet.
func TestPoolOptionsThatCannotBeRight(t *testing.T) {
	server, _ := threeServers()
	for name, o := range map[string]Options{
		"MaxSize":        {MaxSize: -1},
		"InitSize":       {MaxSize: 2, InitSize: 3},
		"MaxAge":         {MaxAge: math.MaxInt64},
		"AcquireTimeout": {AcquireTimeout: math.MaxInt64},
		"IdleCheck":      {IdleCheck: math.MaxInt64},
		"ResetTimeout":   {ResetTimeout: -1},
		"FetchSize":      {Client: client.Options{FetchSize: -2}},
		"Relay":          {Client: client.Options{Relay: "relay:9000"}},
	} {
		o.Open = server.open
		profile, err := client.ParseProfile("neo4j://a:1")
		require.NoError(t, err)
		_, err = Open(context.Background(), profile, o)
		requireOption(t, name, err)
		_, err = OpenConnector(context.Background(), profile,
			ConnectorOptions{Pool: o, Resolver: func(context.Context, string) ([]string, error) { return nil, nil }})
		requireOption(t, name, err)
	}
	_, err := OpenConnector(context.Background(), client.Profile{}, ConnectorOptions{RetryTime: math.MaxInt64})
	requireOption(t, "RetryTime", err)
}

func requireOption(t *testing.T, name string, err error) {
	t.Helper()
	var wrong *client.ArgumentError
	require.ErrorAs(t, err, &wrong, name)
	require.Equal(t, name, wrong.Argument)
	require.Contains(t, wrong.Message, "takes ")
}

func TestUserAgentIsTheEffectiveOne(t *testing.T) {
	p, server := openFake(t, Options{InitSize: 1})
	defer p.Close()
	require.Equal(t, client.DefaultUserAgent, p.UserAgent())
	require.Equal(t, client.DefaultUserAgent, server.connections()[0].options.UserAgent)
	routed, _ := threeServers()
	require.Equal(t, client.DefaultUserAgent, openConnector(t, routed, "neo4j://a:1", ConnectorOptions{}).UserAgent())
}

// The error of a supplier reaches the caller unchanged, and the work is not tried again.
func TestSuppliersErrorsArrive(t *testing.T) {
	own := errors.New("not today")
	profile, err := client.ParseProfile("neo4j://a:1")
	require.NoError(t, err)
	asked := 0
	for name, o := range map[string]ConnectorOptions{
		"resolver": {Resolver: func(context.Context, string) ([]string, error) { asked++; return nil, own }},
		"auth": {Pool: Options{Client: client.Options{Auth: func(context.Context, *client.Failure) (client.Auth,
			error) {
			asked++
			return client.Auth{}, own
		}}, Open: func(ctx context.Context, _ client.Profile, o client.Options) (client.Connection, error) {
			_, err := o.Auth(ctx, nil)
			return nil, err
		}}},
	} {
		c, err := OpenConnector(context.Background(), profile, o)
		require.NoError(t, err)
		for call, do := range map[string]func() error{
			"begin": func() error { _, err := c.Begin(context.Background(), "", false); return err },
			"run": func() error {
				_, err := c.RunProg(context.Background(), "", "RETURN 1", nil,
					true)
				return err
			},
			"names": func() error { _, err := c.GraphNames(context.Background()); return err },
			"execute": func() error {
				_, err := c.ExecuteQuery(
					context.Background(), "", "RETURN 1", nil, true)
				return err
			},
		} {
			asked = 0
			require.Same(t, own, do(), name, call)
			require.Equal(t, 1, asked, name, call)
		}
		c.Close()
	}
}
