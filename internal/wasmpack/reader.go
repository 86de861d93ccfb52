package main

import "encoding/binary"

// Instructions of a data segment's offset (WebAssembly core specification, 5.4).
const (
	opI32Const = 0x41
	opEnd      = 0x0B
)

// reader reads a module's parts. Once failed, it gives zeros.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) byte() byte {
	if b := r.readN(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) readN(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.failed, r.rest = true, nil
		return nil
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

// number reads an unsigned LEB128 number.
func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// signed reads a signed LEB128 number.
func (r *reader) signed() int64 {
	var n int64
	for shift := 0; shift < 64; shift += 7 {
		b := r.byte()
		n |= int64(b&0x7F) << shift
		if b&0x80 == 0 {
			if b&0x40 != 0 && shift+7 < 64 {
				n |= -1 << (shift + 7)
			}
			return n
		}
	}
	r.failed = true
	return 0
}

func appendSigned(b []byte, n int64) []byte {
	for {
		low := byte(n & 0x7F)
		n >>= 7
		if n == 0 && low&0x40 == 0 || n == -1 && low&0x40 != 0 {
			return append(b, low)
		}
		b = append(b, low|0x80)
	}
}

// segment reads an active data segment of memory 0 at a constant offset.
func (r *reader) segment() (offset uint64, data []byte, ok bool) {
	flags, op := r.byte(), r.byte()
	at := r.signed()
	end := r.byte()
	data = r.readN(r.number())
	// The offset is a 32-bit number without a sign, written as one with.
	return uint64(uint32(at)), data, !r.failed && flags == 0 && op == opI32Const && end == opEnd
}
