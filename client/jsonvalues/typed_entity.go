package jsonvalues

import (
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// Nodes and relationships as the server writes them: members in this order, no white space. Each of these methods
// reports whether it found this form, before it reads properties; if not, the caller goes back and looks the members up
// by name.

var (
	nodeHead         = headOf(`{"$type":"Node","_value":`)
	relationshipHead = headOf(`{"$type":"Relationship","_value":`)
	entityHead       = headOf(`{"_element_id":"`)
	afterID          = headOf(`","_labels":[`)
	afterLabels      = headOf(`],"_properties":`)
	beforeStart      = headOf(`","_start_node_element_id":"`)
	beforeEnd        = headOf(`","_end_node_element_id":"`)
	beforeType       = headOf(`","_type":"`)
	afterType        = headOf(`","_properties":`)
)

// between returns the place after the ordinary text from at on, if then follows it; else -1.
func between(in []byte, at int, then *head) (end int) {
	end = ordinaryUntil(in, at)
	if !then.at(in, end) {
		return -1
	}
	return end
}

func (c *cursor) orderedNode() (bool, error) {
	in := c.in
	if !entityHead.at(in, c.at) {
		return false, nil
	}
	id := c.at + entityHead.size
	end := between(in, id, &afterID)
	if end < 0 {
		return false, nil
	}
	at := end + afterID.size
	out := packstream.AppendNull(packstream.AppendStructHeader(c.out, wire.StructNode, 4))
	start, n := len(out), 0
	out = append(out, 0)
	for at < len(in) && in[at] == '"' {
		close := ordinaryUntil(in, at+1)
		if close+1 >= len(in) || in[close] != '"' {
			return false, nil
		}
		out = appendText(out, in[at+1:close])
		n++
		if at = close + 1; in[at] == ',' {
			at++
		}
	}
	if !afterLabels.at(in, at) {
		return false, nil
	}
	c.out = out
	c.closeList(start, n)
	return c.orderedEnd(at+afterLabels.size, in[id:end])
}

// orderedEnd writes the properties at the given place, and ids after them.
func (c *cursor) orderedEnd(at int, ids ...[]byte) (bool, error) {
	c.at = at
	if err := c.typedProperties(); err != nil {
		return false, err
	}
	for _, id := range ids {
		c.out = appendText(c.out, id)
	}
	return true, c.restOfMembers()
}

func (c *cursor) orderedRelationship() (bool, error) {
	in := c.in
	if !entityHead.at(in, c.at) {
		return false, nil
	}
	id := c.at + entityHead.size
	idEnd := between(in, id, &beforeStart)
	if idEnd < 0 {
		return false, nil
	}
	from := idEnd + beforeStart.size
	fromEnd := between(in, from, &beforeEnd)
	if fromEnd < 0 {
		return false, nil
	}
	to := fromEnd + beforeEnd.size
	toEnd := between(in, to, &beforeType)
	if toEnd < 0 {
		return false, nil
	}
	name := toEnd + beforeType.size
	nameEnd := between(in, name, &afterType)
	if nameEnd < 0 {
		return false, nil
	}
	out := packstream.AppendStructHeader(c.out, wire.StructRelationship, 8)
	for range 3 {
		out = packstream.AppendNull(out)
	}
	c.out = appendText(out, in[name:nameEnd])
	return c.orderedEnd(nameEnd+afterType.size, in[id:idEnd], in[from:fromEnd], in[to:toEnd])
}
