package protocol

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

// reader reads what the page sends, which is PackStream. What is absent or null is the zero value. After an error it
// reads zeros.
type reader struct {
	values packstream.Reader
	name   []byte // of the entry that is being read
	err    error
}

// read reads a struct, all of it, from data; the struct keeps parts of data.
func read(data []byte, of uint8, at unsafe.Pointer) error {
	r := reader{values: packstream.NewReader(data)}
	r.structure(of, at)
	if r.err == nil && r.values.Len() > 0 {
		r.refuse("it is followed by something else", nil)
	}
	return r.err
}

// structure reads a struct by its table.
func (r *reader) structure(of uint8, at unsafe.Pointer) {
	for n := r.entries(); r.next(&n); {
		known := false
		for i := range tables[of].rows {
			row := &tables[of].rows[i]
			if known = string(r.name) == row.name; known {
				r.field(row.kind, row.of, unsafe.Add(at, row.offset))
				break
			}
		}
		if !known {
			r.refuse("there is no such name here; the .wasm and the JavaScript may be of different versions", nil)
		}
	}
}

// field reads what is to be kept at a place.
func (r *reader) field(k kind, of uint8, at unsafe.Pointer) {
	switch k {
	case kindFlag:
		*(*bool)(at) = r.flag()
	case kindInverted:
		*(*bool)(at) = !r.absent() && !r.flag()
	case kindText:
		*(*string)(at) = r.text()
	case kindInt:
		*(*int)(at) = r.integer()
	case kindFloat:
		*(*float64)(at) = r.float()
	case kindSpan:
		*(*time.Duration)(at) = r.span()
	case kindAnyMap:
		*(*Packed)(at) = r.packed()
	case kindTextMap:
		*(*map[string]string)(at) = r.textMap()
	case kindTexts:
		*(*[]string)(at) = list(r, (*reader).text)
	case kindVersions:
		*(*[]client.Version)(at) = list(r, (*reader).version)
	case kindRaw:
		*(*packstream.Raw)(at) = r.raw()
	case kindStruct:
		r.structure(of, at)
	case kindPointer:
		if !r.absent() {
			one := tables[of].make(1)
			*(*unsafe.Pointer)(at) = one
			r.structure(of, one)
		}
	case kindStructs:
		r.structures(of, at)
	default:
		r.refuse("it goes from the engine to the page only", nil)
	}
}

func (r *reader) structures(of uint8, at unsafe.Pointer) {
	n := r.items()
	if n == 0 {
		return
	}
	all := slice{at: tables[of].make(n), len: n, cap: n}
	*(*slice)(at) = all
	for i := range n {
		r.structure(of, unsafe.Add(all.at, uintptr(i)*tables[of].size))
	}
}

// refuse is about the entry that is being read. The first fault counts.
func (r *reader) refuse(message string, err error) {
	if r.err == nil {
		r.err = &client.ArgumentError{Argument: string(r.name), Message: message, Err: err}
	}
}

// absent takes a null.
func (r *reader) absent() bool {
	if r.err != nil {
		return true
	}
	if r.values.Kind() != packstream.KindNull {
		return false
	}
	_ = r.values.Null()
	return true
}

// entries begins a map.
func (r *reader) entries() int {
	if r.absent() {
		return 0
	}
	n, err := r.values.MapHeader()
	if err != nil {
		r.refuse("it takes an object", err)
	}
	return n
}

// next goes on to the next of n entries: its name is then in r.name.
func (r *reader) next(n *int) bool {
	if *n == 0 || r.err != nil {
		return false
	}
	*n--
	name, err := r.values.StringBytes()
	if err != nil {
		r.refuse("a name is expected after it", err)
		return false
	}
	r.name = name
	return true
}

func (r *reader) text() string {
	if r.absent() {
		return ""
	}
	text, err := r.values.String()
	if err != nil {
		r.refuse("it takes a text", err)
	}
	return text
}

