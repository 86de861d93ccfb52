package jsonvalues

import (
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// Nodes and relationships exactly as the server writes them, in few calls.

var (
	nodeHead         = headOf(`{"$type":"Node","_value":{"_element_id":"`)
	relationshipHead = headOf(`{"$type":"Relationship","_value":{"_element_id":"`)
	afterID          = headOf(`","_labels":[`)
	afterLabels      = headOf(`],"_properties":`)
	beforeStart      = headOf(`","_start_node_element_id":"`)
	beforeEnd        = headOf(`","_end_node_element_id":"`)
	beforeType       = headOf(`","_type":"`)
	afterType        = headOf(`","_properties":`)
)

// simpleEntity writes the node or relationship at the cursor and reports whether it did; if not, it leaves the cursor where it is.
func (c *cursor) simpleEntity() (bool, error) {
	start, mark := c.at, len(c.out)
	if len(c.in)-start < 64 {
		return false, nil
	}
	var done bool
	var err error
	switch c.in[start+10] {
	case 'N':
		done, err = c.simpleNode()
	case 'R':
		done, err = c.simpleRelationship()
	}
	if !done && err == nil {
		c.at, c.out = start, c.out[:mark]
	}
	return done, err
}

// between gives the place behind the ordinary text from at on, if then follows it; else -1.
func between(in []byte, at int, then *head) (end int) {
	end = ordinaryUntil(in, at)
	if !then.at(in, end) {
		return -1
	}
	return end
}

func (c *cursor) simpleNode() (bool, error) {
	in := c.in
	if !nodeHead.at(in, c.at) {
		return false, nil
	}
	id := c.at + nodeHead.size
	end := between(in, id, &afterID)
	if end < 0 {
		return false, nil
	}
	at := end + afterID.size
	out := packstream.AppendInt(packstream.AppendStructHeader(c.out, wire.StructNode, 4), noID)
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
	return c.simpleEnd(at+afterLabels.size, in[id:end])
}

// simpleEnd writes the properties at the given place, and ids after them.
func (c *cursor) simpleEnd(at int, ids ...[]byte) (bool, error) {
	c.at = at
	if err := c.typedProperties(); err != nil {
		return false, err
	}
	for _, id := range ids {
		c.out = appendText(c.out, id)
	}
	if at = c.at; at+1 >= len(c.in) || c.in[at] != '}' || c.in[at+1] != '}' {
		return false, nil
	}
	c.at += 2
	return true, nil
}

func (c *cursor) simpleRelationship() (bool, error) {
	in := c.in
	if !relationshipHead.at(in, c.at) {
		return false, nil
	}
	id := c.at + relationshipHead.size
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
		out = packstream.AppendInt(out, noID)
	}
	c.out = appendText(out, in[name:nameEnd])
	return c.simpleEnd(nameEnd+afterType.size, in[id:idEnd], in[from:fromEnd], in[to:toEnd])
}
