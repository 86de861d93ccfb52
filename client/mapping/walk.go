package mapping

import (
	"reflect"
	"unsafe"

	"github.com/webbolt/webbolt/client/packstream"
)

// walk reads a path: distinct nodes, distinct relationships, and pairs of a relationship, counted from 1 and negative
// when it is walked against its direction, and a node, counted from 0 (Bolt, "Path").
type walk struct {
	nodes, relationships     decode      // of the lists
	relSize                  uintptr     // of an element
	intoNodes, intoRels      *slot       // or nil
	unwanted                 sliceHeader // memory for the list without a field
	ends                     *entity     // of relationships, if they tell where they start and end
	relationshipsArePointers bool
	steps                    steps // of the path that was read last
}

// prepareWalk makes e's walk if its type has fields for the nodes or relationships of a path.
func (b *builder) prepareWalk(e *entity) (err error) {
	w := &walk{intoNodes: e.roles[roleNodes], intoRels: e.roles[roleRelationships]}
	if w.intoNodes == nil && w.intoRels == nil {
		return nil
	}
	if _, w.nodes, err = b.listFor(w.intoNodes); err != nil {
		return err
	}
	list, relationships, err := b.listFor(w.intoRels)
	if err != nil {
		return err
	}
	w.relationships = relationships
	elem := list.Elem()
	w.relSize = elem.Size()
	if elem.Kind() == reflect.Pointer {
		elem, w.relationshipsArePointers = elem.Elem(), true
	}
	if found := b.entities[elem]; found != nil && (found.roles[roleStart] != nil || found.roles[roleEnd] != nil) {
		w.ends = found
	}
	e.walk = w
	return nil
}

// listFor returns the type of a list of entities and its decoder. If the type has no field for the list, the list is
// not kept.
func (b *builder) listFor(s *slot) (reflect.Type, decode, error) {
	if s != nil {
		return s.typ, s.decode, nil
	}
	t := reflect.TypeFor[[]struct{}]()
	d, err := b.decoder(t)
	return t, d, err
}

func (w *walk) decode(c *cursor, p unsafe.Pointer) error {
	before, was := len(c.collected), c.collecting
	nodes, rels := w.place(w.intoNodes, p), w.place(w.intoRels, p)
	c.collecting = w.ends != nil
	err := w.nodes(c, unsafe.Pointer(nodes))
	c.collecting = was
	if err != nil {
		return within("nodes", err)
	}
	nodeCount := nodes.len
	if err := w.relationships(c, unsafe.Pointer(rels)); err != nil {
		return within("relationships", err)
	}
	s := &w.steps
	s.nodes, s.relationships = nodeCount, rels.len
	if err := s.read(c); err != nil {
		return err
	}
	if w.ends != nil {
		ids := c.collected[before:]
		c.collected = c.collected[:before]
		if err := w.setEnds(c, rels, s, ids); err != nil {
			return err
		}
	}
	if s.inOrder {
		return nil // the lists are the walk
	}
	if w.intoNodes != nil {
		list := w.intoNodes.at(p)
		list.Set(s.walkedNodes(list))
	}
	if w.intoRels != nil {
		list := w.intoRels.at(p)
		list.Set(s.walkedRelationships(list))
	}
	return nil
}

// place is where a list goes.
func (w *walk) place(s *slot, p unsafe.Pointer) *sliceHeader {
	if s == nil {
		return &w.unwanted
	}
	return (*sliceHeader)(unsafe.Add(p, s.offset))
}

// setEnds notes in each relationship where it starts and ends.
func (w *walk) setEnds(c *cursor, rels *sliceHeader, s *steps, ids []string) error {
	wrong := func() error { return &packstream.Error{Offset: c.Offset(), Err: packstream.ErrKind} }
	if len(ids) != s.nodes {
		return wrong() // the list held something else
	}
	at := 0
	for i := 0; i < len(s.indices); i += 2 {
		relationship, next := s.indices[i], s.indices[i+1]
		start, end := at, next
		if at = next; relationship < 0 {
			start, end, relationship = end, start, -relationship
		}
		p := unsafe.Add(rels.data, uintptr(relationship-1)*w.relSize)
		if w.relationshipsArePointers {
			if p = *(*unsafe.Pointer)(p); p == nil {
				return wrong()
			}
		}
		if into := w.ends.roles[roleStart]; into != nil {
			*(*string)(unsafe.Add(p, into.offset)) = ids[start]
		}
		if into := w.ends.roles[roleEnd]; into != nil {
			*(*string)(unsafe.Add(p, into.offset)) = ids[end]
		}
	}
	return nil
}

// steps are the pairs of a path.
type steps struct {
	nodes, relationships int // how many distinct ones there are
	indices              []int
	inOrder              bool // each node and relationship comes once, as it is listed
}

func (s *steps) read(c *cursor) error {
	start := c.Offset()
	wrong := func() error { return &packstream.Error{Offset: start, Err: packstream.ErrRange} }
	n, err := c.ListHeader()
	if err != nil {
		return err
	}
	if n%2 != 0 || s.nodes == 0 {
		return wrong()
	}
	s.indices = s.indices[:0]
	s.inOrder = s.nodes == n/2+1 && s.relationships == n/2
	for i := range n / 2 {
		relationship, err := c.Int()
		if err != nil {
			return err
		}
		node, err := c.Int()
		if err != nil {
			return err
		}
		limit := int64(s.relationships)
		if relationship == 0 || relationship > limit || relationship < -limit || node < 0 || node >= int64(s.nodes) {
			return wrong()
		}
		s.inOrder = s.inOrder && (relationship == int64(i+1) || relationship == -int64(i+1)) && node == int64(i+1)
		s.indices = append(s.indices, int(relationship), int(node))
	}
	return nil
}

func (s *steps) walkedNodes(list reflect.Value) reflect.Value {
	walked := reflect.MakeSlice(list.Type(), 0, len(s.indices)/2+1)
	walked = reflect.Append(walked, list.Index(0))
	for i := 1; i < len(s.indices); i += 2 {
		walked = reflect.Append(walked, list.Index(s.indices[i]))
	}
	return walked
}

func (s *steps) walkedRelationships(list reflect.Value) reflect.Value {
	walked := reflect.MakeSlice(list.Type(), 0, len(s.indices)/2)
	for i := 0; i < len(s.indices); i += 2 {
		walked = reflect.Append(walked, list.Index(max(s.indices[i], -s.indices[i])-1))
	}
	return walked
}
