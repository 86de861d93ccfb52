// Command wasmpack makes a WebAssembly module that Go has built quicker to download:
//
//	wasmpack FILE
//
// It changes the file in two ways. Data that lies close together becomes one segment: Go's linker cuts the data
// wherever there are a few zeros, into tens of thousands of segments whose headers compress badly. And it empties those
// parts of the runtime's function table that only stack traces need: file names, line numbers and inlined calls. The
// names of functions stay.
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: wasmpack FILE")
		os.Exit(2)
	}
	if err := packFile(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "wasmpack:", err)
		os.Exit(1)
	}
}

func packFile(name string) error {
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	packed, err := pack(content)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, packed, info.Mode().Perm())
}

// pack returns the smaller module.
func pack(content []byte) ([]byte, error) {
	module, err := parseModule(content)
	if err != nil {
		return nil, err
	}
	image, err := module.image()
	if err != nil {
		return nil, err
	}
	table, err := findFunctionTable(image)
	if err != nil {
		return nil, err
	}
	if err := table.dropPositions(); err != nil {
		return nil, err
	}
	module.setImage(image)
	return module.encode(), nil
}

var errTruncated = errors.New("the module ends too early")
