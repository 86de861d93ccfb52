package values

import "unsafe"

// boxes makes interface values of numbers and texts. An interface has a pointer to its value, which Go allocates one by
// one; here the values of a list share one allocation.
//
// It relies on an interface being a pointer to its type and a pointer to its value, and on that value never changing.
// The first is true for every version of Go so far, and tests check it; the second is true because nothing here writes
// to a place twice.
type boxes struct {
	ints    []int64
	floats  []float64
	strings []string
}

const (
	mostBoxed = 32   // in one allocation, which any of them keeps alive
	longText  = 1024 // is boxed separately, so that no neighbour keeps it alive
)

type interfaceWords struct {
	typ, value unsafe.Pointer
}

// boxed makes an interface of the value that is at p; like is any value of its type.
func boxed(like any, p unsafe.Pointer) any {
	(*interfaceWords)(unsafe.Pointer(&like)).value = p
	return like
}

func room(left int) int { return min(max(left, 1), mostBoxed) }

// boxInt boxes one of left values that are still to come.
func (b *boxes) boxInt(v int64, left int) any {
	if uint64(v) < 256 || left <= 1 && len(b.ints) == cap(b.ints) {
		return v // Go keeps boxes for small integers
	}
	if len(b.ints) == cap(b.ints) {
		b.ints = make([]int64, 0, room(left))
	}
	b.ints = append(b.ints, v)
	return boxed(int64(0), unsafe.Pointer(&b.ints[len(b.ints)-1]))
}

func (b *boxes) boxFloat(v float64, left int) any {
	if left <= 1 && len(b.floats) == cap(b.floats) {
		return v
	}
	if len(b.floats) == cap(b.floats) {
		b.floats = make([]float64, 0, room(left))
	}
	b.floats = append(b.floats, v)
	return boxed(float64(0), unsafe.Pointer(&b.floats[len(b.floats)-1]))
}

func (b *boxes) boxString(v string, left int) any {
	if v == "" || len(v) > longText || left <= 1 && len(b.strings) == cap(b.strings) {
		return v
	}
	if len(b.strings) == cap(b.strings) {
		b.strings = make([]string, 0, room(left))
	}
	b.strings = append(b.strings, v)
	return boxed("", unsafe.Pointer(&b.strings[len(b.strings)-1]))
}
