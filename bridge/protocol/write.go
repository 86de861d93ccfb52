package protocol

import (
	"time"
	"unsafe"

	"github.com/webbolt/webbolt/client"
)

// structure writes a struct by its table, in the form that what is around it says: of flags, profiled and sparse.
func (w *Writer) structure(of uint8, at unsafe.Pointer, form flags) {
	w.byte('{')
	for i := range tables[of].rows {
		row := &tables[of].rows[i]
		field := unsafe.Add(at, row.offset)
		switch {
		case row.flags&profiled != 0 && form&profiled == 0 && row.kind != kindPointer:
		case row.flags&optional != 0 && absent(row.kind, field):
		case form&sparse != 0 && nothing(row, field):
		case row.kind == kindGroup:
			w.key(row.name)
			w.byte('{')
		case row.kind == kindGroupEnd:
			w.byte('}')
		default:
			w.key(row.name)
			inside := row.flags & (profiled | sparse)
			if row.of == of {
				inside |= form & profiled
			}
			w.field(row.kind, row.of, field, inside)
		}
	}
	w.byte('}')
}

// absent reports whether an optional field is zero.
func absent(k kind, at unsafe.Pointer) bool {
	switch k {
	case kindFlag:
		return !*(*bool)(at)
	case kindText:
		return *(*string)(at) == ""
	case kindInt:
		return *(*int)(at) == 0
	case kindFloat:
		return *(*float64)(at) == 0
	case kindTexts:
		return *(*[]string)(at) == nil
	case kindAnyMap:
		return *(*map[string]any)(at) == nil
	case kindValue:
		return (*Value)(at).form.kind == kindNone
	case kindPointer:
		return *(*unsafe.Pointer)(at) == nil
	}
	return false
}

// nothing reports whether a field is zero, or unknown.
func nothing(r *row, at unsafe.Pointer) bool {
	switch r.kind {
	case kindGroup, kindGroupEnd:
		return false
	case kindKnown:
		return *(*time.Duration)(at) < 0
	case kindVersion:
		return *(*client.Version)(at) == client.Version{}
	case kindStructs, kindPointers:
		return (*slice)(at).len == 0
	case kindStruct:
		for i := range tables[r.of].rows {
			if inside := &tables[r.of].rows[i]; !nothing(inside, unsafe.Add(at, inside.offset)) {
				return false
			}
		}
		return true
	case kindInt64:
		return *(*int64)(at) == 0
	}
	return absent(r.kind, at)
}

// field writes what is kept at a place.
func (w *Writer) field(k kind, of uint8, at unsafe.Pointer, form flags) {
	switch k {
	case kindFlag:
		w.flag(*(*bool)(at))
	case kindText:
		w.string(*(*string)(at))
	case kindFloat:
		w.float(*(*float64)(at))
	case kindTime:
		w.time(*(*time.Time)(at))
	case kindAny:
		w.value(*(*any)(at))
	case kindAnyMap:
		w.anyMap(*(*map[string]any)(at))
	case kindTextMap:
		w.textMap(*(*map[string]string)(at))
	case kindAnyList:
		w.anyList(*(*[]any)(at))
	case kindTexts:
		w.texts(*(*[]string)(at))
	case kindInts:
		w.integers(*(*[]int)(at))
	case kindVersion:
		w.string((*client.Version)(at).String())
	case kindInt, kindInt64, kindIntPointer, kindSpan, kindSeconds, kindKnown, kindSpanPointer:
		w.number(k, at)
	default:
		w.composite(k, of, at, form)
	}
}

func (w *Writer) number(k kind, at unsafe.Pointer) {
	if k == kindIntPointer || k == kindSpanPointer {
		if at = *(*unsafe.Pointer)(at); at == nil {
			w.null()
			return
		}
	}
	switch k {
	case kindInt:
		w.integer(int64(*(*int)(at)))
	case kindInt64, kindIntPointer:
		w.integer(*(*int64)(at))
	case kindSeconds:
		w.float((*time.Duration)(at).Seconds())
	case kindKnown:
		if *(*time.Duration)(at) < 0 {
			w.null()
			return
		}
		w.span(*(*time.Duration)(at))
	default:
		w.span(*(*time.Duration)(at))
	}
}

func (w *Writer) composite(k kind, of uint8, at unsafe.Pointer, form flags) {
	switch k {
	case kindStruct:
		w.structure(of, at, form)
	case kindPointer:
		if at = *(*unsafe.Pointer)(at); at == nil {
			w.null()
			return
		}
		w.structure(of, at, form)
	case kindStructs, kindPointers:
		w.structures(k, of, (*slice)(at), form)
	case kindValue:
		w.result((*Value)(at))
	case kindProfile:
		profile := DescribedProfileOf(*(*client.Profile)(at))
		w.structure(tableDescribedProfile, unsafe.Pointer(&profile), 0)
	case kindServerProfile:
		profile := ServerProfileOf(*(*client.Profile)(at))
		w.structure(tableServerProfile, unsafe.Pointer(&profile), 0)
	default:
		w.null()
	}
}

func (w *Writer) structures(k kind, of uint8, all *slice, form flags) {
	w.byte('[')
	for i := range all.len {
		w.separate('[')
		if k == kindPointers {
			w.structure(of, *(*unsafe.Pointer)(unsafe.Add(all.at, uintptr(i)*unsafe.Sizeof(all.at))), form)
			continue
		}
		w.structure(of, unsafe.Add(all.at, uintptr(i)*tables[of].size), form)
	}
	w.byte(']')
}

func (w *Writer) result(value *Value) {
	if value.form.kind != kindStructMap {
		w.field(value.form.kind, value.form.of, value.at, 0)
		return
	}
	w.byte('{')
	value.form.each(value.at, func(name string, at unsafe.Pointer) {
		w.name(name)
		w.structure(value.form.of, at, 0)
	})
	w.byte('}')
}
