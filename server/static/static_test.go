package static

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

var files = fstest.MapFS{
	"index.html":             {Data: []byte("<p>hello")},
	"app-3fX9_aB2.js":        {Data: []byte("plain")},
	"app-3fX9_aB2.js.gz":     {Data: []byte("zipped")},
	"webbolt.wasm":           {Data: []byte("wasm")},
	"webbolt.wasm.br":        {Data: []byte("brotli")},
	"webbolt.wasm.gz":        {Data: []byte("zipped")},
	"wasm_exec.js":           {Data: []byte("x")},
	"deep/index.html":        {Data: []byte("deep")},
	".env":                   {Data: []byte("secret")},
	"deep/.git/config":       {Data: []byte("secret")},
	"something-wonderful.js": {Data: []byte("a word is no hash")},
}

func get(t *testing.T, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://relay.example"+path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	New(files, []string{"wss://db.example"}).ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	require.NoError(t, err)
	return w.Result(), string(body)
}

func TestEncodings(t *testing.T) {
	for accept, want := range map[string][2]string{
		"":                           {"", "wasm"},
		"gzip, deflate, br, zstd":    {"br", "brotli"},
		"gzip":                       {"gzip", "zipped"},
		"gzip;q=1.0, br;q=0.5":       {"gzip", "zipped"},
		"br;q=0, *":                  {"gzip", "zipped"},
		"br;q=0, gzip; q=0":          {"", "wasm"},
		"*;q=0.1":                    {"br", "brotli"},
		"identity":                   {"", "wasm"},
		"BR":                         {"br", "brotli"},
		"br;q=nonsense, gzip;q=0.1 ": {"gzip", "zipped"},
	} {
		response, body := get(t, "/webbolt.wasm", "Accept-Encoding", accept)
		require.Equal(t, 200, response.StatusCode)
		require.Equal(t, want, [2]string{response.Header.Get("Content-Encoding"), body}, accept)
		require.Equal(t, "application/wasm", response.Header.Get("Content-Type"))
		require.Equal(t, "Accept-Encoding", response.Header.Get("Vary"))
	}
	response, body := get(t, "/app-3fX9_aB2.js", "Accept-Encoding", "br, gzip")
	require.Equal(t, "zipped", body, "the next best, where there is no brotli")
	require.Equal(t, "gzip", response.Header.Get("Content-Encoding"))
}

func TestCaching(t *testing.T) {
	for path, want := range map[string]string{
		"/":                       "no-cache",
		"/wasm_exec.js":           "no-cache",
		"/webbolt.wasm":           "no-cache",
		"/something-wonderful.js": "no-cache",
		"/app-3fX9_aB2.js":        "public, max-age=31536000, immutable",
	} {
		response, _ := get(t, path)
		require.Equal(t, want, response.Header.Get("Cache-Control"), path)
	}
	for name, want := range map[string]bool{
		"K6BDIMYC": true, "3fX9_aB2": true, "0a1b2c3d4e": true, "version2": false, "Version2": false,
		"wonderful": false, "20261122": true,
	} {
		require.Equal(t, want, isHash(name), name)
	}
	plain, _ := get(t, "/webbolt.wasm")
	packed, _ := get(t, "/webbolt.wasm", "Accept-Encoding", "br")
	require.NotEmpty(t, plain.Header.Get("ETag"))
	require.NotEqual(t, plain.Header.Get("ETag"), packed.Header.Get("ETag"))
	again, body := get(t, "/webbolt.wasm", "If-None-Match", plain.Header.Get("ETag"))
	require.Equal(t, http.StatusNotModified, again.StatusCode)
	require.Empty(t, body)
}

func TestPaths(t *testing.T) {
	for path, want := range map[string]string{"/": "<p>hello", "/index.html": "<p>hello", "/deep/": "deep"} {
		response, body := get(t, path)
		require.Equal(t, 200, response.StatusCode, path)
		require.Equal(t, want, body)
		require.Equal(t, "text/html; charset=utf-8", response.Header.Get("Content-Type"))
	}
	for _, path := range []string{"/none", "/deep", "/.env", "/deep/.git/config", "/../static.go",
		"/%2e%2e/static.go"} {
		response, body := get(t, path)
		require.Equal(t, http.StatusNotFound, response.StatusCode, path)
		require.NotContains(t, body, "secret")
	}
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	w := httptest.NewRecorder()
	New(files, nil).ServeHTTP(w, r)
	require.Equal(t, http.StatusMethodNotAllowed, w.Code)
}

func TestPolicy(t *testing.T) {
	response, _ := get(t, "/")
	policy := response.Header.Get("Content-Security-Policy")
	require.Contains(t, policy, "script-src 'self' 'wasm-unsafe-eval';")
	require.Contains(t, policy, "connect-src 'self' ws://relay.example wss://relay.example wss://db.example")
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Host = "x; script-src *"
	w := httptest.NewRecorder()
	New(files, nil).ServeHTTP(w, r)
	require.NotContains(t, w.Header().Get("Content-Security-Policy"), "script-src *")
}

// opened counts the files that are open.
type opened struct {
	fs.FS
	files int
}

func (o *opened) Open(name string) (fs.File, error) {
	file, err := o.FS.Open(name)
	if err != nil {
		return nil, err
	}
	o.files++
	return counted{file, o}, nil
}

type counted struct {
	fs.File
	of *opened
}

func (c counted) Close() error {
	c.of.files--
	return c.File.Close()
}

// Whatever is asked for, no file stays open.
func TestNoFileStaysOpen(t *testing.T) {
	o := &opened{FS: files}
	site := New(o, nil)
	for _, path := range []string{"/", "/.env", "/deep/.git/config", "/deep", "/nothing", "/webbolt.wasm",
		"/app-3fX9_aB2.js"} {
		r := httptest.NewRequest(http.MethodGet, "http://relay.example"+path, nil)
		r.Header.Set("Accept-Encoding", "br, gzip")
		site.ServeHTTP(httptest.NewRecorder(), r)
		require.Zero(t, o.files, path)
	}
}
