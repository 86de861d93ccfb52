package packstream

// Skip skips the next value. It refuses values nested deeper than [MaxDepth].
func (r *Reader) Skip() error { return r.skip(0) }

// skip skips a value that is nested depth levels deep.
func (r *Reader) skip(depth int) error {
	n, err := r.skipOne()
	if n == 0 || err != nil {
		return err
	}
	if depth >= MaxDepth {
		return r.fail(ErrDepth)
	}
	for ; n > 0; n-- {
		if uint(r.at) < uint(len(r.data)) && int8(r.data[r.at]) >= -16 { // a small integer, the most frequent of all
			r.at++
			continue
		}
		if err := r.skip(depth + 1); err != nil {
			return err
		}
	}
	return nil
}

// skipOne skips a value without its contents, and returns the number of values in it.
func (r *Reader) skipOne() (n int, err error) {
	switch r.Kind() {
	case KindNull, KindBool:
		r.at++
	case KindInt:
		_, err = r.Int()
	case KindFloat:
		_, err = r.Float()
	case KindString:
		_, err = r.StringBytes()
	case KindBytes:
		_, err = r.Bytes()
	case KindList:
		n, err = r.ListHeader()
	case KindMap:
		n, err = r.MapHeader()
		n *= 2
	case KindStruct:
		_, n, err = r.StructHeader()
	case KindUUID:
		_, err = r.UUID()
	default:
		err = r.mismatch()
	}
	return n, err
}

// Raw reads the next value undecoded, without copying it. It does not check that the keys of maps are strings.
func (r *Reader) Raw() (Raw, error) {
	start := r.at
	if err := r.Skip(); err != nil {
		return nil, err
	}
	return Raw(r.data[start:r.at:r.at]), nil
}
