package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// layers of the client, lowest first. A package may import packages of lower
// layers only.
var layers = [][]string{
	{"internal/jsx", "client/lane", "client/probe", "client/turn", "client/wire"},
	{"client/packstream"},
	{"client/values"},
	{"client"},
	{"client/admin", "client/dial", "client/facts", "client/jsonvalues", "client/mapping", "client/rowblock"},
	{"client/bolt", "client/httpapi"},
	{"client/connect"},
	{"pool"},
	{rootFolder},
	{"bridge/protocol"},
	{"bridge"},
	{"wasm"},
}

// rootFolder is the package at the module's root, the face for Go programs. It
// is none of the browser's business: see TestWasmHasNoGoFace.
const rootFolder = "."

// folderOf names a package by its folder in the module.
func folderOf(importPath string) (folder string, ours bool) {
	if importPath == module {
		return rootFolder, true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// The relay stands outside the layers of the client. It may import these of it,
// and packages of its own folder; what makes row blocks may import more.
const (
	relayFolder = "server"
	relayBlocks = "server/blocks"
)

var (
	relayImports      = []string{"client/lane", "client/packstream", "client/probe", "client/wire"}
	relayBlockImports = append([]string{"client", "client/rowblock"}, relayImports...)
)

// tooling are folders for tests, measurements and the demo. They may import
// what they like, and only they may import each other.
var tooling = []string{"internal", "bench", "testkit"}

func layerOf(name string) int {
	return slices.IndexFunc(layers, func(layer []string) bool { return slices.Contains(layer, name) })
}

func isRelay(name string) bool {
	return name == relayFolder || strings.HasPrefix(name, relayFolder+"/")
}

func isTooling(name string) bool {
	folder, _, _ := strings.Cut(name, "/")
	return layerOf(name) < 0 && slices.Contains(tooling, folder)
}

// forbidden says why the package may not import the other one, or nothing.
// Both are named by their folder in the module.
func forbidden(importer, imported string) string {
	switch {
	case isTooling(importer):
		return ""
	case isTooling(imported):
		return "it is for tests and tools only"
	case isRelay(importer):
		allowed := relayImports
		if importer == relayBlocks {
			allowed = relayBlockImports
		}
		if !isRelay(imported) && !slices.Contains(allowed, imported) {
			return importer + " may import only " + strings.Join(allowed, ", ") + " of the client"
		}
		return ""
	case layerOf(importer) < 0:
		return "the importing package has no place in the layers: give it one in this test"
	case layerOf(imported) < 0:
		return "the imported package has no place in the layers of the client"
	case layerOf(imported) >= layerOf(importer):
		return "imports go one way, towards lower layers"
	}
	return ""
}

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		importer, imported string
		ok                 bool
	}{
		{"wasm", "bridge", true},
		{"bridge", "client/rowblock", true},
		{"bridge", "internal/jsx", true},
		{"client/bolt", "client/packstream", true},
		{"server", "client/packstream", true},
		{"server/session", "client/wire", true},
		{"client/wire", "client/packstream", false},
		{"server/webbolt", "server", true},
		{"server", "server/upstream", true},
		{"internal/demo", "server", true},
		{".", "pool", true},
		{"pool", ".", false},
		{"bridge", "bridge/protocol", true},
		{"bridge", "wasm", false},
		{"pool", "bridge/protocol", false},
		{"client", "client/bolt", false},
		{"client/bolt", "client/httpapi", false},
		{"client/packstream", "client", false},
		{"client", "internal/neo4jtest", false},
		{"client", "server", false},
		{"server", "client", false},
		{"server/blocks", "client/rowblock", true},
		{"server/blocks", "client/bolt", false},
		{"server/webbolt", "pool", false},
		{"newcomer", "client", false},
	} {
		require.Equal(t, c.ok, forbidden(c.importer, c.imported) == "", "%s imports %s", c.importer, c.imported)
	}
}

func TestImportsGoOneWay(t *testing.T) {
	for _, target := range []string{"linux/amd64", "js/wasm"} {
		goos, goarch, _ := strings.Cut(target, "/")
		packages := goList(t, goos, goarch, "-e", "./...")
		require.NotEmpty(t, packages)
		for _, p := range packages {
			importer, _ := folderOf(p.ImportPath)
			for _, path := range p.Imports {
				if imported, ours := folderOf(path); ours {
					if reason := forbidden(importer, imported); reason != "" {
						t.Errorf("%s: %s imports %s: %s", target, importer, imported, reason)
					}
				}
			}
		}
	}
}

// goFiles calls visit with every Go file of the module, by its slash-separated
// name from the module's root.
func goFiles(t *testing.T, visit func(name string)) {
	t.Helper()
	source := os.DirFS(root(t))
	err := fs.WalkDir(source, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return fs.SkipDir
		case strings.HasSuffix(name, ".go"):
			visit(name)
		}
		return nil
	})
	require.NoError(t, err)
}

// Whatever touches JavaScript is in a file whose name says so, or in a package
// that is about nothing else.
func TestOnlyPlatformFilesImportSyscallJS(t *testing.T) {
	aboutJavaScript := []string{"bridge", "wasm", "internal/jsx"}
	files := 0
	goFiles(t, func(name string) {
		files++
		folder := filepath.ToSlash(filepath.Dir(name))
		if strings.HasSuffix(name, "_js.go") || strings.HasSuffix(name, "_js_test.go") ||
			slices.Contains(aboutJavaScript, folder) {
			return
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root(t), name), nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range parsed.Imports {
			if path, _ := strconv.Unquote(spec.Path.Value); path == "syscall/js" {
				t.Errorf("%s imports syscall/js: move it to a file that ends in _js.go", name)
			}
		}
	})
	require.Greater(t, files, 10)
}
