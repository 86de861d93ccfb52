package protocol

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

func packed(t testing.TB, value any) []byte {
	t.Helper()
	data, err := packstream.Append(nil, value)
	require.NoError(t, err)
	return data
}

func TestReadArguments(t *testing.T) {
	args, err := MethodConnectorOpen.Read(packed(t, map[string]any{
		"profile": map[string]any{"uri": "bolt://db:7687", "user": "u", "password": "p", "database": ""},
		"options": map[string]any{
			"owner": int64(7), "userAgent": "é", "fetchSize": int64(-1), "connectTimeout": 0.5,
			"disableTelemetry": true,
			"notifications":    map[string]any{"minimumSeverity": "OFF", "disabledCategories": []any{"HINT"}},
			"boltVersions":     []any{"5.8", "4.4"}, "auth": map[string]any{"scheme": "basic", "credentials": "s"},
		},
		"pool":      map[string]any{"maxSize": int64(3), "maxAge": int64(2)},
		"connector": map[string]any{"routing": false, "retryTime": int64(-1)},
		"chained":   true, "bookmarks": []any{"a", "b"}, "resolverCallback": nil,
	}))
	require.NoError(t, err)
	require.Equal(t, DescribedProfile{URI: "bolt://db:7687", User: "u", Password: "p"}, args.Profile)
	require.Equal(t, client.Options{
		UserAgent: "é", FetchSize: -1, ConnectTimeout: 500 * time.Microsecond, DisableTelemetry: true,
		Notifications: client.NotificationFilter{MinimumSeverity: "OFF", DisabledCategories: []string{"HINT"}},
		BoltVersions:  []client.Version{{Major: 5, Minor: 8}, {Major: 4, Minor: 4}},
	}, args.Options.Client)
	require.Equal(t, &client.Auth{Scheme: "basic", Credentials: "s"}, args.Options.Auth)
	require.Equal(t, 7, args.Options.Owner)
	require.Equal(t, 3, args.Pool.MaxSize)
	require.Equal(t, 2*time.Millisecond, args.Pool.MaxAge)
	require.True(t, args.Connector.NoRouting)
	require.Equal(t, -time.Millisecond, args.Connector.RetryTime)
	require.Equal(t, []string{"a", "b"}, args.Bookmarks)

	added, err := MethodConnectorAddPools.Read(packed(t, map[string]any{"on": int64(1), "profiles": []any{
		map[string]any{"uri": "bolt://a", "user": "", "database": ""},
		map[string]any{"uri": "bolt://b", "user": "", "database": "d"},
	}}))
	require.NoError(t, err)
	require.Equal(t, 1, added.Handle())
	require.Equal(t, []DescribedProfile{{URI: "bolt://a"}, {URI: "bolt://b", Database: "d"}}, added.Profiles)

	route, err := MethodConnectionRoute.Read(packed(t, map[string]any{
		"on": int64(1), "graphName": "g", "context": map[string]any{"region": "eu"}}))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"region": "eu"}, route.Context)
}

func TestReadParameters(t *testing.T) {
	utc, local := []byte{0xA1, 0x81, 'x', 0xC9, 0x12, 0x34}, []byte{0xA1, 0x81, 'x', 0x05}
	for _, c := range []struct {
		parameters any
		want       map[string]any
	}{
		{utc, map[string]any{"x": packstream.Raw{0xC9, 0x12, 0x34}}},
		{[]any{utc, local}, map[string]any{"x": values.Zoned{UTC: packstream.Raw{0xC9, 0x12, 0x34},
			Local: packstream.Raw{0x05}}}},
		{[]byte{0xA0}, map[string]any{}},
	} {
		args, err := MethodConnectionRunProg.Read(packed(t, map[string]any{"on": int64(1), "parameters": c.parameters}))
		require.NoError(t, err)
		require.Equal(t, c.want, args.Parameters)
	}
}

