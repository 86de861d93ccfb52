package bolt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

func mustOpenFake(t testing.TB, options client.Options, script func(c *boltfake.Conn)) *bolt.Connection {
	t.Helper()
	c, err := openFake(t, options, script)
	require.NoError(t, err)
	return c
}

var fieldX = map[string]any{"fields": []any{"x"}}
