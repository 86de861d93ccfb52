package mapping

import (
	"reflect"
	"unsafe"

	"github.com/webbolt/webbolt/client/packstream"
)

// firstItems limits how many elements are allocated because a header announces them; more are allocated as they are
// read.
const firstItems = 256

// slabSize is about how many bytes of elements are allocated together: short lists take theirs from a slab one after
// the other. It limits how much memory one kept list keeps alive.
const slabSize = 4096

// sliceHeader is how Go lays out a slice of any type.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}

// nothing is the address of empty slices, which are not nil.
var nothing struct{}

// slab is memory for slices of one type.
type slab struct {
	typ    reflect.Type   // of the slices
	size   uintptr        // of an element
	free   unsafe.Pointer // elements that no slice uses
	unused int            // how many those are
}

// list returns zeroed memory for n elements, not more than firstItems.
func (s *slab) list(n int) unsafe.Pointer {
	if n == 0 {
		return unsafe.Pointer(&nothing)
	}
	if n > s.unused {
		enough := max(n, slabSize/int(max(s.size, 1)))
		s.free, s.unused = reflect.MakeSlice(s.typ, enough, enough).UnsafePointer(), enough
	}
	data := s.free
	if s.unused -= n; s.unused > 0 {
		s.free = unsafe.Add(data, uintptr(n)*s.size)
	} else {
		s.free = nil // it would point past the memory
	}
	return data
}

// sliceDecoder reads lists, and byte arrays into slices of bytes. Null makes a nil slice.
func (b *builder) sliceDecoder(t reflect.Type) (decode, error) {
	if t.Elem().Kind() == reflect.Uint8 {
		return decodeBytes, nil
	}
	inner, err := b.decoder(t.Elem())
	if err != nil {
		return nil, err
	}
	return listDecoder(t, inner), nil
}

func listDecoder(t reflect.Type, inner decode) decode {
	made := &slab{typ: t, size: t.Elem().Size()}
	return func(c *cursor, p unsafe.Pointer) error {
		if c.Kind() == packstream.KindNull {
			*(*sliceHeader)(p) = sliceHeader{}
			return c.Null()
		}
		if c.Kind() != packstream.KindList {
			return c.mismatch("a list")
		}
		n, err := c.ListHeader()
		if err == nil {
			err = c.deeper()
		}
		if err != nil {
			return err
		}
		first := min(n, firstItems)
		list := sliceHeader{made.list(first), first, first}
		for i := range n {
			if i == list.len {
				list = grown(t, list, min(n, 2*i))
			}
			if err := inner(c, unsafe.Add(list.data, uintptr(i)*made.size)); err != nil {
				return withinItem(i, err)
			}
		}
		c.shallower()
		*(*sliceHeader)(p) = list
		return nil
	}
}

// grown moves the elements of a full slice to a longer one.
func grown(t reflect.Type, list sliceHeader, n int) sliceHeader {
	made := reflect.MakeSlice(t, n, n)
	reflect.Copy(made, reflect.NewAt(t, unsafe.Pointer(&list)).Elem())
	return sliceHeader{made.UnsafePointer(), n, n}
}
