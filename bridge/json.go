package bridge

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"
)

// object is a JavaScript object to be.
type object = map[string]any

// maxSafe is JavaScript's Number.MAX_SAFE_INTEGER.
const maxSafe = 1<<53 - 1

// messageWriter makes the text of messages to the page: to cross to JavaScript once is much quicker than a call for each value. It is JSON; what
// JSON does not have is an object with one key:
//
//	{"$int": "9007199254740993"}   an integer beyond 2^53
//	{"$date": 1.5}                 a time, in milliseconds of the epoch
//	{"$bytes": "AAEC"}             bytes, in base64
//	{"$float": "NaN"}              a number that is not finite
//
// A key of the server's that begins with $ gets one more. A message with any of that begins with an exclamation mark. web/src/engine/wire.ts reads it.
type messageWriter struct {
	text    []byte
	special bool
}

func (w *messageWriter) message(m object) string {
	w.text, w.special = append(w.text[:0], '!'), false
	w.object(m)
	if w.special {
		return string(w.text)
	}
	return string(w.text[1:])
}

func (w *messageWriter) value(value any) {
	switch v := value.(type) {
	case bool:
		w.text = strconv.AppendBool(w.text, v)
	case string:
		w.string(v)
	case int:
		w.integer(int64(v))
	case int64:
		w.integer(v)
	case float64:
		w.float(v)
	case object:
		w.object(v)
	case []any:
		elements(w, v, w.value)
	case []string:
		elements(w, v, w.string)
	case []byte:
		w.instead("$bytes", base64.StdEncoding.EncodeToString(v))
	case time.Time:
		w.time(v)
	case time.Duration:
		w.float(milliseconds(v))
	default:
		w.text = append(w.text, "null"...)
	}
}

func (w *messageWriter) object(entries object) {
	w.text = append(w.text, '{')
	first := true
	for key, value := range entries {
		if !first {
			w.text = append(w.text, ',')
		}
		first = false
		if len(key) > 0 && key[0] == '$' {
			w.special = true
			key = "$" + key
		}
		w.string(key)
		w.text = append(w.text, ':')
		w.value(value)
	}
	w.text = append(w.text, '}')
}

func elements[T any](w *messageWriter, values []T, write func(T)) {
	w.text = append(w.text, '[')
	for i, value := range values {
		if i > 0 {
			w.text = append(w.text, ',')
		}
		write(value)
	}
	w.text = append(w.text, ']')
}

// string writes text. What is not UTF-8 in it becomes U+FFFD when JavaScript decodes the message.
func (w *messageWriter) string(s string) {
	w.text = append(w.text, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		w.text = append(w.text, s[start:i]...)
		start = i + 1
		if c < ' ' {
			w.text = append(w.text, `\u00`...)
			w.text = append(w.text, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		} else {
			w.text = append(w.text, '\\', c)
		}
	}
	w.text = append(w.text, s[start:]...)
	w.text = append(w.text, '"')
}

func (w *messageWriter) integer(i int64) {
	if -maxSafe <= i && i <= maxSafe {
		w.text = strconv.AppendInt(w.text, i, 10)
		return
	}
	w.instead("$int", strconv.FormatInt(i, 10))
}

func (w *messageWriter) float(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		text := "NaN"
		if f > 0 {
			text = "Infinity"
		} else if f < 0 {
			text = "-Infinity"
		}
		w.instead("$float", text)
		return
	}
	w.text = strconv.AppendFloat(w.text, f, 'g', -1, 64)
}

// time writes a Date to be, or null for the zero time.
func (w *messageWriter) time(t time.Time) {
	if t.IsZero() {
		w.text = append(w.text, "null"...)
		return
	}
	w.special = true
	w.text = append(w.text, `{"$date":`...)
	w.text = strconv.AppendInt(w.text, t.UnixMilli(), 10)
	w.text = append(w.text, '}')
}

// instead writes a value that JSON does not have.
func (w *messageWriter) instead(key, text string) {
	w.special = true
	w.text = append(w.text, `{"`...)
	w.text = append(w.text, key...)
	w.text = append(w.text, `":`...)
	w.string(text)
	w.text = append(w.text, '}')
}

func milliseconds(d time.Duration) float64 {
	return float64(d) / float64(time.Millisecond)
}
