package mapping

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/webbolt/webbolt/client"
)

// tagName is the key of struct tags: `neo4j:"name"` names a property or a field of a record, `neo4j:"-"` leaves the
// field out, and `neo4j:",elementid"` and the other roles take parts of a node, relationship or path.
const tagName = "neo4j"

// slot is a field of a struct that values are read into.
type slot struct {
	name   string // in Go, for errors
	offset uintptr
	decode decode
	typ    reflect.Type
}

// role is a part of a node, relationship or path that is no property.
type role int

const (
	roleElementID role = iota
	roleLabels
	roleType
	roleStart         // element id of the start node
	roleEnd           // element id of the end node
	roleNodes         // of a path
	roleRelationships // of a path
	roles
)

var roleNames = [roles]string{"elementid", "labels", "type", "start", "end", "nodes", "relationships"}

// roleTypes are the required types of fields with a role; the nodes and relationships of a path are slices of any type.
var roleTypes = [roles]reflect.Type{
	roleElementID: reflect.TypeFor[string](), roleLabels: reflect.TypeFor[[]string](),
	roleType:  reflect.TypeFor[string](),
	roleStart: reflect.TypeFor[string](), roleEnd: reflect.TypeFor[string](),
}

// entity is the plan of a struct type: which part of a map, node, relationship or path goes into which field.
type entity struct {
	typ     reflect.Type
	slots   []slot
	byName  map[string]int // exact names, of tags and of fields without
	folded  map[string]int // names of fields without a tag, in the form of fold
	roles   [roles]*slot
	roled   bool         // it has a role
	learned []learnedKey // keys of maps, in order of arrival
	walk    *walk        // of a path, if the struct has roles for it
}

// learnedKey is a key and the slot that it goes into, or -1.
type learnedKey struct {
	key  string
	slot int
}

// builder makes plans. Types may be recursive, so it keeps the plans that it has begun.
type builder struct {
	entities map[reflect.Type]*entity
}

// fold makes names equal that differ only in case and underscores.
func fold(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

func (b *builder) entity(t reflect.Type) (*entity, error) {
	if known := b.entities[t]; known != nil {
		return known, nil
	}
	e := &entity{typ: t, byName: map[string]int{}, folded: map[string]int{}}
	b.entities[t] = e
	if err := b.addFields(e, t, 0); err != nil {
		return nil, err
	}
	return e, b.prepareWalk(e)
}

// addFields adds the fields of t, which is in e's struct at base. Fields of embedded structs count as the struct's own.
func (b *builder) addFields(e *entity, t reflect.Type, base uintptr) error {
	for i := range t.NumField() {
		field := t.Field(i)
		tag, tagged := field.Tag.Lookup(tagName)
		if tag == "-" {
			continue
		}
		if field.Anonymous && !tagged && field.Type.Kind() == reflect.Struct && !ready[field.Type] {
			if err := b.addFields(e, field.Type, base+field.Offset); err != nil {
				return err
			}
			continue
		}
		if !field.IsExported() {
			if tagged {
				return misfit(e.typ.String() + "." + field.Name + " has a tag, but is not exported")
			}
			continue
		}
		if err := b.addField(e, field, tag, base); err != nil {
			return within(e.typ.String(), within(field.Name, err))
		}
	}
	return nil
}

func (b *builder) addField(e *entity, field reflect.StructField, tag string, base uintptr) error {
	name, roleName, hasRole := strings.Cut(tag, ",")
	s := slot{name: field.Name, offset: base + field.Offset, typ: field.Type}
	var err error
	if s.decode, err = b.decoder(field.Type); err != nil {
		return err
	}
	if hasRole {
		return e.addRole(s, name, roleName)
	}
	e.slots = append(e.slots, s)
	if name == "" {
		name = field.Name
		if _, twice := e.folded[fold(name)]; !twice {
			e.folded[fold(name)] = len(e.slots) - 1
		}
	}
	if _, twice := e.byName[name]; twice {
		return misfit("another field has the name " + strconv.Quote(name) + ", too")
	}
	e.byName[name] = len(e.slots) - 1
	return nil
}

func (e *entity) addRole(s slot, name, roleName string) error {
	r := role(slices.Index(roleNames[:], roleName))
	switch {
	case r < 0 || name != "":
		return misfit("the tag is not a name, nor one of ,elementid ,labels ,type ,start ,end ,nodes and " +
			",relationships")
	case e.roles[r] != nil:
		return misfit("another field has the tag ," + roleName + ", too")
	case roleTypes[r] != nil && s.typ.Kind() != roleTypes[r].Kind(),
		roleTypes[r] == nil && s.typ.Kind() != reflect.Slice,
		r == roleLabels && s.typ.Elem().Kind() != reflect.String:
		return misfit("a field with the tag ," + roleName + " cannot be a " + s.typ.String())
	}
	switch r {
	case roleType:
		s.decode = decodeName
	case roleLabels:
		s.decode = listDecoder(s.typ, decodeName)
	}
	e.roles[r], e.roled = &s, true
	return nil
}

// find returns the slot for a name, or -1.
func (e *entity) find(name string) int {
	if i, ok := e.byName[name]; ok {
		return i
	}
	if i, ok := e.folded[fold(name)]; ok {
		return i
	}
	return -1
}

// mostLearned limits how many keys are remembered.
const mostLearned = 128

// slotOf returns the slot for the i-th key of a map, or -1. Maps of one query mostly have the same keys in the same
// order.
func (e *entity) slotOf(i int, key []byte) int {
	if i < len(e.learned) && e.learned[i].key == string(key) {
		return e.learned[i].slot
	}
	found := learnedKey{key: string(key)}
	found.slot = e.find(found.key)
	switch {
	case i < len(e.learned):
		e.learned[i] = found
	case i == len(e.learned) && i < mostLearned:
		e.learned = append(e.learned, found)
	}
	return found.slot
}

// wrongType is the error for a type that no record can be read into.
func wrongType(err error) error {
	return &client.ArgumentError{Argument: "T", Message: err.Error(), Err: err}
}
