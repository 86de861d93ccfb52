//go:build js && wasm

package bridge

import (
	"syscall/js"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// arguments reads a call's arguments; what is absent is the zero value.
type arguments struct{ js.Value }

func (a arguments) text(name string) string {
	if v := a.field(name); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}

func (a arguments) flag(name string) bool {
	v := a.field(name)
	return v.Type() == js.TypeBoolean && v.Bool()
}

func (a arguments) number(name string) int {
	if v := a.field(name); v.Type() == js.TypeNumber {
		return v.Int()
	}
	return 0
}

// milliseconds reads a time span.
func (a arguments) milliseconds(name string) time.Duration {
	if v := a.field(name); v.Type() == js.TypeNumber {
		return time.Duration(v.Float() * float64(time.Millisecond))
	}
	return 0
}

func (a arguments) texts(name string) []string {
	var list []string
	for _, v := range a.list(name) {
		list = append(list, v.String())
	}
	return list
}

func (a arguments) list(name string) []js.Value {
	v := a.field(name)
	if v.Type() != js.TypeObject {
		return nil
	}
	list := make([]js.Value, v.Length())
	for i := range list {
		list[i] = v.Index(i)
	}
	return list
}

// object reads an object; the second result is false where there is none.
func (a arguments) object(name string) (arguments, bool) {
	v := a.field(name)
	return arguments{v}, v.Type() == js.TypeObject
}

func (a arguments) textMap(name string) map[string]string {
	o, is := a.object(name)
	if !is {
		return nil
	}
	m := map[string]string{}
	keys := js.Global().Get("Object").Call("keys", o.Value)
	for i := range keys.Length() {
		key := keys.Index(i).String()
		m[key] = o.text(key)
	}
	return m
}

func (a arguments) field(name string) js.Value {
	if a.Type() != js.TypeObject {
		return js.Undefined()
	}
	return a.Get(name)
}

// packed reads a map that the page has put into PackStream; the values stay as they are.
func (a arguments) packed(name string) (map[string]any, error) {
	v := a.field(name)
	if v.Type() != js.TypeObject {
		return nil, nil
	}
	data := make([]byte, v.Get("byteLength").Int())
	js.CopyBytesToGo(data, v)
	reader := packstream.NewReader(data)
	n, err := reader.MapHeader()
	if err != nil {
		return nil, &client.ArgumentError{Argument: name, Message: "it is not a map", Err: err}
	}
	values := make(map[string]any, n)
	for range n {
		key, err := reader.String()
		if err != nil {
			return nil, &client.ArgumentError{Argument: name, Err: err}
		}
		value, err := reader.Raw()
		if err != nil {
			return nil, &client.ArgumentError{Argument: name, Message: key, Err: err}
		}
		values[key] = value
	}
	return values, nil
}
