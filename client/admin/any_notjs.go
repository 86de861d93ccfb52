//go:build !js

package admin

import (
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

func readAny(reader *packstream.Reader) (any, error) { return values.Read(reader) }
