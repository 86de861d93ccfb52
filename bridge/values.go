//go:build js && wasm

package bridge

import (
	"strconv"
	"syscall/js"
	"time"

	"github.com/webbolt/webbolt/client"
)

// maxSafe is JavaScript's Number.MAX_SAFE_INTEGER.
const maxSafe = 1<<53 - 1

// toJS makes small values fit for a message: summaries and what the admin calls give. Records never come here.
func toJS(value any) any {
	switch v := value.(type) {
	case nil, bool, float64, string, int, js.Value:
		return v
	case int64:
		return integer(v)
	case []byte:
		array := js.Global().Get("Uint8Array").New(len(v))
		js.CopyBytesToJS(array, v)
		return array
	case time.Time:
		return date(v)
	case time.Duration:
		return milliseconds(v)
	case []string:
		return list(v, func(s string) any { return s })
	case []any:
		return list(v, toJS)
	case map[string]any:
		return entries(v, toJS)
	case client.Secret:
		return v.String()
	}
	return nil
}

// integer is a number where that is exact, else a BigInt.
func integer(i int64) any {
	if -maxSafe <= i && i <= maxSafe {
		return float64(i)
	}
	return js.Global().Get("BigInt").Invoke(strconv.FormatInt(i, 10))
}

// date is a Date, or null for the zero time.
func date(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return js.Global().Get("Date").New(float64(t.UnixMilli()))
}

func milliseconds(d time.Duration) any {
	return float64(d) / float64(time.Millisecond)
}

func list[T any](values []T, convert func(T) any) []any {
	converted := make([]any, len(values))
	for i, value := range values {
		converted[i] = convert(value)
	}
	return converted
}

func entries[T any](values map[string]T, convert func(T) any) object {
	converted := make(object, len(values))
	for key, value := range values {
		converted[key] = convert(value)
	}
	return converted
}
