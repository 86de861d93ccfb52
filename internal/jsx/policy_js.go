package jsx

import (
	"strings"
	"syscall/js"
)

// PolicyWatch detects that a content security policy forbids a request (CSP Level 3, section 5.1). Browsers report that
// by an event of the page or worker, after the request has failed without a reason.
type PolicyWatch struct {
	url      string
	listener js.Func
	violated chan string
}

const violation = "securitypolicyviolation"

// WatchPolicy listens for a policy that forbids url. Stop the watch afterwards.
func WatchPolicy(url string) *PolicyWatch {
	w := &PolicyWatch{url: url, violated: make(chan string, 1)}
	if parsed, err := Try(func() js.Value { return js.Global().Get("URL").New(url) }); err == nil {
		w.url = parsed.Get("href").String()
	}
	w.listener = js.FuncOf(func(_ js.Value, args []js.Value) any {
		w.hear(first(args))
		return nil
	})
	w.each("addEventListener")
	return w
}

// each does nothing where there are no such events, as in Node.js.
func (w *PolicyWatch) each(method string) {
	if js.Global().Get(method).Type() == js.TypeFunction {
		js.Global().Call(method, violation, w.listener)
	}
}

func (w *PolicyWatch) hear(event js.Value) {
	blocked, disposition := event.Get("blockedURI"), event.Get("disposition")
	if blocked.Type() != js.TypeString || disposition.Type() == js.TypeString && disposition.String() == "report" {
		return
	}
	if uri := blocked.String(); uri == "" || !strings.HasPrefix(w.url, uri) {
		return
	}
	select {
	case w.violated <- event.Get("effectiveDirective").String():
	default:
	}
}

// Violated returns the directive, such as "connect-src", if a policy forbids the URL.
func (w *PolicyWatch) Violated() <-chan string { return w.violated }

// Stop ends the watch.
func (w *PolicyWatch) Stop() {
	w.each("removeEventListener")
	w.listener.Release()
}

// PolicyAdvice says what a policy forbids, and what to do.
func PolicyAdvice(directive, url string) string {
	return "a content security policy forbids " + url + ": its " + directive + " has to name this address; " +
		"a worker has the policy that its own script (worker.js) was sent with, otherwise the page's counts"
}
