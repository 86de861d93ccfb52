package bolt_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// How a result has ended is known of one that nobody reads, too, where its records have been asked for before.
func TestConclusionOfAResultThatIsDropped(t *testing.T) {
	for status, records := range map[string][]any{"00000": {1, 2}, "02000": nil} {
		c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
			c.Login(client.Version{Major: 5, Minor: 4}, nil)
			c.Answer("RUN", fieldX)
			c.Expect("PULL")
			for _, record := range records {
				c.Record(record)
			}
			c.Success(nil)
			c.AwaitClose()
		})
		result, err := c.RunProg(context.Background(), "", "RETURN 1 AS x", nil, true)
		require.NoError(t, err)
		require.NoError(t, result.Discard(context.Background()))
		summary := result.Summary()
		require.Equal(t, status, summary.GQLStatuses[0].Status)
		require.Nil(t, summary.Notifications, "the server has said nothing of notifications")
	}
}

func TestNoNotifications(t *testing.T) {
	for version, told := range map[client.Version]map[string]any{
		{Major: 5, Minor: 4}: {"notifications": []any{}},
		{Major: 5, Minor: 6}: {"statuses": []any{map[string]any{"gql_status": "02000"}}},
	} {
		c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
			c.Login(version, nil)
			c.Answer("RUN", fieldX)
			c.Answer("PULL", told)
			c.AwaitClose()
		})
		result, err := c.RunProg(context.Background(), "", "RETURN 1 AS x", nil, true)
		require.NoError(t, err)
		require.NoError(t, result.Discard(context.Background()))
		require.Equal(t, []client.Notification{}, result.Summary().Notifications)
	}
}
