package protocol

import (
	"time"
	"unsafe"

	"github.com/webbolt/webbolt/client"
)

// structure writes a struct by its table.
func (w *Writer) structure(of uint8, at unsafe.Pointer, measured bool) {
	w.byte('{')
	for i := range tables[of].rows {
		row := &tables[of].rows[i]
		field := unsafe.Add(at, row.offset)
		switch {
		case row.flags&profiled != 0 && !measured && row.kind != kindPointer:
		case row.flags&optional != 0 && absent(row.kind, field):
		case row.kind == kindGroup:
			w.key(row.name)
			w.byte('{')
		case row.kind == kindGroupEnd:
			w.byte('}')
		default:
			w.key(row.name)
			w.field(row.kind, row.of, field, row.flags&profiled != 0 || measured && row.of == of)
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

// field writes what is kept at a place.
func (w *Writer) field(k kind, of uint8, at unsafe.Pointer, measured bool) {
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
		w.composite(k, of, at, measured)
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

func (w *Writer) composite(k kind, of uint8, at unsafe.Pointer, measured bool) {
	switch k {
	case kindStruct:
		w.structure(of, at, measured)
	case kindPointer:
		if at = *(*unsafe.Pointer)(at); at == nil {
			w.null()
			return
		}
		w.structure(of, at, measured)
	case kindStructs, kindPointers:
		w.structures(k, of, (*slice)(at), measured)
	case kindValue:
		w.result((*Value)(at))
	case kindProfile:
		profile := DescribedProfileOf(*(*client.Profile)(at))
		w.structure(tableDescribedProfile, unsafe.Pointer(&profile), false)
	case kindServerProfile:
		profile := ServerProfileOf(*(*client.Profile)(at))
		w.structure(tableServerProfile, unsafe.Pointer(&profile), false)
	default:
		w.null()
	}
}

func (w *Writer) structures(k kind, of uint8, all *slice, measured bool) {
	w.byte('[')
	for i := range all.len {
		w.separate('[')
		if k == kindPointers {
			w.structure(of, *(*unsafe.Pointer)(unsafe.Add(all.at, uintptr(i)*unsafe.Sizeof(all.at))), measured)
			continue
		}
		w.structure(of, unsafe.Add(all.at, uintptr(i)*tables[of].size), measured)
	}
	w.byte(']')
}

func (w *Writer) result(value *Value) {
	if value.form.kind != kindStructMap {
		w.field(value.form.kind, value.form.of, value.at, false)
		return
	}
	w.byte('{')
	value.form.each(value.at, func(name string, at unsafe.Pointer) {
		w.name(name)
		w.structure(value.form.of, at, false)
	})
	w.byte('}')
}
