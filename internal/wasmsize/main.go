// Command wasmsize says what a .wasm is made of: the bytes of code of each Go package, and of data. The file needs the
// names of its functions: build it with -ldflags=-w, not -s.
//
//	go run ./internal/wasmsize FILE
package main

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// Numbers of sections (WebAssembly core specification, 5.5).
const (
	sectionCustom = 0
	sectionImport = 2
	sectionCode   = 10
	sectionData   = 11
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: wasmsize FILE")
		os.Exit(2)
	}
	content, err := os.ReadFile(os.Args[1])
	if err == nil {
		var sizes map[string]int
		if sizes, err = measure(content); err == nil {
			print(sizes)
			return
		}
	}
	fmt.Fprintln(os.Stderr, "wasmsize:", err)
	os.Exit(1)
}

// print writes a table, the largest first.
func print(sizes map[string]int) {
	fmt.Println("| package | bytes |\n|---|---|")
	for _, name := range slices.SortedFunc(maps.Keys(sizes),
		func(a, b string) int { return cmp.Compare(sizes[b], sizes[a]) }) {
		fmt.Printf("| %s | %d |\n", name, sizes[name])
	}
}

// measure returns the bytes of each package's functions, and of data.
func measure(module []byte) (map[string]int, error) {
	if len(module) < 8 || string(module[:4]) != "\x00asm" {
		return nil, errors.New("it is not a .wasm")
	}
	r := &reader{rest: module[8:]}
	var bodies []int
	imports := 0
	names := map[int]string{}
	sizes := map[string]int{}
	for len(r.rest) > 0 && r.err == nil {
		id := r.byte()
		section := &reader{rest: r.bytes()}
		switch id {
		case sectionImport:
			imports = section.number() // Go's are functions, all of them
		case sectionCode:
			for range section.number() {
				bodies = append(bodies, len(section.bytes()))
			}
		case sectionData:
			sizes["(data)"] = len(section.rest)
		case sectionCustom:
			if string(section.bytes()) == "name" {
				section.names(names)
			}
		}
		r.err = errors.Join(r.err, section.err)
	}
	if r.err == nil && len(names) == 0 {
		r.err = errors.New("it has no names of functions: build it with -ldflags=-w")
	}
	for i, size := range bodies {
		sizes[packageOf(names[imports+i])] += size
	}
	return sizes, r.err
}

// packageOf is the package of a function, whose name has _ for / and other characters.
func packageOf(name string) string {
	name = strings.TrimPrefix(name, "type:.eq.")
	name = strings.Replace(name, "github.com_webbolt_webbolt_", "webbolt/", 1)
	end := strings.IndexAny(name, ".:")
	if end < 0 {
		end = len(name)
	}
	return name[:end]
}

// reader reads LEB128 numbers and what they count. After an error it gives zeros.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) number() int {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.rest, r.err = nil, errors.New("it ends too early")
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *reader) byte() byte {
	if len(r.rest) == 0 {
		r.err = errors.New("it ends too early")
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *reader) bytes() []byte {
	n := r.number()
	if n < 0 || n > len(r.rest) {
		r.rest, r.err = nil, errors.New("it ends too early")
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

// names reads the names of functions from the section of names.
func (r *reader) names(into map[int]string) {
	for len(r.rest) > 0 && r.err == nil {
		id := r.byte()
		part := &reader{rest: r.bytes()}
		if id != 1 {
			continue
		}
		for range part.number() {
			if part.err != nil {
				break
			}
			index := part.number()
			into[index] = string(part.bytes())
		}
		r.err = errors.Join(r.err, part.err)
	}
}
