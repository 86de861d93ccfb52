package client_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

const century = 100 * 365 * 24 * time.Hour

func TestOptionsThatCannotBeRight(t *testing.T) {
	require.NoError(t, client.Options{}.Validate())
	require.NoError(t, client.Options{
		UserAgent: "ünï/1", Relay: "wss://relay.example.org/bolt/", FetchSize: -1, ConnectTimeout: -1,
		ReceiveTimeout: century,
		BoltVersions:   []client.Version{{Major: 5, Minor: 8}},
		Notifications:  client.NotificationFilter{MinimumSeverity: "OFF", DisabledCategories: []string{"HINT"}},
	}.Validate())
	for name, o := range map[string]client.Options{
		"UserAgent":          {UserAgent: "me/1\r\nX-Other: 1"},
		"FetchSize":          {FetchSize: -2},
		"Relay":              {Relay: "http://relay"},
		"BoltVersions":       {BoltVersions: []client.Version{{Major: 5, Minor: 8}, {Major: 5, Minor: 5}}},
		"ConnectTimeout":     {ConnectTimeout: math.MaxInt64},
		"ReceiveTimeout":     {ReceiveTimeout: century + 1},
		"MinimumSeverity":    {Notifications: client.NotificationFilter{MinimumSeverity: "warning"}},
		"DisabledCategories": {Notifications: client.NotificationFilter{DisabledCategories: []string{""}}},
	} {
		requireArgument(t, name, o.Validate())
	}
}

func TestTransactionOptionsThatCannotBeRight(t *testing.T) {
	require.NoError(t, client.TxOptions{}.Validate())
	require.NoError(t, client.TxOptions{Timeout: century}.Validate())
	for name, o := range map[string]client.TxOptions{
		"Timeout":         {Timeout: -1},
		"MinimumSeverity": {Notifications: client.NotificationFilter{MinimumSeverity: "ALL"}},
	} {
		requireArgument(t, name, o.Validate())
	}
	requireArgument(t, "Timeout", client.TxOptions{Timeout: math.MaxInt64}.Validate())
}

func requireArgument(t *testing.T, name string, err error) {
	t.Helper()
	var wrong *client.ArgumentError
	require.ErrorAs(t, err, &wrong, name)
	require.Equal(t, name, wrong.Argument)
	require.Contains(t, wrong.Message, "takes ", "it says what would be right")
}

func TestRolledBackForgetsOnlyTheOldest(t *testing.T) {
	var undone client.RolledBack
	var all []*client.TransactionRef
	for n := range 1000 {
		tx := client.NewTransactionRef("g", string(rune('a'+n)), false)
		require.False(t, undone.Has(tx))
		undone.Add(tx)
		all = append(all, tx)
	}
	require.False(t, undone.Has(all[0]))
	require.False(t, undone.Has(nil))
	for _, tx := range all[len(all)-256:] {
		require.True(t, undone.Has(client.NewTransactionRef(tx.GraphName(), tx.TxID(), true)))
		require.False(t, undone.Has(client.NewTransactionRef("other", tx.TxID(), true)))
	}
}
