package server

import "sync"

const (
	smallSize  = 2 << 10   // what an idle connection keeps
	middleSize = 32 << 10  // for what a page sends
	largeSize  = 256 << 10 // for results that come fast; also the largest frame to a page
)

// buffers is a pool of buffers of one size.
type buffers struct{ pool sync.Pool }

// buffer is one of a pool.
type buffer struct {
	bytes []byte
	from  *buffers
}

var small, middle, large = newBuffers(smallSize), newBuffers(middleSize), newBuffers(largeSize)

func newBuffers(size int) *buffers {
	b := &buffers{}
	b.pool.New = func() any { return &buffer{bytes: make([]byte, size), from: b} }
	return b
}

func (b *buffers) get() *buffer { return b.pool.Get().(*buffer) }

func (b *buffer) free() { b.from.pool.Put(b) }

// after is the buffer for the next read after this one read n bytes: a larger one while much data comes, else a small
// one.
func (b *buffer) after(n int) *buffer {
	next := b.from
	switch {
	case n == smallSize && b.from == small:
		next = large
	case n < smallSize && b.from == large:
		next = small
	}
	if next == b.from {
		return b
	}
	b.free()
	return next.get()
}
