package mapping

import (
	"reflect"
	"strconv"
	"unsafe"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// structure is the beginning of a structure.
type structure struct {
	tag    byte
	fields int
	before int // how many fields of a node or relationship come before its properties; -1 for other structures
}

func (c *cursor) structure() (s structure, err error) {
	s.before = -1
	if s.tag, s.fields, err = c.StructHeader(); err != nil {
		return s, err
	}
	switch {
	case s.tag == wire.StructNode && (s.fields == 3 || s.fields == 4),
		s.tag == wire.StructUnboundRelationship && (s.fields == 3 || s.fields == 4):
		s.before = 2
	case s.tag == wire.StructRelationship && (s.fields == 5 || s.fields == 8):
		s.before = 4
	}
	return s, nil
}

// decode reads a map, node, relationship or path into the struct at p.
func (e *entity) decode(c *cursor, p unsafe.Pointer) error {
	switch c.Kind() {
	case packstream.KindMap:
		return e.entries(c, p)
	case packstream.KindStruct:
	default:
		return c.mismatch("a map, node or relationship for " + e.typ.String())
	}
	s, err := c.structure()
	switch {
	case err != nil:
		return err
	case s.tag == wire.StructNode && s.before > 0:
		return e.node(c, p, s)
	case s.before > 0:
		return e.relationship(c, p, s)
	case s.tag == wire.StructPath && s.fields == 3 && e.walk != nil:
		return e.walk.decode(c, p)
	case s.tag == wire.StructPath:
		return misfit("it is a path, and " + e.typ.String() +
			` has no fields with the tags neo4j:",nodes" and neo4j:",relationships"`)
	}
	return misfit("it is a structure that " + e.typ.String() + " has no fields for")
}

// entries reads the entries of a map. Those without a field are skipped.
func (e *entity) entries(c *cursor, p unsafe.Pointer) error {
	if c.Kind() != packstream.KindMap {
		return c.mismatch("a map")
	}
	n, err := c.MapHeader()
	if err == nil {
		err = c.deeper()
	}
	if err != nil {
		return err
	}
	for i := range n {
		key, err := c.StringBytes()
		if err != nil {
			return err
		}
		found := e.slotOf(i, key)
		if found < 0 {
			if err := c.Skip(); err != nil {
				return err
			}
			continue
		}
		s := &e.slots[found]
		if err := s.decode(c, unsafe.Add(p, s.offset)); err != nil {
			return within(e.name(s), err)
		}
	}
	c.shallower()
	return nil
}

// name is how errors name a field.
func (e *entity) name(s *slot) string {
	if e.typ.Name() == "" {
		return s.name
	}
	return e.typ.Name() + "." + s.name
}

// part reads a part of a node or relationship into the field with its role, or skips it if there is none.
func (e *entity) part(r role, c *cursor, p unsafe.Pointer) error {
	s := e.roles[r]
	if s == nil {
		return c.Skip()
	}
	if err := s.decode(c, unsafe.Add(p, s.offset)); err != nil {
		return within(e.name(s), err)
	}
	return nil
}

func (e *entity) node(c *cursor, p unsafe.Pointer, s structure) error {
	number, err := c.number()
	if err != nil {
		return err
	}
	if err := e.part(roleLabels, c, p); err != nil {
		return err
	}
	if err := e.entries(c, p); err != nil {
		return err
	}
	return e.id(roleElementID, c, p, s.fields == 4, number)
}

func (e *entity) relationship(c *cursor, p unsafe.Pointer, s structure) error {
	var numbers [3]int64
	for i := range s.before - 1 {
		var err error
		if numbers[i], err = c.number(); err != nil {
			return err
		}
	}
	if err := e.part(roleType, c, p); err != nil {
		return err
	}
	if err := e.entries(c, p); err != nil {
		return err
	}
	sent := s.fields == 8 || s.tag == wire.StructUnboundRelationship && s.fields == 4
	if err := e.id(roleElementID, c, p, sent, numbers[0]); err != nil || s.before == 2 {
		return err
	}
	if err := e.id(roleStart, c, p, sent, numbers[1]); err != nil {
		return err
	}
	return e.id(roleEnd, c, p, sent, numbers[2])
}

// number reads a numeric id; it is -1 if the server sends none.
func (c *cursor) number() (int64, error) {
	if c.Kind() == packstream.KindNull {
		return -1, c.Null()
	}
	return c.Int()
}

// id reads an element id, if one was sent: before Bolt 5 the decimal form of the numeric id takes its place.
func (e *entity) id(r role, c *cursor, p unsafe.Pointer, sent bool, number int64) (err error) {
	s := e.roles[r]
	collect := r == roleElementID && c.collecting
	switch {
	case s == nil && !collect && sent:
		return c.Skip()
	case s == nil && !collect:
		return nil
	}
	text := ""
	if !sent {
		text = strconv.FormatInt(number, 10)
	} else if text, err = c.string(); err != nil {
		return err
	}
	if collect {
		c.collected = append(c.collected, text)
	}
	if s != nil {
		*(*string)(unsafe.Add(p, s.offset)) = text
	}
	return nil
}

// at returns a field of the struct at p.
func (s *slot) at(p unsafe.Pointer) reflect.Value {
	return reflect.NewAt(s.typ, unsafe.Add(p, s.offset)).Elem()
}
