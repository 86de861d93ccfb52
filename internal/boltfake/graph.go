package boltfake

import (
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// Node returns a node of Bolt 5 as a value for records. It panics on properties that cannot be encoded.
func Node(id int64, elementID string, labels []any, properties map[string]any) packstream.Raw {
	return structureOf(wire.StructNode, id, labels, properties, elementID)
}

// Relationship returns a relationship of Bolt 5 between nodes of these element ids.
func Relationship(id int64, elementID, name, start, end string, properties map[string]any) packstream.Raw {
	return structureOf(wire.StructRelationship, id, 0, 0, name, properties, elementID, start, end)
}

// Unbound returns a relationship of Bolt 5 for a path.
func Unbound(id int64, elementID, name string, properties map[string]any) packstream.Raw {
	return structureOf(wire.StructUnboundRelationship, id, name, properties, elementID)
}

// Path returns a path: distinct nodes, distinct unbound relationships, and the walk over them (Bolt, "Path").
func Path(nodes, relationships []any, walk ...any) packstream.Raw {
	return structureOf(wire.StructPath, nodes, relationships, walk)
}

func structureOf(tag byte, fields ...any) packstream.Raw {
	b := packstream.AppendStructHeader(nil, tag, len(fields))
	for _, field := range fields {
		var err error
		if b, err = packstream.Append(b, field); err != nil {
			panic(err)
		}
	}
	return b
}
