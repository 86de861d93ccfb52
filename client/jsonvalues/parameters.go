package jsonvalues

import (
	"encoding/base64"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/webbolt/webbolt/client/packstream"
)

// parameterWriter writes parameters in PackStream as JSON.
type parameterWriter struct {
	packstream.Reader
	b     []byte
	typed bool                                                 // every value has its type
	leaf  func(w *parameterWriter, kind packstream.Kind) error // writes the values in which the two forms differ
	depth int
}

// AppendTyped appends a PackStream map of parameters as an object of typed JSON, for the Query API. The error is an
// [*Error] for a value that no parameter can have, and a [*packstream.Error] if packed is malformed.
func AppendTyped(b, packed []byte) ([]byte, error) {
	w := parameterWriter{Reader: packstream.NewReader(packed), b: b, typed: true, leaf: typedLeaf}
	return w.all()
}

// AppendPlain appends a PackStream map of parameters as an object of plain JSON, the only form that the transaction API
// accepts. The errors are those of [AppendTyped]; [Error.Unsupported] is set for a value that typed JSON can carry and
// plain JSON cannot.
func AppendPlain(b, packed []byte) ([]byte, error) {
	w := parameterWriter{Reader: packstream.NewReader(packed), b: b, leaf: plainLeaf}
	return w.all()
}

func (w *parameterWriter) all() ([]byte, error) {
	err := w.object()
	if err == nil && w.Len() > 0 {
		err = &Error{Message: "bytes follow the parameters"}
	}
	return w.b, err
}

// open begins a value with its type.
func (w *parameterWriter) open(name string) {
	if w.typed {
		w.b = append(w.b, `{"$type":"`...)
		w.b = append(w.b, name...)
		w.b = append(w.b, `","_value":`...)
	}
}

func (w *parameterWriter) close() {
	if w.typed {
		w.b = append(w.b, '}')
	}
}

// quote puts a value in quotes, where all numbers are texts.
func (w *parameterWriter) quote() {
	if w.typed {
		w.b = append(w.b, '"')
	}
}

func (w *parameterWriter) value() error {
	switch kind := w.Kind(); kind {
	case packstream.KindNull:
		w.open("Null")
		w.b = append(w.b, "null"...)
		w.close()
		return w.Null()
	case packstream.KindBool:
		v, err := w.Bool()
		w.open("Boolean")
		w.b = strconv.AppendBool(w.b, v)
		w.close()
		return err
	case packstream.KindInt:
		v, err := w.Int()
		w.open("Integer")
		w.quote()
		w.b = strconv.AppendInt(w.b, v, 10)
		w.quote()
		w.close()
		return err
	case packstream.KindString:
		text, err := w.StringBytes()
		w.open("String")
		w.b = AppendString(w.b, text)
		w.close()
		return err
	case packstream.KindList:
		w.open("List")
		err := w.list()
		w.close()
		return err
	case packstream.KindMap:
		w.open("Map")
		err := w.object()
		w.close()
		return err
	default:
		return w.leaf(w, kind)
	}
}

func (w *parameterWriter) list() error {
	n, err := w.ListHeader()
	if err != nil {
		return err
	}
	if err := w.deeper(); err != nil {
		return err
	}
	w.b = append(w.b, '[')
	for i := range n {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if err := w.value(); err != nil {
			return err
		}
	}
	w.b = append(w.b, ']')
	w.depth--
	return nil
}

func (w *parameterWriter) object() error {
	n, err := w.MapHeader()
	if err != nil {
		return err
	}
	if err := w.deeper(); err != nil {
		return err
	}
	w.b = append(w.b, '{')
	for i := range n {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		key, err := w.StringBytes()
		if err != nil {
			return err
		}
		w.b = append(AppendString(w.b, key), ':')
		if err := w.value(); err != nil {
			return err
		}
	}
	w.b = append(w.b, '}')
	w.depth--
	return nil
}

func (w *parameterWriter) deeper() error {
	if w.depth++; w.depth > maxDepth {
		return &Error{Message: "lists and maps nest more than " + strconv.Itoa(maxDepth) + " deep"}
	}
	return nil
}

// plainLeaf writes floats; the transaction API accepts no other values.
func plainLeaf(w *parameterWriter, kind packstream.Kind) error {
	if kind != packstream.KindFloat {
		return &Error{Unsupported: true,
			Message: "Neo4j's transaction API takes parameters as plain JSON, which has no byte arrays, points, " +
				"dates, times " +
				"or durations: pass a text or a list and convert it in Cypher, as in date($x), or use Bolt, or Neo4j " +
				"5.26 or later"}
	}
	f, err := w.Float()
	if err != nil {
		return err
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return &Error{Unsupported: true,
			Message: "Neo4j's transaction API takes parameters as plain JSON, which has no infinity and no NaN: " +
				"use Bolt, or Neo4j 5.26 or later"}
	}
	start := len(w.b)
	w.b = strconv.AppendFloat(w.b, f, 'g', -1, 64)
	for _, b := range w.b[start:] {
		if b == '.' || b == 'e' {
			return nil
		}
	}
	w.b = append(w.b, ".0"...) // without it, it would arrive as an integer
	return nil
}

// typedLeaf writes floats, byte arrays and structures.
func typedLeaf(w *parameterWriter, kind packstream.Kind) error {
	switch kind {
	case packstream.KindFloat:
		f, err := w.Float()
		w.open("Float")
		w.b = append(w.b, '"')
		w.b = append(w.b, floatText(f, 64)...)
		w.b = append(w.b, '"', '}')
		return err
	case packstream.KindBytes:
		data, err := w.Bytes()
		w.open("Base64")
		w.b = append(w.b, '"')
		w.b = base64.StdEncoding.AppendEncode(w.b, data)
		w.b = append(w.b, '"', '}')
		return err
	case packstream.KindUUID:
		id, err := w.UUID()
		w.open("UUID")
		w.b = append(w.b, '"')
		w.b = append(w.b, id.String()...)
		w.b = append(w.b, '"', '}')
		return err
	}
	return w.structure()
}

const hexDigits = "0123456789abcdef"

// AppendString appends text as a JSON string. Invalid UTF-8 becomes U+FFFD.
func AppendString(b, text []byte) []byte {
	b = append(b, '"')
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case ordinary[c] && c < utf8.RuneSelf:
			b = append(b, c)
			i++
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
			i++
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			i++
		default:
			r, n := utf8.DecodeRune(text[i:])
			b = utf8.AppendRune(b, r)
			i += n
		}
	}
	return append(b, '"')
}
