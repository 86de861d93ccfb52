//go:build !js

package pool

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// Each connection of a pool that breaks, lent or free, is reported once, and leaves the pool.
func TestPoolTellsOfBrokenConnections(t *testing.T) {
	server := &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		return boltfake.Answer{Fields: []string{"n"}, Records: [][]any{{int64(1)}}, Cut: true}
	}}
	profile, err := client.ParseProfile("bolt://user:secret@" + server.Start(t))
	require.NoError(t, err)
	var told []client.Profile
	ctx := context.Background()
	p, err := Open(ctx, profile, Options{InitSize: 1, Client: client.Options{
		OnBroken: func(profile client.Profile, message string) {
			require.NotEmpty(t, message)
			told = append(told, profile)
		}}})
	require.NoError(t, err)
	defer p.Close()
	for n := 1; n <= 2; n++ {
		cx := acquire(t, p)
		result, err := cx.RunProg(ctx, "", "RETURN 1", nil, true)
		require.NoError(t, err)
		require.ErrorAs(t, result.Buffer(ctx), new(*client.ConnectionBroken))
		require.Len(t, told, n)
		cx.Release()
		require.Len(t, told, n, "once each")
		require.Zero(t, p.Size())
		require.EqualValues(t, n, p.Statistics().Broken)
	}
	require.Equal(t, p.Profile(), told[0])
}
