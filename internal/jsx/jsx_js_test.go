package jsx

import (
	"context"
	"errors"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"
)

func evaluate(t *testing.T, source string) js.Value {
	t.Helper()
	return js.Global().Get("Function").New("return " + source).Invoke()
}

func TestTry(t *testing.T) {
	value, err := Try(func() js.Value { return js.ValueOf(5) })
	require.NoError(t, err)
	require.Equal(t, 5, value.Int())

	throws := evaluate(t, "() => { throw new RangeError('too far') }")
	_, err = Try(func() js.Value { return throws.Invoke() })
	var thrown *Error
	require.ErrorAs(t, err, &thrown)
	require.Equal(t, "RangeError", thrown.Name)
	require.Equal(t, "RangeError: too far", err.Error())

	require.Panics(t, func() { _, _ = Try(func() js.Value { panic("not JavaScript's") }) })
}

func TestErrorOf(t *testing.T) {
	for source, want := range map[string]string{
		"'text'":                "text",
		"undefined":             "<undefined>",
		"null":                  "<null>",
		"({message: 'only'})":   "only",
		"({name: 'Only'})":      "Only",
		"({name: 5})":           "",
		"new Error('usual')":    "Error: usual",
		"Object.create(null)":   "",
		"new TypeError('kind')": "TypeError: kind",
	} {
		require.Equal(t, want, ErrorOf(evaluate(t, source)).Error(), source)
	}
}

func TestAwait(t *testing.T) {
	value, err := Await(t.Context(), evaluate(t, "new Promise(resolve => setTimeout(() => resolve(7), 1))"))
	require.NoError(t, err)
	require.Equal(t, 7, value.Int())

	_, err = Await(t.Context(), evaluate(t, "Promise.reject(new TypeError('no'))"))
	var rejected *Error
	require.ErrorAs(t, err, &rejected)
	require.Equal(t, "TypeError", rejected.Name)
}

func TestAwaitGivenUp(t *testing.T) {
	why := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	deferred := evaluate(t, "(() => { const d = {}; d.promise = new Promise(resolve => { d.resolve = resolve }); "+
		"return d })()")
	_, err := Await(ctx, deferred.Get("promise"))
	require.ErrorIs(t, err, why)
	deferred.Call("resolve", 1) // nobody waits any more
	_, err = Await(t.Context(), deferred.Get("promise"))
	require.NoError(t, err)
}

func TestUint8Array(t *testing.T) {
	for _, b := range [][]byte{{}, {1, 2, 255}} {
		got := make([]byte, len(b))
		require.Equal(t, len(b), js.CopyBytesToGo(got, Uint8Array(b)))
		require.Equal(t, b, got)
	}
}
