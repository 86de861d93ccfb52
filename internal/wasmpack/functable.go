package main

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// The runtime's function table ("pclntab") as Go 1.20 to 1.26 have it; see the documentation of debug/gosym, and
// runtime/symtab.go.
const (
	// with the quantum of wasm's program counters, and the size of its pointers
	tableMagic  = "\xF1\xFF\xFF\xFF\x00\x00\x01\x08"
	headerSize  = 72
	functionMin = 44
)

// Tables of values by program counter (pcdata), and further data of functions (funcdata), that only stack traces use;
// internal/abi/symtab.go numbers them.
var (
	tracePCData   = []int{2, 3}    // inlined calls, live arguments
	traceFuncData = []int{3, 5, 6} // inlined calls, arguments, live arguments
)

var errUnknownTable = errors.New("the runtime's function table is not of the form that Go 1.26 writes: see what the " +
	"new one is like, " +
	"or build without wasmpack meanwhile")

// functionTable is where the table lies in the memory image. Offsets are in the image.
type functionTable struct {
	image     []byte
	functions int
	values    int // tables of values by program counter
	records   int // the functions' places and what is known of each
}

func findFunctionTable(image []byte) (*functionTable, error) {
	at := bytes.Index(image, []byte(tableMagic))
	if at < 0 || len(image)-at < headerSize || bytes.Contains(image[at+1:], []byte(tableMagic)) {
		return nil, errUnknownTable
	}
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(image[at+8*i:]) }
	functions, values, records := word(1), word(7), word(8)
	left := uint64(len(image) - at)
	if functions == 0 || values < headerSize || values > records || records > left || functions > (left-records)/8 {
		return nil, errUnknownTable
	}
	return &functionTable{image: image, functions: int(functions), values: at + int(values),
		records: at + int(records)}, nil
}

// dropPositions empties the data that only stack traces need.
func (t *functionTable) dropPositions() error {
	kept := make([]bool, t.records-t.values)
	for i := range t.functions {
		f, err := t.function(i)
		if err != nil {
			return err
		}
		f.dropPositions()
		for _, offset := range f.tables() {
			if err := t.keep(kept, offset); err != nil {
				return err
			}
		}
	}
	for i, is := range kept {
		if !is {
			t.image[t.values+i] = 0
		}
	}
	return nil
}

// keep marks a table of values: pairs of numbers, up to a pair that begins with zero and is not the first.
func (t *functionTable) keep(kept []bool, offset uint32) error {
	if offset == 0 {
		return nil
	}
	table := t.image[t.values:t.records]
	for at, first := int(offset), true; ; first = false {
		for half := range 2 {
			n, size := uint64(0), 0
			if at < len(table) {
				n, size = binary.Uvarint(table[at:])
			}
			if size <= 0 {
				return errUnknownTable
			}
			for range size {
				kept[at] = true
				at++
			}
			if half == 0 && n == 0 && !first {
				return nil
			}
		}
	}
}

// function is one function's record: entry, name, args, deferreturn, pcsp, pcfile, pcln, npcdata, cuOffset and
// startLine of four bytes each, funcID, flag, a byte of padding, nfuncdata, then the offsets of pcdata and of funcdata.
type function []byte

const (
	fieldPCSP   = 16
	fieldPCFile = 20
	fieldPCLine = 24
	fieldPCData = 28
	fieldLine   = 36
	fieldData   = 43
)

func (t *functionTable) function(i int) (function, error) {
	place := t.image[t.records+8*i:]
	start := t.records + int(binary.LittleEndian.Uint32(place[4:]))
	if start > len(t.image)-functionMin {
		return nil, errUnknownTable
	}
	f := function(t.image[start:])
	size := functionMin + 4*(uint64(f.field(fieldPCData))+uint64(f[fieldData]))
	if size > uint64(len(f)) || f[fieldData-1] != 0 {
		return nil, errUnknownTable
	}
	return f[:size:size], nil
}

func (f function) field(at int) uint32      { return binary.LittleEndian.Uint32(f[at:]) }
func (f function) set(at int, value uint32) { binary.LittleEndian.PutUint32(f[at:], value) }

func (f function) dropPositions() {
	for _, at := range []int{fieldPCFile, fieldPCLine, fieldLine} {
		f.set(at, 0)
	}
	pcdata, funcdata := int(f.field(fieldPCData)), int(f[fieldData])
	for _, n := range tracePCData {
		if n < pcdata {
			f.set(functionMin+4*n, 0)
		}
	}
	for _, n := range traceFuncData {
		if n < funcdata {
			f.set(functionMin+4*(pcdata+n), ^uint32(0)) // there is none
		}
	}
}

// tables are the offsets of the tables of values that the function uses; 0 is none.
func (f function) tables() []uint32 {
	offsets := []uint32{f.field(fieldPCSP), f.field(fieldPCFile), f.field(fieldPCLine)}
	for n := range int(f.field(fieldPCData)) {
		offsets = append(offsets, f.field(functionMin+4*n))
	}
	return offsets
}
