package bridge

import (
	"math"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// arguments are the values of a message from the page, or of an object in it; what is absent is the zero value. Messages come in PackStream, so
// that they cross from JavaScript in one piece.
type arguments map[string]any

func readMessage(data []byte) (arguments, error) {
	reader := packstream.NewReader(data)
	message, err := reader.Any()
	if err != nil {
		return nil, err
	}
	values, is := message.(map[string]any)
	if !is {
		return nil, packstream.ErrKind
	}
	return values, nil
}

func (a arguments) text(name string) string {
	text, _ := a[name].(string)
	return text
}

func (a arguments) flag(name string) bool {
	is, _ := a[name].(bool)
	return is
}

func (a arguments) number(name string) int {
	n, _ := a[name].(int64)
	return int(n)
}

// longestSpan is the longest time span that Go has, in milliseconds.
const longestSpan = math.MaxInt64 / int64(time.Millisecond)

// milliseconds reads a time span. One that is too long for Go is the longest there is, which no option takes.
func (a arguments) milliseconds(name string) time.Duration {
	switch n := a[name].(type) {
	case int64:
		return time.Duration(max(-longestSpan, min(n, longestSpan))) * time.Millisecond
	case float64:
		switch {
		case n <= -float64(longestSpan):
			return -time.Duration(longestSpan) * time.Millisecond
		case n < float64(longestSpan):
			return time.Duration(n * float64(time.Millisecond))
		}
		return time.Duration(longestSpan) * time.Millisecond
	}
	return 0
}

func (a arguments) texts(name string) []string {
	values, _ := a[name].([]any)
	var texts []string
	for _, value := range values {
		text, _ := value.(string)
		texts = append(texts, text)
	}
	return texts
}

func (a arguments) objects(name string) []arguments {
	values, _ := a[name].([]any)
	var objects []arguments
	for _, value := range values {
		object, _ := value.(map[string]any)
		objects = append(objects, object)
	}
	return objects
}

// object reads an object; the second result is false where there is none.
func (a arguments) object(name string) (arguments, bool) {
	object, is := a[name].(map[string]any)
	return object, is
}

func (a arguments) textMap(name string) map[string]string {
	object, is := a.object(name)
	if !is {
		return nil
	}
	texts := make(map[string]string, len(object))
	for key := range object {
		texts[key] = object.text(key)
	}
	return texts
}

// packed reads a map that the page has put into PackStream before, as one value of the message; its values stay as they are.
func (a arguments) packed(name string) (map[string]any, error) {
	data, is := a[name].([]byte)
	if !is {
		return nil, nil
	}
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
