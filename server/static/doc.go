// Package static serves a page's files: compressed beforehand where there is a file NAME.br or NAME.gz beside NAME,
// with the Content-Type that browsers insist on, with caching, and with a Content-Security-Policy.
package static
