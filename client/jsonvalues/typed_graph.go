package jsonvalues

import (
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// typedNode writes {"_element_id", "_labels", "_properties"} as a Node.
func (c *cursor) typedNode() error {
	start := c.at
	if ordered, err := c.orderedNode(); ordered || err != nil {
		return err
	}
	c.at = start
	c.out = packstream.AppendStructHeader(c.out, wire.StructNode, 4)
	c.out = packstream.AppendNull(c.out)
	var at [3]int
	if err := c.require("a node", nodeMembers, at[:]); err != nil {
		return err
	}
	end := c.at
	c.at = at[1]
	if err := c.list((*cursor).text); err != nil {
		return err
	}
	c.at = at[2]
	if err := c.typedProperties(); err != nil {
		return err
	}
	c.at = end
	return c.textAt(at[0])
}

// typedRelationship writes a Relationship.
func (c *cursor) typedRelationship() error {
	start := c.at
	if ordered, err := c.orderedRelationship(); ordered || err != nil {
		return err
	}
	c.at = start
	var at [5]int
	if err := c.require("a relationship", relMembers, at[:]); err != nil {
		return err
	}
	end := c.at
	c.out = packstream.AppendStructHeader(c.out, wire.StructRelationship, 8)
	c.out = packstream.AppendNull(c.out)
	c.out = packstream.AppendNull(c.out)
	c.out = packstream.AppendNull(c.out)
	if err := c.textAt(at[3]); err != nil {
		return err
	}
	c.at = at[4]
	if err := c.typedProperties(); err != nil {
		return err
	}
	c.at = end
	for _, place := range at[:3] {
		if err := c.textAt(place); err != nil {
			return err
		}
	}
	return nil
}

// typedPath writes a path, which is a list of nodes and relationships in typed JSON.
func (c *cursor) typedPath() error { return c.readPath(typedPathForm{}) }

type typedPathForm struct{}

func (typedPathForm) value(c *cursor) (start, end int, err error) {
	var at [2]int
	if err := c.require("a typed value", envelopeMembers, at[:]); err != nil {
		return 0, 0, err
	}
	return at[1], c.at, nil
}

func (typedPathForm) node(c *cursor) error { return c.typedNode() }

func (typedPathForm) nodeID(c *cursor) ([]byte, error) {
	var at [1]int
	if err := c.require("a node", nodeMembers[:1], at[:]); err != nil {
		return nil, err
	}
	c.at = at[0]
	return c.name()
}

func (typedPathForm) relationship(c *cursor) (id, from []byte, err error) {
	var at [5]int
	if err := c.require("a relationship", relMembers, at[:]); err != nil {
		return nil, nil, err
	}
	c.at = at[0]
	if id, err = c.name(); err != nil {
		return nil, nil, err
	}
	c.at = at[1]
	if from, err = c.name(); err != nil {
		return nil, nil, err
	}
	c.out = packstream.AppendStructHeader(c.out, wire.StructUnboundRelationship, 4)
	c.out = packstream.AppendNull(c.out)
	if err := c.textAt(at[3]); err != nil {
		return nil, nil, err
	}
	c.at = at[4]
	if err := c.typedProperties(); err != nil {
		return nil, nil, err
	}
	return id, from, c.textAt(at[0])
}