func (r *reader) flag() bool {
	if r.absent() {
		return false
	}
	flag, err := r.values.Bool()
	if err != nil {
		r.refuse("it takes true or false", err)
	}
	return flag
}

func (r *reader) integer() int {
	if r.absent() {
		return 0
	}
	n, err := r.values.Int()
	if err != nil {
		r.refuse("it takes a whole number", err)
	}
	return int(n)
}

func (r *reader) float() float64 {
	if r.absent() {
		return 0
	}
	if r.values.Kind() == packstream.KindInt {
		n, _ := r.values.Int()
		return float64(n)
	}
	f, err := r.values.Float()
	if err != nil {
		r.refuse("it takes a number", err)
	}
	return f
}

// span reads milliseconds. What is too long for a time.Duration is its maximum of 292 years.
func (r *reader) span() time.Duration {
	ns := r.float() * float64(time.Millisecond)
	switch {
	case math.IsNaN(ns):
		r.refuse("it takes a number of milliseconds", nil)
		return 0
	case ns >= math.MaxInt64:
		return math.MaxInt64
	case ns <= math.MinInt64:
		return math.MinInt64
	}
	return time.Duration(ns)
}

func (r *reader) raw() packstream.Raw {
	raw, err := r.values.Raw()
	if err != nil {
		r.refuse("it cannot be read", err)
	}
	return raw
}

// items begins a list.
func (r *reader) items() int {
	if r.absent() {
		return 0
	}
	n, err := r.values.ListHeader()
	if err != nil {
		r.refuse("it takes a list", err)
	}
	return n
}

// list reads a list of what item reads.
func list[T any](r *reader, item func(r *reader) T) []T {
	var items []T
	for range r.items() {
		items = append(items, item(r))
	}
	return items
}

func (r *reader) textMap() map[string]string {
	n := r.entries()
	texts := make(map[string]string, n)
	for r.next(&n) {
		name := string(r.name)
		texts[name] = r.text()
	}
	return texts
}

// version reads a text such as "5.8".
func (r *reader) version() client.Version {
	text := r.text()
	majorText, minorText, _ := strings.Cut(text, ".")
	major, err1 := strconv.ParseUint(majorText, 10, 8)
	minor, err2 := strconv.ParseUint(minorText, 10, 8)
	if err1 != nil || err2 != nil {
		r.refuse(strconv.Quote(text)+" is not a version such as 5.8", nil)
	}
	return client.Version{Major: byte(major), Minor: byte(minor)}
}

// packed reads a [Packed] map.
func (r *reader) packed() Packed {
	if r.absent() {
		return nil
	}
	if r.values.Kind() == packstream.KindBytes {
		packed := Packed{}
		for name, value := range r.unpacked() {
			packed[name] = value
		}
		return packed
	}
	if n, err := r.values.ListHeader(); err != nil || n != 2 {
		r.refuse("it takes a map in PackStream, once or in two forms", err)
		return nil
	}
	packed := Packed{}
	utc, local := r.unpacked(), r.unpacked()
	for name, value := range utc {
		packed[name] = values.Zoned{UTC: value, Local: local[name]}
	}
	return packed
}

// unpacked reads a map that is in bytes of its own.
func (r *reader) unpacked() map[string]packstream.Raw {
	data, err := r.values.Bytes()
	if err != nil {
		r.refuse("it takes a map in PackStream", err)
		return nil
	}
	name := r.name
	inside := reader{values: packstream.NewReader(data), name: name}
	n := inside.entries()
	found := make(map[string]packstream.Raw, n)
	for inside.next(&n) {
		found[string(inside.name)] = inside.raw()
	}
	if inside.err == nil && inside.values.Len() > 0 {
		inside.refuse("it is followed by something else", nil)
	}
	if inside.err != nil {
		r.refuse("it is not a map in PackStream", inside.err)
	}
	return found
}
