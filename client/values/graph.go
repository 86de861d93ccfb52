package values

import (
	"strconv"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client/packstream"
)

// Bolt before 5.0 has no element ids; the decimal of the numeric id takes their place.
func (h *hydrator) elementID(sent bool, id int64) (string, error) {
	if !sent {
		return strconv.FormatInt(id, 10), nil
	}
	return h.string()
}

func (h *hydrator) node(fields, depth int) (n dbtype.Node, err error) {
	if n.Id, err = h.id(); err != nil {
		return n, err
	}
	count, err := h.ListHeader()
	if err != nil {
		return n, err
	}
	n.Labels = make([]string, count)
	for i := range n.Labels {
		if n.Labels[i], err = h.string(); err != nil {
			return n, err
		}
	}
	if n.Props, err = h.properties(depth); err != nil {
		return n, err
	}
	n.ElementId, err = h.elementID(fields == 4, n.Id)
	return n, err
}

// id reads a numeric id; it is null where a server has none (then -1).
func (h *hydrator) id() (int64, error) {
	if h.Kind() == packstream.KindNull {
		return -1, h.Null()
	}
	return h.Int()
}

func (h *hydrator) relationship(fields, depth int) (r dbtype.Relationship, err error) {
	for _, id := range []*int64{&r.Id, &r.StartId, &r.EndId} {
		if *id, err = h.id(); err != nil {
			return r, err
		}
	}
	if r.Type, err = h.string(); err != nil {
		return r, err
	}
	if r.Props, err = h.properties(depth); err != nil {
		return r, err
	}
	if r.ElementId, err = h.elementID(fields == 8, r.Id); err != nil {
		return r, err
	}
	if r.StartElementId, err = h.elementID(fields == 8, r.StartId); err != nil {
		return r, err
	}
	r.EndElementId, err = h.elementID(fields == 8, r.EndId)
	return r, err
}

// unboundRelationship is a relationship of a path, whose ends the path tells.
func (h *hydrator) unboundRelationship(fields, depth int) (r dbtype.Relationship, err error) {
	if r.Id, err = h.id(); err != nil {
		return r, err
	}
	if r.Type, err = h.string(); err != nil {
		return r, err
	}
	if r.Props, err = h.properties(depth); err != nil {
		return r, err
	}
	r.ElementId, err = h.elementID(fields == 4, r.Id)
	return r, err
}

// path reads distinct nodes, distinct relationships, and the walk over them: pairs of a relationship, counted from 1 and negative
// when it is walked against its direction, and a node, counted from 0.
func (h *hydrator) path(depth int) (p dbtype.Path, err error) {
	nodes, err := structures(h, tagNode, depth, h.node)
	if err != nil {
		return p, err
	}
	relationships, err := structures(h, tagUnboundRelationship, depth, h.unboundRelationship)
	if err != nil {
		return p, err
	}
	steps, err := h.ListHeader()
	if err != nil {
		return p, err
	}
	if len(nodes) == 0 || steps%2 != 0 {
		return p, h.malformed(packstream.ErrRange)
	}
	p.Nodes = append(make([]dbtype.Node, 0, steps/2+1), nodes[0])
	p.Relationships = make([]dbtype.Relationship, 0, steps/2)
	at := nodes[0]
	for range steps / 2 {
		index, err := h.Int()
		if err != nil {
			return p, err
		}
		next, err := h.Int()
		if err != nil {
			return p, err
		}
		count := int64(len(relationships))
		if index == 0 || index > count || index < -count || next < 0 || next >= int64(len(nodes)) {
			return p, h.malformed(packstream.ErrRange)
		}
		start, end := at, nodes[next]
		if at = end; index < 0 {
			start, end, index = end, start, -index
		}
		r := relationships[index-1]
		r.StartId, r.StartElementId, r.EndId, r.EndElementId = start.Id, start.ElementId, end.Id, end.ElementId
		p.Relationships = append(p.Relationships, r)
		p.Nodes = append(p.Nodes, at)
	}
	return p, nil
}

// structures reads a list of structures of one tag.
func structures[T any](h *hydrator, tag byte, depth int, read func(fields, depth int) (T, error)) ([]T, error) {
	n, err := h.ListHeader()
	if err != nil {
		return nil, err
	}
	list := make([]T, n)
	for i := range list {
		got, fields, err := h.StructHeader()
		if err != nil {
			return nil, err
		}
		if got != tag || fields != 3 && fields != 4 {
			return nil, h.malformed(packstream.ErrKind)
		}
		if list[i], err = read(fields, depth+1); err != nil {
			return nil, err
		}
	}
	return list, nil
}
