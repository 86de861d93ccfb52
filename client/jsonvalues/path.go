package jsonvalues

import (
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// path is the state of reading a path. Bolt's Path lists each node and relationship once, and then indices; HTTP's path
// lists them in order, as often as they occur.
type path struct {
	parts   []part
	nodes   identities
	rels    identities
	indices []int64
}

// part is the place of an element of the path in the input.
type part struct{ start, end int }

// pathForm is how a wire form writes the elements of a path. Each method stands at the start of an element's value.
type pathForm interface {
	// value skips an element, and returns where its value starts and ends.
	value(c *cursor) (start, end int, err error)
	// nodeID reads a node's id as it is written.
	nodeID(c *cursor) ([]byte, error)
	// node writes a node.
	node(c *cursor) error
	// relationship writes an unbound relationship, and returns its id and that of the node it starts from.
	relationship(c *cursor) (id, from []byte, err error)
}

func (c *cursor) readPath(form pathForm) error {
	if err := c.byteIs('['); err != nil {
		return err
	}
	p := &c.path
	p.parts, p.indices = p.parts[:0], p.indices[:0]
	p.nodes.clear()
	p.rels.clear()
	for more := c.first(']'); more; {
		c.space()
		start, end, err := form.value(c)
		if err != nil {
			return err
		}
		p.parts = append(p.parts, part{start, end})
		if more, err = c.more(']'); err != nil {
			return err
		}
	}
	if len(p.parts)%2 == 0 {
		return &syntaxError{offset: c.at, wanted: "a path of nodes with relationships between them before"}
	}
	end := c.at
	c.out = packstream.AppendStructHeader(c.out, wire.StructPath, 3)
	if err := c.pathNodes(form); err != nil {
		return err
	}
	if err := c.pathRelationships(form); err != nil {
		return err
	}
	start := len(c.out)
	c.out = append(c.out, 0)
	for _, index := range p.indices {
		c.out = packstream.AppendInt(c.out, index)
	}
	c.closeList(start, len(p.indices))
	c.at = end
	return nil
}

// pathNodes writes the nodes, each once, and notes their order in the path.
func (c *cursor) pathNodes(form pathForm) error {
	p := &c.path
	start := len(c.out)
	c.out = append(c.out, 0)
	for i := 0; i < len(p.parts); i += 2 {
		c.at = p.parts[i].start
		id, err := form.nodeID(c)
		if err != nil {
			return err
		}
		index, isNew := p.nodes.index(id)
		if isNew {
			c.at = p.parts[i].start
			if err := form.node(c); err != nil {
				return err
			}
		}
		if i > 0 {
			p.indices = append(p.indices, 0, int64(index))
		}
	}
	c.closeList(start, p.nodes.count())
	return nil
}

// pathRelationships writes the relationships, each once, and notes their order and, by the sign, their direction.
func (c *cursor) pathRelationships(form pathForm) error {
	p := &c.path
	start := len(c.out)
	c.out = append(c.out, 0)
	var before int64
	for i := 1; i < len(p.parts); i += 2 {
		mark := len(c.out)
		c.at = p.parts[i].start
		id, from, err := form.relationship(c)
		if err != nil {
			return err
		}
		index, isNew := p.rels.index(id)
		if !isNew {
			c.out = c.out[:mark]
		}
		sign := int64(1)
		if string(from) != string(p.nodes.ids[before]) {
			sign = -1
		}
		p.indices[i-1] = sign * int64(index+1)
		before = p.indices[i]
	}
	c.closeList(start, p.rels.count())
	return nil
}

// identities numbers ids in the order in which they first occur. Paths are short, so comparing with each id is fastest;
// from manyIDs on it uses a map.
type identities struct {
	ids    [][]byte
	number map[string]int
}

const manyIDs = 16

func (n *identities) clear() { n.ids, n.number = n.ids[:0], nil }

func (n *identities) count() int { return len(n.ids) }

func (n *identities) index(id []byte) (index int, isNew bool) {
	if n.number != nil {
		if index, seen := n.number[string(id)]; seen {
			return index, false
		}
		n.number[string(id)] = len(n.ids)
	} else {
		for i, seen := range n.ids {
			if string(seen) == string(id) {
				return i, false
			}
		}
	}
	n.ids = append(n.ids, id)
	if n.number == nil && len(n.ids) > manyIDs {
		n.number = make(map[string]int, 2*manyIDs)
		for i, seen := range n.ids {
			n.number[string(seen)] = i
		}
	}
	return len(n.ids) - 1, true
}
