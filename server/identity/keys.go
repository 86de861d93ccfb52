package identity

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

const (
	maxKeySet    = 1 << 20          // bytes of a key set
	keysTime     = 10 * time.Second // to fetch one
	maxRedirects = 5
)

var (
	errKeysInsecure = errors.New("the keys' URL must be https, or anybody on the way could put keys of their own in")
	errKeysRedirect = errors.New("the keys' server redirects to an address that is not https")
	errKeysTooLarge = errors.New("the key set is larger than 1 MiB")
)

// keysAt finds keys at a URL or in a file. Its errors do not hold the URL, in which there may be a secret.
func keysAt(ctx context.Context, where string, failed func(error)) (jwt.Keyfunc, error) {
	if !strings.Contains(where, "://") {
		file := &keyFile{name: where}
		_, err := file.load()
		return file.key, err
	}
	u, err := url.Parse(where)
	switch {
	case err != nil || u.Host == "":
		return nil, errors.New("the keys' URL is not one, as https://id.example.org/keys.json is")
	case u.User != nil:
		return nil, errors.New("user and password do not belong in the keys' URL")
	case !isSafe(u):
		return nil, errKeysInsecure
	}
	// Without a handler for its errors the library writes them, with the URL, to a log that is not ours.
	override := keyfunc.Override{
		Client: keysClient(), HTTPTimeout: keysTime, RateLimitWaitMax: time.Second,
		RefreshErrorHandlerFunc: func(string) func(context.Context, error) {
			return func(_ context.Context, err error) {
				if failed != nil {
					failed(fmt.Errorf("fetching the keys: %w", withoutURL(err)))
				}
			}
		},
	}
	keys, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{where}, override)
	if err != nil {
		return nil, fmt.Errorf("fetching the keys: %w", withoutURL(err))
	}
	return keys.Keyfunc, nil
}

// isSafe reports whether nobody on the way can change what is fetched from the address.
func isSafe(u *url.URL) bool {
	address := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || address != nil && address.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && local
}

// withoutURL removes the URL from an error of net/http.
func withoutURL(err error) error {
	var located *url.Error
	if errors.As(err, &located) {
		return located.Err
	}
	return err
}

// keysClient limits the size of what it fetches, and follows no redirect to an address that is less safe than the
// first.
func keysClient() *http.Client {
	return &http.Client{
		Timeout: keysTime,
		Transport: boundedTransport{&http.Transport{
			Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			MaxResponseHeaderBytes: 64 << 10, TLSHandshakeTimeout: keysTime, ForceAttemptHTTP2: true,
		}},
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			switch {
			case len(via) > maxRedirects:
				return fmt.Errorf("the keys' server redirects more than %d times", maxRedirects)
			case next.URL.Scheme != "https" && (via[0].URL.Scheme == "https" || !isSafe(next.URL)):
				return errKeysRedirect
			}
			return nil
		},
	}
}

// boundedTransport ends answers after maxKeySet bytes, counted after decompression.
type boundedTransport struct{ http.RoundTripper }

func (t boundedTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.RoundTripper.RoundTrip(request)
	if err == nil {
		response.Body = &boundedBody{ReadCloser: response.Body, left: maxKeySet}
	}
	return response, err
}

type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left+1)])
	if b.left -= n; b.left < 0 {
		return 0, errKeysTooLarge
	}
	return n, err
}

// keyFile holds the keys of a file, and reads it again when it changes.
type keyFile struct {
	name string

	mu       sync.Mutex
	modified time.Time
	size     int64
	keys     keyfunc.Keyfunc
}

func (f *keyFile) key(token *jwt.Token) (any, error) {
	keys, err := f.load()
	if err != nil {
		return nil, err
	}
	return keys.Keyfunc(token)
}

func (f *keyFile) load() (keyfunc.Keyfunc, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.name)
	if err != nil {
		return nil, fmt.Errorf("reading the keys: %w", err)
	}
	if f.keys != nil && info.ModTime().Equal(f.modified) && info.Size() == f.size {
		return f.keys, nil
	}
	if info.Size() > maxKeySet {
		return nil, errKeysTooLarge
	}
	text, err := os.ReadFile(f.name)
	if err != nil {
		return nil, fmt.Errorf("reading the keys: %w", err)
	}
	keys, err := keyfunc.NewJWKSetJSON(text)
	if err != nil {
		return nil, fmt.Errorf("reading the keys of %s: %w", f.name, err)
	}
	f.keys, f.modified, f.size = keys, info.ModTime(), info.Size()
	return keys, nil
}
