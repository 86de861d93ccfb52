package protocol

import "unsafe"

// table says how a struct crosses. Code that does what tables say is a tenth of the size of code written out for every
// struct, which counts in a page. Only the generated codec.go has tables: the compiler computes their offsets, and the
// generator takes their kinds from the fields' types.
type table struct {
	rows []row
	size uintptr                    // of the struct
	make func(n int) unsafe.Pointer // allocates n of them one after the other; nil where the page sends none
}

// row is one field.
type row struct {
	name   string
	kind   kind
	flags  flags
	of     uint8 // which of tables, for structs
	offset uint16
}

type flags uint8

const (
	optional flags = 1 << iota // left out when it is zero
	profiled                   // only in the profiled form of its struct, or with structs in that form
	sparse                     // a struct of which all is left out that is zero or unknown
)

// kind is how a field is kept in Go, and how it crosses.
type kind uint8

const (
	kindNone          kind = iota // nothing: the result of a method that gives none
	kindFlag                      // bool
	kindInverted                  // bool, which crosses as its opposite and is true by default
	kindText                      // string, or a type with it underneath
	kindInt                       // int
	kindInt64                     // int64 or uint64
	kindIntPointer                // *int64
	kindFloat                     // float64
	kindSpan                      // time.Duration, in milliseconds
	kindSeconds                   // time.Duration, in seconds
	kindKnown                     // time.Duration, in milliseconds; null where it is negative
	kindSpanPointer               // *time.Duration, in milliseconds
	kindTime                      // time.Time
	kindAny                       // any
	kindAnyMap                    // map[string]any; from the page, one that is [Packed]
	kindTextMap                   // map[string]string
	kindAnyList                   // []any
	kindTexts                     // []string
	kindInts                      // []int
	kindVersion                   // client.Version
	kindVersions                  // []client.Version
	kindRaw                       // packstream.Raw
	kindValue                     // Value
	kindProfile                   // client.Profile, as a DescribedProfile
	kindServerProfile             // client.Profile, as a ServerProfile
	kindStruct                    // a struct
	kindPointer                   // a pointer to a struct
	kindStructs                   // a list of structs
	kindPointers                  // a list of pointers to structs
	kindStructMap                 // a map of structs; by form.each
	kindGroup                     // begins an object around the fields that follow
	kindGroupEnd
)

// form is how a method's result looks.
type form struct {
	kind kind
	of   uint8
	each func(all unsafe.Pointer, do func(name string, value unsafe.Pointer)) // of kindStructMap
}

// Value is a result, written with the message that it is in.
type Value struct {
	form form
	at   unsafe.Pointer
}

// Method is one of [Methods], with pointers to its arguments and to its result: of all pointers the compiler makes the
// same code.
type Method[A, R any] struct {
	Name      string
	arguments uint8
	result    form
}

// Read reads the arguments. The error names what cannot be read: an [*client.ArgumentError].
func (m Method[A, R]) Read(data []byte) (A, error) {
	arguments := tables[m.arguments].make(1)
	err := read(data, m.arguments, arguments)
	return *(*A)(unsafe.Pointer(&arguments)), err
}

// Value makes the result a part of an answer.
func (m Method[A, R]) Value(result R) Value {
	return Value{m.result, *(*unsafe.Pointer)(unsafe.Pointer(&result))}
}

// Callback is one of [Callbacks], with pointers to its question and to its answer.
type Callback[Q, A any] struct {
	question form
	answer   form
}

// Value makes the question a part of a message.
func (c Callback[Q, A]) Value(question Q) Value {
	return Value{c.question, *(*unsafe.Pointer)(unsafe.Pointer(&question))}
}

// Read reads the answer, as a method's arguments are read; nil where there is none.
func (c Callback[Q, A]) Read(data []byte) (given A, err error) {
	if c.answer.kind == kindNone {
		return given, nil
	}
	answer := tables[c.answer.of].make(1)
	err = read(data, c.answer.of, answer)
	return *(*A)(unsafe.Pointer(&answer)), err
}

// slice is how Go keeps a slice.
type slice struct {
	at       unsafe.Pointer
	len, cap int
}
