// Package static serves a page's files: precompressed if there is a file NAME.br or NAME.gz beside NAME, with the
// Content-Type that browsers require, with caching, and with a Content-Security-Policy.
package static
