package httpapi

import (
	"context"
	"errors"
	"io"
	"slices"
	"syscall/js"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/jsx"
)

// browserFetcher is the fetch of a page, a worker or Node.js.
type browserFetcher struct {
	address string
	secure  bool
}

func newFetcher(profile client.Profile, options *client.Options) (fetcher, error) {
	switch {
	case profile.Secure() && !profile.Verify():
		return nil, &client.UnsupportedError{
			Message: "a browser always checks certificates, so http+ssc cannot work in one; use https with a " +
				"certificate that the browser trusts, or Bolt over a webbolt relay, which can be told to skip the " +
				"check"}
	case len(options.RootCAs) > 0:
		return nil, &client.UnsupportedError{
			Message: "a browser trusts its own list of authorities, so RootCAs cannot be used in one"}
	case options.ClientCertificate != nil:
		return nil, &client.UnsupportedError{
			Message: "a browser shows certificates of its own, so ClientCertificate cannot be used in one"}
	case js.Global().Get("fetch").Type() != js.TypeFunction:
		return nil, &client.UnsupportedError{Message: "there is no global fetch here; Node.js has one from version 18"}
	}
	f := &browserFetcher{address: profile.Address(), secure: profile.Secure()}
	if err := mixedContent(pageOrigin(), profile); err != nil {
		return nil, err
	}
	return f, nil
}

// pageOrigin is the origin of the page or worker; "" outside a browser.
func pageOrigin() string {
	if origin := js.Global().Get("origin"); origin.Type() == js.TypeString {
		return origin.String()
	}
	return ""
}

func (f *browserFetcher) close() {}

func (f *browserFetcher) fetch(ctx context.Context, r *request) (*response, error) {
	header := map[string]any{}
	for _, h := range r.header {
		header[h.name] = h.value
	}
	init := map[string]any{"method": r.method, "headers": header, "credentials": "omit"}
	// Browsers cache no other answers, and with no-store Chromium sends a CORS preflight before each request.
	if r.method == "GET" {
		init["cache"] = "no-store"
	}
	if r.body != nil {
		init["body"] = jsx.Uint8Array(r.body)
	}
	controller := js.Global().Get("AbortController").New()
	init["signal"] = controller.Get("signal")
	abort := func() { controller.Call("abort") }
	promise, err := jsx.Try(func() js.Value { return js.Global().Call("fetch", r.url, init) })
	if err != nil {
		return nil, err
	}
	answer, err := jsx.Await(ctx, promise)
	if err != nil {
		abort()
		return nil, err
	}
	headers := answer.Get("headers")
	b := &browserBody{ctx: ctx, abort: abort}
	if stream := answer.Get("body"); stream.Truthy() {
		b.reader = stream.Call("getReader")
	}
	return &response{status: answer.Get("status").Int(), body: b, header: func(name string) string {
		if value := headers.Call("get", name); value.Type() == js.TypeString {
			return value.String()
		}
		return ""
	}}, nil
}

// browserBody reads a ReadableStream.
type browserBody struct {
	ctx    context.Context
	reader js.Value // undefined if there is no body
	abort  func()
	ended  bool
}

func (b *browserBody) read(in []byte) ([]byte, error) {
	if b.ended || b.reader.IsUndefined() {
		return in, io.EOF
	}
	promise, err := jsx.Try(func() js.Value { return b.reader.Call("read") })
	if err != nil {
		return in, err
	}
	piece, err := jsx.Await(b.ctx, promise)
	if err != nil {
		b.close()
		return in, err
	}
	if piece.Get("done").Bool() {
		b.ended = true
		return in, io.EOF
	}
	bytes := piece.Get("value")
	size := bytes.Get("byteLength").Int()
	in = slices.Grow(in, size)
	js.CopyBytesToGo(in[len(in):len(in)+size], bytes)
	return in[:len(in)+size], nil
}

func (b *browserBody) close() {
	if !b.ended {
		b.ended = true
		b.abort()
	}
}

// unavailable finds out why fetch failed, which a browser does not tell. A request that needs no permission by CORS
// shows whether the server is there.
func (f *browserFetcher) unavailable(ctx context.Context, r *request, err error) *client.ConnectionUnavailable {
	if gone := client.UnavailableFromContext(ctx, f.address, "waiting for the server's answer"); gone != nil {
		return gone
	}
	unavailable := &client.ConnectionUnavailable{Reason: client.ReasonNetwork, Address: f.address,
		Message: hiddenCause(r.url, f.secure), Err: err}
	if thrown, ok := errors.AsType[*jsx.Error](err); !ok || thrown.Name != "TypeError" {
		return unavailable
	}
	init := map[string]any{"mode": "no-cors", "credentials": "omit", "cache": "no-store"}
	policy := jsx.WatchPolicy(r.url)
	defer policy.Stop()
	promise, err := jsx.Try(func() js.Value { return js.Global().Call("fetch", r.url, init) })
	if err != nil {
		return unavailable
	}
	if _, err := jsx.Await(ctx, promise); err != nil {
		patience := time.NewTimer(eventPatience)
		defer patience.Stop()
		select {
		case directive := <-policy.Violated(): // the event comes after the failure
			unavailable.Reason, unavailable.Message = client.ReasonForbidden, jsx.PolicyAdvice(directive, r.url)
		case <-patience.C:
		}
		return unavailable
	}
	unavailable.Reason = client.ReasonForbidden
	unavailable.Message = "a server answers there, but the browser does not let this page (" + pageOrigin() +
		") read the answer: " + corsAdvice
	return unavailable
}

// eventPatience is how long to wait for the event by which a browser reports a violated content security policy.
const eventPatience = 200 * time.Millisecond

// corsAdvice is what to check if a server answers but the browser does not give the page the answer.
const corsAdvice = "Neo4j allows all origins unless dbms.security.http_access_control_allow_origin is set, so check " +
	"that setting, whether a proxy " +
	"in between drops the Access-Control headers or refuses OPTIONS requests, and whether this is a Neo4j at all; a " +
	"webbolt relay needs no such leave"
