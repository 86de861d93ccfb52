package packstream

// String reads a text into a string of its own. What is not valid UTF-8 is replaced, see [Text].
func (r *Reader) String() (string, error) {
	b, err := r.StringBytes()
	return Text(string(b)), err
}

// SharedString reads a text like String, but does not copy one of at least [SharedText] bytes: the reader's data must
// not change afterwards.
func (r *Reader) SharedString() (string, error) {
	b, err := r.StringBytes()
	if len(b) >= SharedText {
		return View(b), err
	}
	return Text(string(b)), err
}

// StringBytes reads a text without copying it: the bytes are part of the reader's data, unchanged, valid UTF-8 or not.
func (r *Reader) StringBytes() ([]byte, error) {
	if r.Kind() != KindString {
		return nil, r.mismatch()
	}
	return r.sized(tinyString, markString8)
}

// Bytes reads a byte array without copying it: the bytes are part of the reader's data.
func (r *Reader) Bytes() ([]byte, error) {
	if r.Kind() != KindBytes {
		return nil, r.mismatch()
	}
	return r.sized(0, markBytes8)
}

// ListHeader reads the beginning of a list; n values follow.
func (r *Reader) ListHeader() (n int, err error) {
	if r.Kind() != KindList {
		return 0, r.mismatch()
	}
	return r.counted(tinyList, markList8, 1)
}

// MapHeader reads the beginning of a map; n pairs of a string and a value follow. A key may come twice; the last
// counts.
func (r *Reader) MapHeader() (n int, err error) {
	if r.Kind() != KindMap {
		return 0, r.mismatch()
	}
	return r.counted(tinyMap, markMap8, 2)
}

// StructHeader reads the beginning of a structure; n fields follow.
func (r *Reader) StructHeader() (tag byte, n int, err error) {
	if r.Kind() != KindStruct {
		return 0, 0, r.mismatch()
	}
	size, start, err := r.size(tinyStruct, markStruct8)
	if err != nil {
		return 0, 0, err
	}
	if len(r.data)-start < 1+size {
		return 0, 0, r.fail(ErrTruncated)
	}
	r.at = start + 1
	return r.data[start], size, nil
}

// size reads the size of the next value, which has the right kind, and where its content starts.
func (r *Reader) size(tiny, wide byte) (size, start int, err error) {
	b := r.data[r.at:]
	marker := b[0]
	switch {
	case marker&0xF0 == tiny:
		return int(marker & 0x0F), r.at + 1, nil
	case marker == wide && len(b) >= 2:
		return int(b[1]), r.at + 2, nil
	case marker == wide+1 && len(b) >= 3:
		return int(uint16BE(b[1:])), r.at + 3, nil
	case marker == wide+2 && len(b) >= 5:
		if n := uint32BE(b[1:]); uint64(n) <= uint64(len(b)) { // more cannot be right, and an int may have 32 bits only
			return int(n), r.at + 5, nil
		}
	}
	return 0, 0, r.fail(ErrTruncated)
}

func (r *Reader) sized(tiny, wide byte) ([]byte, error) {
	size, start, err := r.size(tiny, wide)
	if err != nil {
		return nil, err
	}
	if len(r.data)-start < size {
		return nil, r.fail(ErrTruncated)
	}
	r.at = start + size
	return r.data[start:r.at:r.at], nil
}

func (r *Reader) counted(tiny, wide byte, minimum int) (int, error) {
	size, start, err := r.size(tiny, wide)
	if err != nil {
		return 0, err
	}
	if (len(r.data)-start)/minimum < size {
		return 0, r.fail(ErrTruncated)
	}
	r.at = start
	return size, nil
}
