package bolt_test

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

var bolt58 = client.Version{Major: 5, Minor: 8}

func fakeProfile(t testing.TB) client.Profile {
	t.Helper()
	profile, err := client.ParseProfile("bolt://alice:secret@fake:7687")
	require.NoError(t, err)
	return profile
}

// openFake opens a connection to a script, in memory.
func openFake(t testing.TB, options client.Options, script func(c *boltfake.Conn)) (*bolt.Connection, error) {
	t.Helper()
	stream, stop := boltfake.Pipe(t, script)
	c, err := bolt.Open(context.Background(), stream, fakeProfile(t), options)
	t.Cleanup(func() {
		if c != nil {
			_ = c.Close()
		}
		stop()
	})
	return c, err
}

func unavailableFor(t *testing.T, script func(c *boltfake.Conn)) *client.ConnectionUnavailable {
	t.Helper()
	_, err := openFake(t, client.Options{}, script)
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, "fake:7687", unavailable.Address)
	return unavailable
}

func TestOpenAgainstWhatIsNotNeo4j(t *testing.T) {
	for name, script := range map[string]func(c *boltfake.Conn){
		"http":            func(c *boltfake.Conn) { c.Slots(); c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) },
		"no version":      func(c *boltfake.Conn) { c.Slots(); c.Write([]byte{0, 0, 0, 0}) },
		"unasked version": func(c *boltfake.Conn) { c.Slots(); c.Write([]byte{0, 0, 1, 9}) },
		"garbage":         func(c *boltfake.Conn) { c.Slots(); c.Write([]byte("\x15\x03\x01\x00\x02\x02")) },
		"empty manifest": func(c *boltfake.Conn) {
			c.Slots()
			c.Write([]byte{0, 0, 1, 0xFF, 0, 0})
			c.AwaitClose()
		},
		"endless number": func(c *boltfake.Conn) {
			c.Slots()
			c.Write([]byte("\x00\x00\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"))
		},
		"huge manifest": func(c *boltfake.Conn) { c.Slots(); c.Write([]byte("\x00\x00\x01\xFF\xFF\xFF\x03")) },
		"garbage for HELLO": func(c *boltfake.Conn) {
			c.Handshake(bolt58)
			c.Expect("HELLO")
			c.Write(
				[]byte("\x00\x02no\x00\x00"))
		},
		"a record for HELLO": func(c *boltfake.Conn) { c.Handshake(bolt58); c.Expect("HELLO"); c.Record(1) },
		"a message not a map": func(c *boltfake.Conn) {
			c.Handshake(bolt58)
			c.Expect("HELLO")
			c.Write(
				boltfake.Encode("SUCCESS", 1))
		},
		"IGNORED for HELLO": func(c *boltfake.Conn) { c.Handshake(bolt58); c.Expect("HELLO"); c.Ignored() },
		"an unknown message": func(c *boltfake.Conn) {
			c.Handshake(bolt58)
			c.Expect("HELLO")
			c.Write(
				boltfake.Encode("RESET"))
		},
		"a FAILURE not a map": func(c *boltfake.Conn) {
			c.Handshake(bolt58)
			c.Expect("HELLO")
			c.Write(boltfake.Encode("FAILURE", "x"))
		},
		"a truncated FAILURE": func(c *boltfake.Conn) {
			c.Handshake(bolt58)
			c.Expect("HELLO")
			c.Write([]byte("\x00\x04\xB1\x7F\xA1\x81\x00\x00"))
		},
		"FAILURE with a tail": func(c *boltfake.Conn) {
			c.Handshake(bolt58)
			c.Expect("HELLO")
			c.Write([]byte("\x00\x04\xB1\x7F\xA0\xA0\x00\x00"))
		},
		"has more than a field": func(c *boltfake.Conn) {
			c.Handshake(bolt58)
			c.Expect("HELLO")
			c.Write(boltfake.Encode("SUCCESS", 1, 2))
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, client.ReasonNotNeo4j, unavailableFor(t, script).Reason)
		})
	}
}

