package bolt_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/conformance"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// Texts of 100 MB, and lists and maps of a million entries, go both ways. Without WEBBOLT_MATRIX the older and the
// newer server show it with a tenth. The text is ASCII: of others the server makes more copies than a heap of 512 MB
// holds.
func TestLargeValues(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		megabytes, entries := 10, 100_000
		if version == neo4jtest.V5 || os.Getenv(conformance.MatrixEnv) != "" {
			megabytes, entries = 100, 1_000_000
		}
		c := openReal(t, version, client.Options{})
		t.Run("text", func(t *testing.T) {
			text := strings.Repeat("0123456789abcdef", megabytes<<16)
			row := echo(t, c, text)
			require.True(t, row[0] == any(text), "the text comes back as it was sent")
		})
		t.Run("list", func(t *testing.T) {
			list := make([]any, entries)
			for i := range list {
				list[i] = int64(i)
			}
			row := echo(t, c, list)
			got := row[0].([]any)
			require.Len(t, got, entries)
			for i := range list {
				if got[i] != list[i] {
					t.Fatalf("entry %d is %v", i, got[i])
				}
			}
		})
		t.Run("map", func(t *testing.T) {
			m := make(map[string]any, entries)
			for i := range entries {
				m["key"+strconv.Itoa(i)] = int64(i)
			}
			row := echo(t, c, m)
			got := row[0].(map[string]any)
			require.Len(t, got, entries)
			for key, want := range m {
				if got[key] != want {
					t.Fatalf("%s is %v", key, got[key])
				}
			}
		})
	})
}

// echo sends a value and returns the row in which it comes back.
func echo(t *testing.T, c *bolt.Connection, value any) []any {
	t.Helper()
	rows := all(t, run(t, c, "RETURN $x AS x", map[string]any{"x": value}))
	require.Len(t, rows, 1)
	return rows[0]
}

// A message over the option's limit breaks the connection with an error that names the option; up to it messages pass.
func TestMaxMessage(t *testing.T) {
	c := openReal(t, neo4jtest.V5, client.Options{MaxMessage: 100_000})
	require.Len(t, echo(t, c, strings.Repeat("x", 99_000))[0], 99_000)
	result, err := c.RunProg(t.Context(), "", "RETURN $x + $x", map[string]any{"x": strings.Repeat("x", 60_000)}, true)
	if err == nil {
		for _, failed := range result.Records(t.Context()) {
			err = failed
		}
	}
	require.ErrorContains(t, err, "maxMessage")
	require.True(t, c.Broken())
}
