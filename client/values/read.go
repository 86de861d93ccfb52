package values

import (
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client/packstream"
)

// Read reads the next value.
func Read(r *packstream.Reader) (any, error) {
	h := hydrator{Reader: r}
	return h.value(0)
}

// ReadList reads a list, such as a record, into dst[:0].
func ReadList(r *packstream.Reader, dst []any) ([]any, error) {
	h := hydrator{Reader: r}
	n, err := r.ListHeader()
	if err != nil {
		return nil, err
	}
	dst = dst[:0]
	if cap(dst) < n {
		dst = make([]any, 0, n)
	}
	for range n {
		v, err := h.value(1)
		if err != nil {
			return nil, err
		}
		dst = append(dst, v)
	}
	return dst, nil
}

// hydrator reads values; the texts of a small message share one copy of it.
type hydrator struct {
	*packstream.Reader
	text string
}

// shareLimit is the largest message whose texts share a copy: holding on to one text of it then holds no more than this.
const shareLimit = 4096

func (h *hydrator) string() (string, error) {
	b, err := h.StringBytes()
	if err != nil || len(b) == 0 {
		return "", err
	}
	data := h.Data()
	if len(data) > shareLimit {
		return string(b), nil
	}
	if h.text == "" {
		h.text = string(data)
	}
	end := h.Offset()
	return h.text[end-len(b) : end], nil
}

func (h *hydrator) malformed(err error) error {
	return &packstream.Error{Offset: h.Offset(), Err: err}
}

func (h *hydrator) value(depth int) (any, error) {
	if depth > packstream.MaxDepth {
		return nil, h.malformed(packstream.ErrDepth)
	}
	switch h.Kind() {
	case packstream.KindInt:
		return boxed(h.Int())
	case packstream.KindString:
		return boxed(h.string())
	case packstream.KindFloat:
		return boxed(h.Float())
	case packstream.KindNull:
		return nil, h.Null()
	case packstream.KindBool:
		return boxed(h.Bool())
	case packstream.KindUUID:
		return boxed(h.UUID())
	case packstream.KindBytes:
		b, err := h.Bytes()
		return append([]byte{}, b...), err
	case packstream.KindList:
		return h.list(depth)
	case packstream.KindMap:
		return boxed(h.properties(depth))
	case packstream.KindStruct:
		return h.structure(depth)
	}
	return nil, h.Skip() // an unknown marker, or the end: Skip says which
}

// boxed keeps a value that failed to be read from being taken for one.
func boxed[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (h *hydrator) list(depth int) (any, error) {
	n, err := h.ListHeader()
	if err != nil {
		return nil, err
	}
	return boxed(h.items(n, depth))
}

func (h *hydrator) items(n, depth int) ([]any, error) {
	list := make([]any, n)
	for i := range list {
		var err error
		if list[i], err = h.value(depth + 1); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (h *hydrator) properties(depth int) (map[string]any, error) {
	n, err := h.MapHeader()
	if err != nil {
		return nil, err
	}
	m := make(map[string]any, n)
	for range n {
		key, err := h.string()
		if err != nil {
			return nil, err
		}
		if m[key], err = h.value(depth + 1); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (h *hydrator) structure(depth int) (any, error) {
	tag, n, err := h.StructHeader()
	if err != nil {
		return nil, err
	}
	switch {
	case tag == tagNode && (n == 3 || n == 4):
		return boxed(h.node(n, depth))
	case tag == tagRelationship && (n == 5 || n == 8):
		return boxed(h.relationship(n, depth))
	case tag == tagUnboundRelationship && (n == 3 || n == 4):
		return boxed(h.unboundRelationship(n, depth))
	case tag == tagPath && n == 3:
		return boxed(h.path(depth))
	case tag == tagPoint2D && n == 3:
		return boxed(h.point2D())
	case tag == tagPoint3D && n == 4:
		return boxed(h.point3D())
	case tag == tagVector && n == 2:
		return h.vector()
	case tag == tagUnsupported && n == 4:
		return boxed(h.unsupported())
	}
	if v, known, err := h.temporal(tag, n); known {
		return v, err
	}
	fields, err := h.items(n, depth)
	if err != nil {
		return nil, err
	}
	return Unknown{Tag: tag, Fields: fields}, nil
}

func (h *hydrator) point2D() (p dbtype.Point2D, err error) {
	if p.SpatialRefId, err = h.uint32(); err == nil {
		if p.X, err = h.Float(); err == nil {
			p.Y, err = h.Float()
		}
	}
	return p, err
}

func (h *hydrator) point3D() (p dbtype.Point3D, err error) {
	if p.SpatialRefId, err = h.uint32(); err == nil {
		if p.X, err = h.Float(); err == nil {
			if p.Y, err = h.Float(); err == nil {
				p.Z, err = h.Float()
			}
		}
	}
	return p, err
}

func (h *hydrator) uint32() (uint32, error) {
	v, err := h.Int()
	if err == nil && v != int64(uint32(v)) {
		err = h.malformed(packstream.ErrRange)
	}
	return uint32(v), err
}
