package httpapi_test

import (
	"context"
	"strings"
	"syscall/js"
	"testing"
	_ "time/tzdata" // a browser has no list of time zones that Go could read

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/httpapi"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// The relay's own pages are for its own origin: it answers, but this page may not read the answer.
func TestForbiddenByBrowser(t *testing.T) {
	profile, err := client.ParseProfile("http" + strings.TrimPrefix(neo4jtest.NeedRelay(t), "ws"))
	require.NoError(t, err)
	_, err = httpapi.Open(testContext(t), profile, client.Options{})
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, client.ReasonForbidden, unavailable.Reason)
	require.ErrorContains(t, err, "Access-Control")
}

// If no server answers, the browser does not say why, so the message says what to check.
func TestNothingThereInBrowser(t *testing.T) {
	profile, err := client.ParseProfile("http://127.0.0.1:1")
	require.NoError(t, err)
	_, err = httpapi.Open(testContext(t), profile, client.Options{})
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, client.ReasonNetwork, unavailable.Reason)
	require.ErrorContains(t, err, "check")
}

func TestWhatABrowserCannotDo(t *testing.T) {
	var unsupported *client.UnsupportedError
	profile, err := client.ParseProfile("http+ssc://localhost")
	require.NoError(t, err)
	_, err = httpapi.Open(testContext(t), profile, client.Options{})
	require.ErrorAs(t, err, &unsupported)
	require.ErrorContains(t, err, "relay")
	profile, err = client.ParseProfile("https://localhost")
	require.NoError(t, err)
	_, err = httpapi.Open(testContext(t), profile, client.Options{RootCAs: []byte("x")})
	require.ErrorAs(t, err, &unsupported)
	_, err = httpapi.Open(testContext(t), profile, client.Options{
		ClientCertificate: func(context.Context) (client.ClientCertificate, error) {
			return client.ClientCertificate{}, nil
		}})
	require.ErrorAs(t, err, &unsupported)
	require.ErrorContains(t, err, "ClientCertificate")
}

// With cache: "no-store", Chromium forgets the server's permission (CORS), and asks again before each request.
func TestLeaveMayBeRemembered(t *testing.T) {
	cx := open(t, neo4jtest.Need(t, neo4jtest.V5))
	original := js.Global().Get("fetch")
	var caching []js.Type
	spy := js.FuncOf(func(_ js.Value, args []js.Value) any {
		caching = append(caching, args[1].Get("cache").Type())
		return original.Invoke(args[0], args[1])
	})
	defer spy.Release()
	js.Global().Set("fetch", spy)
	defer js.Global().Set("fetch", original)
	require.EqualValues(t, 7, value(t, cx, "RETURN 7", nil))
	require.Equal(t, []js.Type{js.TypeUndefined}, caching)
}
