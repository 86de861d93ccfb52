package admin

import "github.com/webbolt/webbolt/client/packstream"

// readAny decodes without package dbtype, whose methods would bring package fmt into the program.
func readAny(reader *packstream.Reader) (any, error) { return reader.Any() }
