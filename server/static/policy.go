package static

import (
	"net/http"
	"strings"
)

// policyFor makes the Content-Security-Policy. The page may run its own scripts and wasm, start workers from blobs
// (that is how a package's worker starts where it comes from another origin), and connect to its own origin and to what
// is listed.
func policyFor(connect []string) func(*http.Request) string {
	const fixed = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; " +
		"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'"
	listed := ""
	for _, source := range connect {
		listed += " " + source
	}
	return func(r *http.Request) string {
		// Older browsers do not take 'self' for WebSockets.
		if isAuthority(r.Host) {
			return fixed + " ws://" + r.Host + " wss://" + r.Host + listed
		}
		return fixed + listed
	}
}

// isAuthority holds for a Host header that may stand in a policy.
func isAuthority(host string) bool {
	return host != "" && strings.Trim(host,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") == ""
}
