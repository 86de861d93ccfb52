package connect

import (
	"bytes"
	"maps"
	"slices"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// sameToken reports whether two tokens are equal, as far as can be told: parameters of unusual types count as different.
func sameToken(a, b client.Auth) bool {
	return a.Scheme == b.Scheme && a.Principal == b.Principal && a.Credentials == b.Credentials && a.Realm == b.Realm &&
		maps.EqualFunc(a.Parameters, b.Parameters, sameValue)
}

func sameValue(a, b any) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case map[string]any:
		b, is := b.(map[string]any)
		return is && maps.EqualFunc(a, b, sameValue)
	case []any:
		b, is := b.([]any)
		return is && slices.EqualFunc(a, b, sameValue)
	case packstream.Raw:
		b, is := b.(packstream.Raw)
		return is && bytes.Equal(a, b)
	case string, bool, int, int64, float64:
		return a == b
	}
	return false
}
