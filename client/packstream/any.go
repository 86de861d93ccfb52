package packstream

// Any reads the next value: nil, bool, int64, float64, string, []byte (a copy), [UUID], []any, map[string]any, or
// [Structure]. Of a key that comes twice in a map, the last counts. The fields of structures are not interpreted;
// package values does that.
func (r *Reader) Any() (any, error) {
	d := decoder{Reader: r}
	return d.any(0)
}

// mapHint limits the allocation for a map before its keys are known to differ.
const mapHint = 1024

// decoder reads nested values. It counts the bytes that the enclosing lists, maps and structures still need, so that
// every allocation for announced values is covered by bytes of its own: nested announcements cannot claim the same
// bytes twice.
type decoder struct {
	*Reader
	owed int // minimum number of bytes for the values still to come
}

func (d *decoder) claim(bytes int) error {
	if d.Len()-d.owed < bytes {
		return d.fail(ErrTruncated)
	}
	d.owed += bytes
	return nil
}

// any reads a value that is nested depth levels deep.
func (d *decoder) any(depth int) (any, error) {
	switch d.Kind() {
	case KindNull:
		return nil, d.Null()
	case KindBool:
		return d.Bool()
	case KindInt:
		return orNil(d.Int())
	case KindFloat:
		return orNil(d.Float())
	case KindString:
		return orNil(d.String())
	case KindBytes:
		b, err := d.Bytes()
		if err != nil {
			return nil, err
		}
		return append(make([]byte, 0, len(b)), b...), nil
	case KindUUID:
		return orNil(d.UUID())
	case KindList, KindMap, KindStruct:
		if depth >= MaxDepth {
			return nil, d.fail(ErrDepth)
		}
		return d.composite(depth)
	}
	return nil, d.mismatch()
}

func (d *decoder) composite(depth int) (any, error) {
	switch d.Kind() {
	case KindList:
		n, err := d.ListHeader()
		if err != nil {
			return nil, err
		}
		return orNil(d.items(n, depth))
	case KindMap:
		return orNil(d.entries(depth))
	}
	tag, n, err := d.StructHeader()
	if err != nil {
		return nil, err
	}
	fields, err := d.items(n, depth)
	if err != nil {
		return nil, err
	}
	return Structure{Tag: tag, Fields: fields}, nil
}

func (d *decoder) items(n, depth int) ([]any, error) {
	if err := d.claim(n); err != nil {
		return nil, err
	}
	list := make([]any, n)
	for i := range list {
		d.owed--
		var err error
		if list[i], err = d.any(depth + 1); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (d *decoder) entries(depth int) (map[string]any, error) {
	n, err := d.MapHeader()
	if err != nil {
		return nil, err
	}
	if err := d.claim(2 * n); err != nil {
		return nil, err
	}
	m := make(map[string]any, min(n, mapHint))
	for range n {
		d.owed -= 2
		key, err := d.String()
		if err != nil {
			return nil, err
		}
		if m[key], err = d.any(depth + 1); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// orNil returns nil instead of a value that could not be read.
func orNil[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}
