package bolt_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// What BEGIN and RUN say of a transaction, to the letter: much of it, such as acting for another user, no community
// server carries out.
func TestSettingsAsSent(t *testing.T) {
	options := client.TxOptions{
		Bookmarks: []string{"b:1", "b:2"}, Metadata: map[string]any{"app": "x", "n": int64(1)},
		Timeout: 1500 * time.Microsecond, ImpersonatedUser: "bob",
		Notifications: client.NotificationFilter{MinimumSeverity: "WARNING", DisabledCategories: []string{"HINT"}},
	}
	want := map[string]any{
		"bookmarks": []any{"b:1", "b:2"}, "tx_metadata": map[string]any{"app": "x", "n": int64(1)},
		"tx_timeout": int64(2), "imp_user": "bob",
		"mode": "r", "db": "movies", "notifications_minimum_severity": "WARNING",
		"notifications_disabled_classifications": []any{"HINT"},
	}
	sent := make(chan map[string]any, 3)
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		sent <- c.Expect("BEGIN").Map(0)
		c.Success(nil)
		run := c.Answer("RUN", fieldX)
		sent <- run.Map(2)
		c.Expect("PULL")
		c.Success(map[string]any{})
		c.Answer("COMMIT", nil)
		run = c.Answer("RUN", fieldX)
		sent <- run.Map(2)
		c.Expect("PULL")
		c.Success(map[string]any{})
		c.AwaitClose()
	})
	tx, err := c.Begin(t.Context(), "movies", true, options)
	require.NoError(t, err)
	require.Equal(t, want, <-sent)
	_, err = c.RunQuery(t.Context(), tx, "RETURN 1 AS x", nil)
	require.NoError(t, err)
	require.Empty(t, <-sent, "in a transaction all is said by BEGIN")
	_, err = c.Commit(t.Context(), tx)
	require.NoError(t, err)
	_, err = c.RunProg(t.Context(), "movies", "RETURN 1 AS x", nil, true, options)
	require.NoError(t, err)
	require.Equal(t, want, <-sent)
	require.NoError(t, c.Close())
}
