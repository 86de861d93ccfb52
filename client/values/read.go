package values

import (
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client/packstream"
)

// Read reads the next value. The error is a *packstream.Error; after it the reader's position is undefined.
func Read(r *packstream.Reader) (any, error) {
	h := hydrator{Reader: *r, window: smallWindow}
	v, err := h.value(0)
	*r = h.Reader
	return v, err
}

// ReadList reads a list, such as a record, into dst[:0], or into a new slice if that is too small. The error is a
// *packstream.Error; after it the contents of dst and the reader's position are undefined.
//
// Values of a list share memory to save allocations, never more than a few kilobytes: a kept value can keep its
// neighbours in memory. Texts of 64 KiB and more are not copied, so the reader's data must not change afterwards.
func ReadList(r *packstream.Reader, dst []any) ([]any, error) {
	h := hydrator{Reader: *r, window: largeWindow, shared: true}
	list, err := h.readList(dst)
	*r = h.Reader
	return list, err
}

func (h *hydrator) readList(dst []any) ([]any, error) {
	n, err := h.ListHeader()
	if err != nil {
		return nil, err
	}
	if cap(dst) < n {
		dst = make([]any, n)
	}
	dst = dst[:n]
	return dst, h.fill(dst, 0)
}

// hydrator reads nested values. It counts the bytes that the enclosing lists, maps and structures still need, so that
// every allocation for announced values is covered by bytes of its own: nested announcements cannot claim the same
// bytes twice.
type hydrator struct {
	packstream.Reader
	owed int // minimum number of bytes for the values still to come
	left int // values still to come in the innermost list, as a hint for boxes

	text   string // a copy of some of the data,
	textAt int    // from here,
	window int    // and how long the next will be
	shared bool   // whether long texts may share the data

	boxes
}

func (h *hydrator) claim(bytes int) error {
	if h.Len()-h.owed < bytes {
		return h.malformed(packstream.ErrTruncated)
	}
	h.owed += bytes
	return nil
}

func (h *hydrator) malformed(err error) error {
	return &packstream.Error{Offset: h.Offset(), Err: err}
}

// value reads a value that is nested depth levels deep.
func (h *hydrator) value(depth int) (any, error) {
	switch h.Kind() {
	case packstream.KindInt:
		v, err := h.Int()
		if err != nil {
			return nil, err
		}
		return h.boxInt(v, h.left), nil
	case packstream.KindString:
		v, err := h.string()
		if err != nil {
			return nil, err
		}
		return h.boxString(v, h.left), nil
	case packstream.KindFloat:
		v, err := h.Float()
		if err != nil {
			return nil, err
		}
		return h.boxFloat(v, h.left), nil
	case packstream.KindNull:
		return nil, h.Null()
	case packstream.KindBool:
		v, err := h.Bool()
		return v, err
	case packstream.KindBytes:
		b, err := h.Bytes()
		if err != nil {
			return nil, err
		}
		return append(make([]byte, 0, len(b)), b...), nil
	case packstream.KindUUID:
		v, err := h.UUID()
		return orNil(v, err)
	case packstream.KindList, packstream.KindMap, packstream.KindStruct:
		if depth >= packstream.MaxDepth {
			return nil, h.malformed(packstream.ErrDepth)
		}
		return h.composite(depth)
	}
	return nil, h.Skip() // an unknown marker, or the end: the error of Skip says which
}

// orNil returns nil instead of a value that could not be read.
func orNil[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (h *hydrator) composite(depth int) (any, error) {
	switch h.Kind() {
	case packstream.KindList:
		n, err := h.ListHeader()
		if err != nil {
			return nil, err
		}
		return orNil(h.items(n, depth))
	case packstream.KindMap:
		return orNil(h.properties(depth))
	}
	return h.structure(depth)
}

func (h *hydrator) items(n, depth int) ([]any, error) {
	if h.Len()-h.owed < n {
		return nil, h.malformed(packstream.ErrTruncated)
	}
	list := make([]any, n)
	if err := h.fill(list, depth); err != nil {
		return nil, err
	}
	return list, nil
}

// fill reads a value for each element of list.
func (h *hydrator) fill(list []any, depth int) error {
	if err := h.claim(len(list)); err != nil {
		return err
	}
	for i := range list {
		h.owed--
		h.left = len(list) - i
		var err error
		if list[i], err = h.value(depth + 1); err != nil {
			return err
		}
	}
	return nil
}

// mapHint limits the allocation for a map before its keys are known to differ.
const mapHint = 1024

func (h *hydrator) properties(depth int) (map[string]any, error) {
	n, err := h.MapHeader()
	if err != nil {
		return nil, err
	}
	if err := h.claim(2 * n); err != nil {
		return nil, err
	}
	m := make(map[string]any, min(n, mapHint))
	for i := range n {
		h.owed -= 2
		key, err := h.string()
		if err != nil {
			return nil, err
		}
		h.left = (n - i + 1) / 2 // the others are mostly of other types
		if m[key], err = h.value(depth + 1); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (h *hydrator) point2D() (p dbtype.Point2D, err error) {
	if p.SpatialRefId, err = h.srid(); err == nil {
		if p.X, err = h.Float(); err == nil {
			p.Y, err = h.Float()
		}
	}
	return p, err
}

func (h *hydrator) point3D() (p dbtype.Point3D, err error) {
	if p.SpatialRefId, err = h.srid(); err == nil {
		if p.X, err = h.Float(); err == nil {
			if p.Y, err = h.Float(); err == nil {
				p.Z, err = h.Float()
			}
		}
	}
	return p, err
}

func (h *hydrator) srid() (uint32, error) {
	v, err := h.bounded(0, 1<<32-1)
	return uint32(v), err
}
