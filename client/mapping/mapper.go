package mapping

import (
	"reflect"
	"strconv"
	"unsafe"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// Mapper reads the records of one result into values of type T. Only one goroutine at a time may use it.
type Mapper[T any] struct {
	cursor
	columns []column
	target  target
	typ     reflect.Type // of the struct or map that a record becomes
}

// column is a field of the record.
type column struct {
	name   string
	into   string // the struct's field, for errors
	offset uintptr
	decode decode // nil for a field that is not read
}

// target is the form of T.
type target int

const (
	targetValue   target = iota // T is the value of the only field
	targetStruct                // T's fields are those of the record
	targetPointer               // the same, and T is a pointer
	targetMap                   // T's entries are those of the record
)

// New makes a Mapper for records with these fields. It returns a [*client.ArgumentError] if they cannot be read into a
// T.
func New[T any](fields []string) (*Mapper[T], error) {
	m := &Mapper[T]{}
	b := &builder{entities: map[reflect.Type]*entity{}}
	t := reflect.TypeFor[T]()
	whole, err := b.decoder(t)
	if err != nil {
		return nil, wrongType(err)
	}
	switch e, pointer := b.structOf(t); {
	case e != nil && !(len(fields) == 1 && (e.roled || e.find(fields[0]) < 0)):
		m.target, m.typ = targetStruct, e.typ
		if pointer {
			m.target = targetPointer
		}
		return m, m.bindStruct(e, fields)
	case t.Kind() == reflect.Map:
		m.target, m.typ = targetMap, t
		elem, err := b.decoder(t.Elem())
		for _, field := range fields {
			m.columns = append(m.columns, column{name: field, into: field, decode: elem})
		}
		return m, err
	case len(fields) != 1:
		return nil, wrongType(misfit(t.String() + " takes records of one field, and these have " +
			strconv.Itoa(len(fields))))
	}
	m.columns = []column{{name: fields[0], into: fields[0], decode: whole}}
	return m, nil
}

// structOf returns the plan of a struct or pointer to one, if records can be read into its fields.
func (b *builder) structOf(t reflect.Type) (e *entity, pointer bool) {
	if t.Kind() == reflect.Pointer {
		t, pointer = t.Elem(), true
	}
	return b.entities[t], pointer
}

// bindStruct finds the record's field for each field of the struct, and refuses a struct with fields that the record
// does not have.
func (m *Mapper[T]) bindStruct(e *entity, fields []string) error {
	filled := make([]bool, len(e.slots))
	for _, field := range fields {
		c := column{name: field}
		if i := e.find(field); i >= 0 && !filled[i] {
			s := &e.slots[i]
			c.decode, c.offset, c.into, filled[i] = s.decode, s.offset, e.name(s), true
		}
		m.columns = append(m.columns, c)
	}
	for i, known := range filled {
		if !known {
			return wrongType(misfit("no field of the record goes into " + e.name(&e.slots[i]) +
				`; return one of that name, or leave it out with the tag neo4j:"-"`))
		}
	}
	return nil
}

// Read reads a record, which is a PackStream list, into the zero value at into. The error is an [*Error] for a value
// that does not fit, and a [*client.ProtocolError] for malformed bytes. Texts of 64 KiB and more are not copied, so
// record must not change afterwards.
func (m *Mapper[T]) Read(record []byte, into *T) error {
	m.Reader, m.depth, m.collected, m.collecting = packstream.NewReader(record), 0, m.collected[:0], false
	n, err := m.ListHeader()
	if err != nil {
		return outermost(err)
	}
	if n != len(m.columns) {
		return &client.ProtocolError{
			Message: "the server sent a record with another number of values than there are fields"}
	}
	switch m.target {
	case targetMap:
		return outermost(m.readMap(reflect.ValueOf(into).Elem()))
	case targetPointer:
		made := reflect.New(m.typ)
		if err := m.readColumns(made.UnsafePointer()); err != nil {
			return outermost(err)
		}
		*(*unsafe.Pointer)(unsafe.Pointer(into)) = made.UnsafePointer()
		return nil
	}
	return outermost(m.readColumns(unsafe.Pointer(into)))
}

func (m *Mapper[T]) readColumns(p unsafe.Pointer) error {
	for i := range m.columns {
		c := &m.columns[i]
		if c.decode == nil {
			if err := m.Skip(); err != nil {
				return err
			}
			continue
		}
		if err := c.decode(&m.cursor, unsafe.Add(p, c.offset)); err != nil {
			return within(c.into, err)
		}
	}
	return nil
}

func (m *Mapper[T]) readMap(into reflect.Value) error {
	entries := reflect.MakeMapWithSize(m.typ, len(m.columns))
	for i := range m.columns {
		c := &m.columns[i]
		value := reflect.New(m.typ.Elem())
		if err := c.decode(&m.cursor, value.UnsafePointer()); err != nil {
			return within(c.name, err)
		}
		entries.SetMapIndex(reflect.ValueOf(c.name).Convert(m.typ.Key()), value.Elem())
	}
	into.Set(entries)
	return nil
}
