package bridge

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMessages(t *testing.T) {
	at := time.Date(2001, 2, 3, 4, 5, 6, 7e6, time.UTC)
	for name, c := range map[string]struct {
		value any
		text  string
	}{
		"null":              {nil, `null`},
		"a type of its own": {struct{}{}, `null`},
		"booleans":          {[]any{true, false}, `[true,false]`},
		"integers":          {[]any{0, int64(-1), int64(1<<53 - 1), int64(-1<<53 + 1)}, `[0,-1,9007199254740991,-9007199254740991]`},
		"floats":            {[]any{1.5, 1e300, -0.25, 3.0}, `[1.5,1e+300,-0.25,3]`},
		"text":              {"a\"b\\c\n\x00\u2028 é😀", `"a\"b\\c\u000a\u0000` + "\u2028 é😀" + `"`},
		"texts":             {[]string{"a", ""}, `["a",""]`},
		"nothing in them":   {[]any{[]string(nil), []any(nil), object(nil)}, `[[],[],{}]`},
		"a time span":       {1500 * time.Microsecond, `1.5`},
		"no time":           {time.Time{}, `null`},
		"a time":            {at, `!{"$date":981173106007}`},
		"a large integer":   {int64(math.MinInt64), `!{"$int":"-9223372036854775808"}`},
		"bytes":             {[]byte{0, 1, 2}, `!{"$bytes":"AAEC"}`},
		"not finite":        {[]any{math.NaN(), math.Inf(1), math.Inf(-1)}, `![{"$float":"NaN"},{"$float":"Infinity"},{"$float":"-Infinity"}]`},
		"a key with $":      {object{"$int": "1"}, `!{"$$int":"1"}`},
	} {
		t.Run(name, func(t *testing.T) {
			var w messageWriter
			want := `{"v":` + c.text + `}`
			if c.text[0] == '!' {
				want = `!{"v":` + c.text[1:] + `}`
			}
			require.Equal(t, want, w.message(object{"v": c.value}))
			require.Equal(t, `{"x":1}`, w.message(object{"x": 1}), "the next message does not depend on the last")
		})
	}
}

func FuzzMessageText(f *testing.F) {
	f.Add("plain", "a\x00\"\\\x1f\x7f\xff")
	f.Fuzz(func(t *testing.T, key, text string) {
		var w messageWriter
		message := w.message(object{key: text})
		if message[0] == '!' {
			message, key = message[1:], "$"+key
		}
		var read map[string]string
		require.NoError(t, json.Unmarshal([]byte(message), &read))
		require.Equal(t, map[string]string{valid(key): valid(text)}, read)
	})
}

// valid is text as it is after decoding.
func valid(s string) string { return string([]rune(s)) }
