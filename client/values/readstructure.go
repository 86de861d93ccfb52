package values

import (
	"strconv"

	"github.com/webbolt/webbolt/client/wire"
)

// structure reads a structure. If its tag is unknown, or has another number of fields, it is [Unknown].
func (h *hydrator) structure(depth int) (any, error) {
	tag, n, err := h.StructHeader()
	if err != nil {
		return nil, err
	}
	switch {
	case tag == wire.StructNode && (n == 3 || n == 4):
		return orNil(h.node(n, depth))
	case tag == wire.StructRelationship && (n == 5 || n == 8):
		return orNil(h.relationship(n, depth))
	case tag == wire.StructUnboundRelationship && (n == 3 || n == 4):
		return orNil(h.unboundRelationship(n, depth))
	case tag == wire.StructPath && n == 3:
		return orNil(h.path(depth))
	case tag == wire.StructPoint2D && n == 3:
		return orNil(h.point2D())
	case tag == wire.StructPoint3D && n == 4:
		return orNil(h.point3D())
	case tag == wire.StructVector && n == 2:
		return orNil(h.vector())
	case tag == wire.StructUnsupported && n == 4:
		return orNil(h.unsupported(depth))
	}
	if v, known, err := h.temporal(tag, n); known {
		return orNil(v, err)
	}
	fields, err := h.items(n, depth)
	if err != nil {
		return nil, err
	}
	return Unknown{Tag: tag, Fields: fields}, nil
}

func (h *hydrator) unsupported(depth int) (u Unsupported, err error) {
	if u.Name, err = h.string(); err != nil {
		return u, err
	}
	major, err := h.Int()
	if err != nil {
		return u, err
	}
	minor, err := h.Int()
	if err != nil {
		return u, err
	}
	u.MinimumBolt = strconv.FormatInt(major, 10) + "." + strconv.FormatInt(minor, 10)
	extra, err := h.innerProperties(depth)
	if err != nil {
		return u, err
	}
	u.ExtraMessage, _ = extra["message"].(string)
	return u, nil
}
