package packstream

// Skip passes over the next value. It does not recurse, so that depth is no matter.
func (r *Reader) Skip() error {
	for owed := 1; owed > 0; owed-- { // so many values are still to come
		n, err := r.skipOne()
		if err != nil {
			return err
		}
		if owed += n; owed-1 > r.Len() { // each takes a byte at least
			return r.fail(ErrTruncated)
		}
	}
	return nil
}

// skipOne passes over a value without what lies in it, and tells how many values those are.
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

// Raw reads the next value as it is, without copying it. Whether its maps have keys that are strings is not looked at.
func (r *Reader) Raw() (Raw, error) {
	start := r.at
	if err := r.Skip(); err != nil {
		return nil, err
	}
	return Raw(r.data[start:r.at:r.at]), nil
}