// TestReadRefuses: what is not in the schema, or of another type, is refused by its name.
func TestReadRefuses(t *testing.T) {
	for name, arguments := range map[string]map[string]any{
		"graphname":  {"graphname": "misspelt"},
		"graphName":  {"graphName": int64(5)},
		"readonly":   {"readonly": "yes"},
		"credit":     {"credit": 1.5},
		"options":    {"options": []any{}},
		"timeout":    {"options": map[string]any{"timeout": "5"}},
		"tmeout":     {"options": map[string]any{"tmeout": int64(5)}},
		"bookmarks":  {"options": map[string]any{"bookmarks": []any{int64(1)}}},
		"parameters": {"parameters": "x"},
		"metadata":   {"options": map[string]any{"metadata": []any{[]byte{0xA0}}}},
	} {
		_, err := MethodConnectionRunProg.Read(packed(t, arguments))
		var wrong *client.ArgumentError
		require.ErrorAs(t, err, &wrong, name)
		require.Equal(t, name, wrong.Argument)
	}
	_, err := MethodConnectionOpen.Read(packed(t, map[string]any{
		"options": map[string]any{"boltVersions": []any{"five"}}}))
	require.ErrorContains(t, err, "boltVersions")
	for _, bytes := range [][]byte{{}, {0x01}, {0xA1, 0x01, 0x01}, {0xA1, 0x81, 'x', 0xC9}, {0xA0, 0x00}} {
		_, err := MethodConnectionRunProg.Read(packed(t, map[string]any{"parameters": bytes}))
		require.ErrorContains(t, err, "parameters", "%x", bytes)
	}
}

func TestReadTimes(t *testing.T) {
	for _, c := range []struct {
		given any
		want  time.Duration
	}{
		{int64(2), 2 * time.Millisecond}, {0.25, 250 * time.Microsecond}, {nil, 0},
		{1e13, math.MaxInt64}, {math.Inf(1), math.MaxInt64}, {-1e300, math.MinInt64}, {int64(1e13), math.MaxInt64},
	} {
		args, err := MethodConnectorBegin.Read(packed(t, map[string]any{"options": map[string]any{"timeout": c.given}}))
		require.NoError(t, err)
		require.Equal(t, c.want, args.Options.Timeout, "%v", c.given)
	}
	_, err := MethodConnectorBegin.Read(packed(t, map[string]any{"options": map[string]any{"timeout": math.NaN()}}))
	require.ErrorContains(t, err, "timeout")
}

func TestReadToEngine(t *testing.T) {
	var m ToEngine
	require.NoError(t, m.Read(packed(t, map[string]any{"id": int64(3), "method": "connection.open",
		"args": map[string]any{}})))
	require.Equal(t, ToEngine{ID: 3, Method: "connection.open", Args: packstream.Raw{0xA0}}, m)
	m = ToEngine{}
	require.NoError(t, m.Read(packed(t, map[string]any{"answer": int64(4),
		"error": map[string]any{"class": "Failure", "message": "m", "code": "c"}})))
	require.Equal(t, &Thrown{Class: "Failure", Message: "m", Code: "c"}, m.Error)
	require.Error(t, new(ToEngine).Read(packed(t, map[string]any{"event": "x"})))
}

// FuzzRead: nothing that a page sends makes the reader panic.
func FuzzRead(f *testing.F) {
	f.Add(packed(f, map[string]any{"profile": map[string]any{"uri": "x"},
		"options": map[string]any{"auth": map[string]any{"scheme": "a"}}}))
	f.Add(packed(f, map[string]any{"on": int64(1), "parameters": []any{[]byte{0xA0}, []byte{0xA0}}, "options": nil}))
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = new(ToEngine).Read(data)
		_, _ = MethodConnectorOpen.Read(data)
		_, _ = MethodConnectorAddPools.Read(data)
		_, _ = MethodConnectionRunProg.Read(data)
		_, _ = MethodConnectionRoute.Read(data)
	})
}
