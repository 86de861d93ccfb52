package protocol

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"
	"unsafe"
)

// maxSafe is JavaScript's Number.MAX_SAFE_INTEGER.
const maxSafe = 1<<53 - 1

// Writer makes the text of messages to the page: to cross to JavaScript once is much quicker than a call for each
// value. It is JSON; what JSON does not have is an object with one key:
//
//	{"$int": "9007199254740993"}   an integer beyond 2^53
//	{"$date": 1.5}                 a time, in milliseconds of the epoch
//	{"$bytes": "AAEC"}             bytes, in base64
//	{"$float": "NaN"}              a number that is not finite
//
// A key of the server's that begins with $ gets one more. A message with any of that begins with an exclamation mark.
// web/src/engine/wire.ts reads it.
type Writer struct {
	text    []byte
	special bool
}

// message writes a struct as a message.
func (w *Writer) message(of uint8, at unsafe.Pointer) []byte {
	w.text, w.special = append(w.text[:0], '!'), false
	w.structure(of, at, 0)
	if w.special {
		return w.text
	}
	return w.text[1:]
}

func (w *Writer) value(value any) {
	switch v := value.(type) {
	case bool:
		w.flag(v)
	case string:
		w.string(v)
	case int:
		w.integer(int64(v))
	case int64:
		w.integer(v)
	case float64:
		w.float(v)
	case map[string]any:
		w.anyMap(v)
	case []any:
		w.anyList(v)
	case []string:
		w.texts(v)
	case []byte:
		w.instead("$bytes", base64.StdEncoding.EncodeToString(v))
	case time.Time:
		w.time(v)
	case time.Duration:
		w.span(v)
	default:
		w.null()
	}
}

// key writes the name of a field, which needs no escapes.
func (w *Writer) key(name string) {
	w.separate('{')
	w.text = append(w.text, '"')
	w.text = append(w.text, name...)
	w.text = append(w.text, '"', ':')
}

// name writes a key of the server's.
func (w *Writer) name(name string) {
	w.separate('{')
	if len(name) > 0 && name[0] == '$' {
		w.special = true
		name = "$" + name
	}
	w.string(name)
	w.text = append(w.text, ':')
}

// separate writes a comma behind what comes before in an object or a list, if anything does.
func (w *Writer) separate(opening byte) {
	if w.text[len(w.text)-1] != opening {
		w.text = append(w.text, ',')
	}
}

func (w *Writer) byte(b byte) { w.text = append(w.text, b) }

func (w *Writer) anyMap(values map[string]any) {
	w.byte('{')
	for name, value := range values {
		w.name(name)
		w.value(value)
	}
	w.byte('}')
}

func (w *Writer) textMap(texts map[string]string) {
	w.byte('{')
	for name, text := range texts {
		w.name(name)
		w.string(text)
	}
	w.byte('}')
}

func (w *Writer) anyList(values []any) {
	w.byte('[')
	for _, value := range values {
		w.separate('[')
		w.value(value)
	}
	w.byte(']')
}

func (w *Writer) texts(texts []string) {
	w.byte('[')
	for _, text := range texts {
		w.separate('[')
		w.string(text)
	}
	w.byte(']')
}

func (w *Writer) integers(all []int) {
	w.byte('[')
	for _, n := range all {
		w.separate('[')
		w.integer(int64(n))
	}
	w.byte(']')
}

func (w *Writer) null() { w.text = append(w.text, "null"...) }

func (w *Writer) flag(flag bool) { w.text = strconv.AppendBool(w.text, flag) }

// span writes milliseconds.
func (w *Writer) span(d time.Duration) { w.float(float64(d) / float64(time.Millisecond)) }

// string writes text. What is not UTF-8 in it becomes U+FFFD when JavaScript decodes the message.
func (w *Writer) string(s string) {
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

func (w *Writer) integer(i int64) {
	if -maxSafe <= i && i <= maxSafe {
		w.text = strconv.AppendInt(w.text, i, 10)
		return
	}
	w.instead("$int", strconv.FormatInt(i, 10))
}

func (w *Writer) float(f float64) {
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
func (w *Writer) time(t time.Time) {
	if t.IsZero() {
		w.null()
		return
	}
	w.special = true
	w.text = append(w.text, `{"$date":`...)
	w.text = strconv.AppendInt(w.text, t.UnixMilli(), 10)
	w.text = append(w.text, '}')
}

// instead writes a value that JSON does not have.
func (w *Writer) instead(key, text string) {
	w.special = true
	w.text = append(w.text, `{"`...)
	w.text = append(w.text, key...)
	w.text = append(w.text, `":`...)
	w.string(text)
	w.text = append(w.text, '}')
}
