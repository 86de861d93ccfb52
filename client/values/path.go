package values

//lint:file-ignore SA1019 Numeric ids are part of what a server sends, and all that Bolt before 5.0 has.

import (
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// minimumEntity is the size of the smallest node or unbound relationship: a header and three fields.
const minimumEntity = 5

// path reads distinct nodes, distinct relationships, and the walk over them: pairs of a relationship, counted from 1
// and negative when it is walked against its direction, and a node, counted from 0. The walk begins at the first node.
func (h *hydrator) path(depth int) (p dbtype.Path, err error) {
	nodes, err := h.pathNodes(depth)
	if err != nil {
		return p, err
	}
	relationships, err := h.pathRelationships(depth)
	if err != nil {
		return p, err
	}
	indices, err := h.ListHeader()
	if err != nil {
		return p, err
	}
	if len(nodes) == 0 || indices%2 != 0 || h.Len()-h.owed < indices {
		return p, h.malformed(packstream.ErrRange)
	}
	if len(nodes) == indices/2+1 && len(relationships) == indices/2 && h.inOrder(indices/2) {
		p.Nodes, p.Relationships = nodes[:1], relationships[:0] // the walk appends to these in place
	} else {
		p.Nodes = append(make([]dbtype.Node, 0, indices/2+1), nodes[0])
		p.Relationships = make([]dbtype.Relationship, 0, indices/2)
	}
	at := nodes[0]
	for range indices / 2 {
		index, next, err := h.step(len(nodes), len(relationships))
		if err != nil {
			return p, err
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

// inOrder reports whether the next walk takes nodes and relationships in their listed order, each once. It reads
// nothing.
func (h *hydrator) inOrder(steps int) bool {
	r := h.Reader
	for i := range int64(steps) {
		relationship, err := r.Int()
		if err != nil || relationship != i+1 && relationship != -i-1 {
			return false
		}
		if node, err := r.Int(); err != nil || node != i+1 {
			return false
		}
	}
	return true
}

// step reads one pair of indices.
func (h *hydrator) step(nodes, relationships int) (relationship, node int64, err error) {
	start := h.Offset()
	if relationship, err = h.bounded(int64(-relationships), int64(relationships)); err != nil {
		return 0, 0, err
	}
	if relationship == 0 {
		return 0, 0, &packstream.Error{Offset: start, Err: packstream.ErrRange}
	}
	node, err = h.bounded(0, int64(nodes)-1)
	return relationship, node, err
}

func (h *hydrator) pathNodes(depth int) ([]dbtype.Node, error) {
	n, err := h.entities()
	if err != nil {
		return nil, err
	}
	nodes := make([]dbtype.Node, n)
	for i := range nodes {
		h.owed -= minimumEntity
		fields, err := h.entity(wire.StructNode)
		if err != nil {
			return nil, err
		}
		if nodes[i], err = h.node(fields, depth+2); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

func (h *hydrator) pathRelationships(depth int) ([]dbtype.Relationship, error) {
	n, err := h.entities()
	if err != nil {
		return nil, err
	}
	relationships := make([]dbtype.Relationship, n)
	for i := range relationships {
		h.owed -= minimumEntity
		fields, err := h.entity(wire.StructUnboundRelationship)
		if err != nil {
			return nil, err
		}
		if relationships[i], err = h.unboundRelationship(fields, depth+2); err != nil {
			return nil, err
		}
	}
	return relationships, nil
}

// entities begins a list of nodes or unbound relationships.
func (h *hydrator) entities() (int, error) {
	n, err := h.ListHeader()
	if err != nil {
		return 0, err
	}
	return n, h.claim(minimumEntity * n)
}

// entity begins one of them.
func (h *hydrator) entity(tag byte) (fields int, err error) {
	start := h.Offset()
	got, fields, err := h.StructHeader()
	if err == nil && (got != tag || fields != 3 && fields != 4) {
		err = &packstream.Error{Offset: start, Err: packstream.ErrKind}
	}
	return fields, err
}
