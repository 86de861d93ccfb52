package main

// schema is the content of the protocol's Go types.
type schema struct {
	methods, callbacks []method
	structs            []*structType // what they need, the needed before those that need them
	enums              []*enumType
}

// method is a method or a callback: arguments are read in Go and result is written, or the other way round for a
// callback.
type method struct {
	goName, wireName, doc string
	arguments, result     *typeRef
}

type kind int

const (
	kindNone kind = iota
	kindFlag
	kindText
	kindInt   // int, int64, uint64
	kindFloat // float64
	kindSpan  // time.Duration
	kindTime  // time.Time
	kindAny   // any
	kindRaw   // packstream.Raw: a value that is read later
	kindValue // protocol.Value: a value that writes itself
	kindVersion
	kindProfile // client.Profile, which crosses as another type
	kindList
	kindMap
	kindPointer
	kindStruct
	kindFunc // which does not cross
)

// typeRef is a type as a field has it.
type typeRef struct {
	kind       kind
	goName     string // as package protocol names it
	elem       *typeRef
	structType *structType
	enum       *enumType
}

type structType struct {
	goName, name, doc string
	fields            []*field
	settings          bool // of a package other than protocol: what only the page gives is optional unless it is tagged
	read, written     bool // towards Go, towards JavaScript
	profiled          bool // it has a profiled form
	made              bool // the page sends it by pointer or in a list
	direct            bool // it crosses by itself, not only among the fields of others
}

type field struct {
	goName, doc string
	name, group string // group is the name of the object around it, or ""
	typeRef     *typeRef
	tag         tag
}

type enumType struct {
	goName, name, doc string
	members           []enumMember
}

type enumMember struct{ value, doc string }

// optional reports whether the field may be absent in JavaScript.
func (f *field) optional(in *structType) bool {
	return f.tag.optional || in.settings && in.read && !in.written && !f.tag.required
}
