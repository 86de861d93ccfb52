//go:build unix

package main

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func TestProfileOf(t *testing.T) {
	p, err := profileOf("neo4j+s://db.example.org", "anna", "p@ss")
	require.NoError(t, err)
	require.Equal(t, "bolt+s://db.example.org:7687", upstreamOf(p))
	require.Equal(t, "anna", p.User)
	require.Equal(t, "p@ss", p.Password.Reveal())

	p, err = profileOf("bolt+ssc://in:uri@localhost:1", "", "")
	require.NoError(t, err)
	require.Equal(t, "bolt+ssc://localhost:1", upstreamOf(p))
	require.Equal(t, "in", p.User)

	_, err = profileOf("http://localhost", "", "")
	require.ErrorContains(t, err, "bolt or neo4j")
	var argument *client.ArgumentError
	_, err = profileOf("gopher://localhost", "", "")
	require.ErrorAs(t, err, &argument)
}

func TestPage(t *testing.T) {
	t.Chdir(t.TempDir())
	require.ErrorContains(t, pageIsBuilt(), "make web")
	require.NoError(t, os.MkdirAll(pageFolder, 0o755))
	require.NoError(t, os.WriteFile(pageFolder+"/index.html", []byte("here"), 0o644))
	require.NoError(t, pageIsBuilt())

	profile, err := profileOf("bolt://127.0.0.1:7", "anna", "secret")
	require.NoError(t, err)
	for _, secrets := range []bool{true, false} {
		page, err := startPage(profile, "127.0.0.1:0", secrets)
		require.NoError(t, err)
		require.Equal(t, secrets, strings.Contains(page.url, "secret"))
		address, err := url.Parse(page.url)
		require.NoError(t, err)
		settings, err := url.ParseQuery(address.EscapedFragment())
		require.NoError(t, err)
		require.Equal(t, "bolt://127.0.0.1:7", settings.Get("uri"))
		require.Equal(t, "ws://"+address.Host+"/bolt", settings.Get("relay"))
		require.Equal(t, "anna", settings.Get("user"))
		response, err := http.Get(page.url)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusOK, response.StatusCode)
		require.NoError(t, page.stop())
		_, err = http.Get(page.url)
		require.Error(t, err)
	}
}
