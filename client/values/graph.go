package values

//lint:file-ignore SA1019 Numeric ids are part of what a server sends, and all that Bolt before 5.0 has.

import (
	"strconv"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client/packstream"
)

// noID is the numeric id of an entity for which a server sends null: newer servers may have element ids only.
const noID = -1

// id reads a numeric id.
func (h *hydrator) id() (int64, error) {
	if h.Kind() == packstream.KindNull {
		return noID, h.Null()
	}
	return h.Int()
}

// elementID reads an element id. Bolt before 5.0 has none; it is then the numeric id in decimal.
func (h *hydrator) elementID(sent bool, id int64) (string, error) {
	if !sent {
		return strconv.FormatInt(id, 10), nil
	}
	return h.string()
}

// innerProperties reads the properties of an entity at depth: they are one level deeper than the entity.
func (h *hydrator) innerProperties(depth int) (map[string]any, error) {
	if depth+1 >= packstream.MaxDepth {
		return nil, h.malformed(packstream.ErrDepth)
	}
	return h.properties(depth + 1)
}

func (h *hydrator) node(fields, depth int) (n dbtype.Node, err error) {
	if n.Id, err = h.id(); err != nil {
		return n, err
	}
	if n.Labels, err = h.labels(); err != nil {
		return n, err
	}
	if n.Props, err = h.innerProperties(depth); err != nil {
		return n, err
	}
	n.ElementId, err = h.elementID(fields == 4, n.Id)
	return n, err
}

func (h *hydrator) labels() ([]string, error) {
	n, err := h.ListHeader()
	if err != nil {
		return nil, err
	}
	if h.Len()-h.owed < n {
		return nil, h.malformed(packstream.ErrTruncated)
	}
	labels := make([]string, n)
	for i := range labels {
		if labels[i], err = h.string(); err != nil {
			return nil, err
		}
	}
	return labels, nil
}

func (h *hydrator) relationship(fields, depth int) (r dbtype.Relationship, err error) {
	if r.Id, err = h.id(); err != nil {
		return r, err
	}
	if r.StartId, err = h.id(); err != nil {
		return r, err
	}
	if r.EndId, err = h.id(); err != nil {
		return r, err
	}
	if r.Type, err = h.string(); err != nil {
		return r, err
	}
	if r.Props, err = h.innerProperties(depth); err != nil {
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

// unboundRelationship is a relationship of a path, whose ends are in the path.
func (h *hydrator) unboundRelationship(fields, depth int) (r dbtype.Relationship, err error) {
	if r.Id, err = h.id(); err != nil {
		return r, err
	}
	if r.Type, err = h.string(); err != nil {
		return r, err
	}
	if r.Props, err = h.innerProperties(depth); err != nil {
		return r, err
	}
	r.ElementId, err = h.elementID(fields == 4, r.Id)
	return r, err
}
