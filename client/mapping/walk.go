package mapping

import (
	"reflect"
	"unsafe"

	"github.com/webbolt/webbolt/client/packstream"
)

// walk is how a path is read: distinct nodes, distinct relationships, and pairs of a relationship, counted from 1 and negative when
// it is walked against its direction, and a node, counted from 0 (Bolt, "Path").
type walk struct {
	nodes, relationships     decode // of the lists
	nodeList, relList        reflect.Type
	intoNodes, intoRels      *slot   // or nil
	ends                     *entity // of relationships, if they tell where they start and end
	relationshipsArePointers bool
}

// prepareWalk makes e's walk if its type has fields for the nodes or relationships of a path.
func (b *builder) prepareWalk(e *entity) (err error) {
	w := &walk{intoNodes: e.roles[roleNodes], intoRels: e.roles[roleRelationships]}
	if w.intoNodes == nil && w.intoRels == nil {
		return nil
	}
	if w.nodeList, w.nodes, err = b.listFor(w.intoNodes); err != nil {
		return err
	}
	if w.relList, w.relationships, err = b.listFor(w.intoRels); err != nil {
		return err
	}
	elem := w.relList.Elem()
	if elem.Kind() == reflect.Pointer {
		elem, w.relationshipsArePointers = elem.Elem(), true
	}
	if found := b.entities[elem]; found != nil && (found.roles[roleStart] != nil || found.roles[roleEnd] != nil) {
		w.ends = found
	}
	e.walk = w
	return nil
}

// listFor gives the type of a list of entities and its decoder. Where the type has no field for the list, nothing of it is kept.
func (b *builder) listFor(s *slot) (reflect.Type, decode, error) {
	if s != nil {
		return s.typ, s.decode, nil
	}
	t := reflect.TypeFor[[]struct{}]()
	d, err := b.decoder(t)
	return t, d, err
}

func (w *walk) decode(c *cursor, p unsafe.Pointer) error {
	collected := len(c.collected)
	defer func() { c.collected = c.collected[:collected] }()
	nodes, rels := reflect.New(w.nodeList), reflect.New(w.relList)
	was := c.collecting
	c.collecting = w.ends != nil
	err := w.nodes(c, nodes.UnsafePointer())
	c.collecting = was
	if err != nil {
		return within("nodes", err)
	}
	if err := w.relationships(c, rels.UnsafePointer()); err != nil {
		return within("relationships", err)
	}
	s := steps{nodes: nodes.Elem().Len(), relationships: rels.Elem().Len()}
	if err := s.read(c); err != nil {
		return err
	}
	if w.ends != nil {
		w.setEnds(rels.Elem(), s, c.collected[collected:])
	}
	if w.intoNodes != nil {
		w.intoNodes.at(p).Set(s.walkedNodes(nodes.Elem()))
	}
	if w.intoRels != nil {
		w.intoRels.at(p).Set(s.walkedRelationships(rels.Elem()))
	}
	return nil
}

// setEnds notes in each relationship where it starts and ends.
func (w *walk) setEnds(rels reflect.Value, s steps, ids []string) {
	at := 0
	for i := 0; i < len(s.indices); i += 2 {
		relationship, next := s.indices[i], s.indices[i+1]
		start, end := at, next
		if at = next; relationship < 0 {
			start, end, relationship = end, start, -relationship
		}
		item := rels.Index(relationship - 1)
		if w.relationshipsArePointers {
			item = item.Elem()
		}
		p := item.Addr().UnsafePointer()
		if into := w.ends.roles[roleStart]; into != nil {
			*(*string)(unsafe.Add(p, into.offset)) = ids[start]
		}
		if into := w.ends.roles[roleEnd]; into != nil {
			*(*string)(unsafe.Add(p, into.offset)) = ids[end]
		}
	}
}

// steps are the pairs of a path.
type steps struct {
	nodes, relationships int // how many distinct ones there are
	indices              []int
	inOrder              bool // each node and relationship comes once, as it is listed
	few                  [16]int
}

func (s *steps) read(c *cursor) error {
	start := c.Offset()
	wrong := &packstream.Error{Offset: start, Err: packstream.ErrRange}
	n, err := c.ListHeader()
	if err != nil {
		return err
	}
	if n%2 != 0 || s.nodes == 0 {
		return wrong
	}
	if s.indices = s.few[:0]; n > len(s.few) {
		s.indices = make([]int, 0, n)
	}
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
		most := int64(s.relationships)
		if relationship == 0 || relationship > most || relationship < -most || node < 0 || node >= int64(s.nodes) {
			return wrong
		}
		s.inOrder = s.inOrder && (relationship == int64(i+1) || relationship == -int64(i+1)) && node == int64(i+1)
		s.indices = append(s.indices, int(relationship), int(node))
	}
	return nil
}

func (s *steps) walkedNodes(list reflect.Value) reflect.Value {
	if s.inOrder {
		return list
	}
	walked := reflect.MakeSlice(list.Type(), 0, len(s.indices)/2+1)
	walked = reflect.Append(walked, list.Index(0))
	for i := 1; i < len(s.indices); i += 2 {
		walked = reflect.Append(walked, list.Index(s.indices[i]))
	}
	return walked
}

func (s *steps) walkedRelationships(list reflect.Value) reflect.Value {
	if s.inOrder {
		return list
	}
	walked := reflect.MakeSlice(list.Type(), 0, len(s.indices)/2)
	for i := 0; i < len(s.indices); i += 2 {
		walked = reflect.Append(walked, list.Index(max(s.indices[i], -s.indices[i])-1))
	}
	return walked
}
