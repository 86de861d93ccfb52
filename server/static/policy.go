package static

import (
	"net/http"
	"strings"
)

// policyFor makes the Content-Security-Policy. The page may run its own scripts and wasm, start workers from blobs
// (which is how a package's worker starts if it comes from another origin), and connect to its own origin and to the
// listed sources.
func policyFor(connect []string) func(*http.Request) string {
	const fixed = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; " +
		"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'"
	listed := ""
	for _, source := range connect {
		listed += " " + source
	}
	return func(r *http.Request) string {
		// In older browsers 'self' does not include WebSockets.
		if isAuthority(r.Host) {
			return fixed + " ws://" + r.Host + " wss://" + r.Host + listed
		}
		return fixed + listed
	}
}

// isAuthority reports whether a Host header may be put into a policy.
func isAuthority(host string) bool {
	return host != "" && strings.Trim(host,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") == ""
}
