package archtest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// heavy packages cost tens to hundreds of kilobytes of download each, or have
// no place in a page. None may be a dependency of the module.
var heavy = []string{
	"net", "net/http", "net/url", "crypto/tls", "crypto/x509",
	"encoding/json", "encoding/xml", "encoding/gob", "compress/flate",
	"regexp", "log", "log/slog", "flag", "testing", "text/template", "html/template",
	"os/exec", "go/ast", "math/big", "time/tzdata",
	"github.com/gorilla/websocket", "github.com/stretchr/testify/require",
}

// unlinked packages may be imported, by the value types that the driver's
// dbtype package gives us, but the linker must find no use for them.
var unlinked = []string{"fmt"}

func TestWasmDependsOnNothingHeavy(t *testing.T) {
	packages := goList(t, "js", "wasm", "-deps", "./wasm")
	require.True(t, slices.ContainsFunc(packages, func(p goPackage) bool { return p.ImportPath == "syscall/js" }))
	for _, p := range packages {
		if !slices.Contains(heavy, p.ImportPath) {
			continue
		}
		var importers []string
		for _, other := range packages {
			if slices.Contains(other.Imports, p.ImportPath) {
				importers = append(importers, other.ImportPath)
			}
		}
		t.Errorf("the wasm depends on %s, through %q", p.ImportPath, importers)
	}
}

// The Go face and its mapping to structs are for Go programs.
func TestWasmHasNoGoFace(t *testing.T) {
	for _, p := range goList(t, "js", "wasm", "-deps", "./wasm") {
		require.NotContains(t, []string{module, module + "/client/mapping"}, p.ImportPath)
	}
}

func TestWasmLinksNothingUnused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "webbolt.wasm")
	// -w leaves out the debug information but not the names of functions.
	goCommand(t, "js", "wasm", "build", "-trimpath", "-ldflags=-w", "-o", file, "./wasm")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	names, err := functionNames(content)
	require.NoError(t, err)
	require.Contains(t, names, "main.main")
	for _, name := range unlinked {
		prefix := name + "."
		var found []string
		for _, function := range names {
			// Initialisers of a package's variables stay in even if nothing else does.
			if strings.HasPrefix(function, prefix) && !strings.HasPrefix(function, prefix+"init") {
				found = append(found, function)
			}
		}
		require.Empty(t, found, "the wasm links %s: find the use with\n"+
			"  GOOS=js GOARCH=wasm go build -ldflags=-dumpdep -o /dev/null ./wasm 2>&1 | grep -- '-> %s'", name, prefix)
	}
}

func TestFunctionNames(t *testing.T) {
	module := append([]byte("\x00asm\x01\x00\x00\x00"),
		1, 1, 0, // an empty section of types
		0, 18, 4, 'n', 'a', 'm', 'e', // the section of names
		1, 11, 2, 0, 1, 'a', 1, 5, 'b', '.', 'c', '.', 'd')
	names, err := functionNames(module)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b.c.d"}, names)
	for length := range len(module) {
		_, err := functionNames(module[:length])
		require.Error(t, err, "cut at %d", length)
	}
}

var errNoNames = errors.New("no section of function names in the wasm")

// functionNames reads the names from the custom section "name" of a
// WebAssembly module (WebAssembly core specification, appendix 7.4.1).
func functionNames(module []byte) (names []string, err error) {
	content, ok := bytes.CutPrefix(module, []byte("\x00asm\x01\x00\x00\x00"))
	if !ok {
		return nil, errors.New("not a wasm module")
	}
	r := &reader{rest: content}
	for len(r.rest) > 0 && r.err == nil {
		id := r.number()
		section := &reader{rest: r.bytes()}
		if id != 0 || r.err != nil || string(section.bytes()) != "name" {
			continue
		}
		for len(section.rest) > 0 && section.err == nil {
			id := section.number()
			subsection := &reader{rest: section.bytes()}
			if id != 1 {
				continue
			}
			for range subsection.number() {
				if subsection.err != nil {
					break
				}
				subsection.number() // the function's index
				names = append(names, string(subsection.bytes()))
			}
			return names, errors.Join(section.err, subsection.err)
		}
	}
	return nil, errors.Join(r.err, errNoNames)
}

// reader reads LEB128 numbers and strings. After an error it gives zeros.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.err, r.rest = errors.New("the wasm ends too early"), nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) bytes() []byte {
	length := r.number()
	if length > uint64(len(r.rest)) {
		r.err, r.rest = errors.New("the wasm ends too early"), nil
		return nil
	}
	taken := r.rest[:length]
	r.rest = r.rest[length:]
	return taken
}

func TestWasmExecIsTheToolchains(t *testing.T) {
	goroot := strings.TrimSpace(string(goCommand(t, "", "", "env", "GOROOT")))
	want, err := os.ReadFile(filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"))
	require.NoError(t, err)
	have, err := os.ReadFile(filepath.Join(root(t), "web", "wasm_exec.js"))
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, have),
		"web/wasm_exec.js differs from the toolchain's: cp \"$(go env GOROOT)/lib/wasm/wasm_exec.js\" web/")
}