func TestOpenClosedEarly(t *testing.T) {
	for name, script := range map[string]func(c *boltfake.Conn){
		"at once":         func(c *boltfake.Conn) { c.Slots() },
		"in the answer":   func(c *boltfake.Conn) { c.Slots(); c.Write([]byte{0, 0}) },
		"in the manifest": func(c *boltfake.Conn) { c.Slots(); c.Write([]byte{0, 0, 1, 0xFF, 2, 0}) },
		"after it":        func(c *boltfake.Conn) { c.Handshake(bolt58) },
		"for HELLO":       func(c *boltfake.Conn) { c.Handshake(bolt58); c.Expect("HELLO") },
		"for LOGON":       func(c *boltfake.Conn) { c.Handshake(bolt58); c.Answer("HELLO", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, client.ReasonClosed, unavailableFor(t, script).Reason)
		})
	}
}

func TestOpenAgainstSilence(t *testing.T) {
	silences := map[string]func(c *boltfake.Conn){
		"at once":   func(c *boltfake.Conn) { c.AwaitClose() },
		"for HELLO": func(c *boltfake.Conn) { c.Handshake(bolt58); c.AwaitClose() },
		"in the answer": func(c *boltfake.Conn) {
			c.Slots()
			c.Write([]byte{0, 0})
			c.AwaitClose()
		},
	}
	for name, script := range silences {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stream, stop := boltfake.Pipe(t, script)
				defer stop()
				started := time.Now()
				ctx, cancel := client.Options{ConnectTimeout: 5 * time.Second}.Limit(context.Background())
				defer cancel()
				_, err := bolt.Open(ctx, stream, fakeProfile(t), client.Options{})
				var unavailable *client.ConnectionUnavailable
				require.ErrorAs(t, err, &unavailable)
				require.Equal(t, client.ReasonTimeout, unavailable.Reason)
				require.Less(t, time.Since(started), 6*time.Second) // of the fake clock
			})
		})
	}
}

func TestOpenCancelled(t *testing.T) {
	stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) { c.AwaitClose() })
	defer stop()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := bolt.Open(ctx, stream, fakeProfile(t), client.Options{})
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, client.ReasonCancelled, unavailable.Reason)
	require.ErrorIs(t, err, context.Canceled)
}

func TestOpenRefused(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		profile := profileOf(t, neo4jtest.Need(t, version))
		profile.User, profile.Password = "nobody", "wrong"
		conn, err := net.Dial("tcp", profile.Address())
		require.NoError(t, err)
		_, err = bolt.Open(limited(t), conn, profile, client.Options{
			OnBroken: func(client.Profile, string) { t.Error("OnBroken while opening") }})
		var failure *client.Failure
		require.ErrorAs(t, err, &failure)
		require.Equal(t, "Neo.ClientError.Security.Unauthorized", failure.Code)
		require.NotContains(t, err.Error(), "wrong")
	})
}

func TestOpenOptions(t *testing.T) {
	never := func(c *boltfake.Conn) { c.AwaitClose() }
	_, err := openFake(t, client.Options{BoltVersions: []client.Version{{Major: 3}, {Major: 5}, {Major: 4}, {Major: 6},
		{Major: 4, Minor: 2}}}, never)
	require.ErrorAs(t, err, new(*client.ArgumentError))
	_, err = openFake(t, client.Options{Notifications: client.NotificationFilter{MinimumSeverity: "OFF"}},
		func(c *boltfake.Conn) {
			c.Login(client.Version{Major: 5, Minor: 1}, nil)
		})
	require.ErrorAs(t, err, new(*client.UnsupportedError))
	_, err = openFake(t, client.Options{Auth: func(context.Context, *client.Failure) (client.Auth, error) {
		return client.Auth{Scheme: "custom", Parameters: map[string]any{"x": make(chan int)}}, nil
	}}, func(c *boltfake.Conn) { c.Login(bolt58, nil) })
	require.ErrorAs(t, err, new(*client.ArgumentError))
}

func TestOpenAuthSourceFails(t *testing.T) {
	_, err := openFake(t, client.Options{Auth: func(context.Context, *client.Failure) (client.Auth, error) {
		return client.Auth{}, context.DeadlineExceeded
	}}, func(c *boltfake.Conn) { c.Login(bolt58, nil) })
	require.Equal(t, context.DeadlineExceeded, err)
}
