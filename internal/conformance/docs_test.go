//go:build !js

package conformance

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// goTest is a test function, or a check of the suite.
type goTest struct {
	folder    string // its package
	inBrowser bool   // it runs in Chromium, too
}

// apiTests are the tests that docs/api.md can name.
type apiTests struct {
	checks     map[string]bool     // of the conformance suite
	functions  map[string][]goTest // by name
	javaScript map[string]bool     // by "suite: name"
}

var (
	declaredTest  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	suiteTest     = regexp.MustCompile(`(?m)^  async "?([^"(]+)"?\(`)
	nodeTest      = regexp.MustCompile(`(?m)^\s+test\("([^"]+)"`)
	quoted        = regexp.MustCompile("(?:(\\w+) )?`([A-Z]\\w+)`")
	quotedJS      = regexp.MustCompile("`([a-z]+: [^`]+)`")
	inChromium    = regexp.MustCompile(`(?s)browser_packages\(\) \{.*?\n\}`)
	packageFolder = regexp.MustCompile(`\./([\w/]+)`)
)

// TestAPITable checks docs/api.md: every test that it names exists and, where it says so, runs in a browser, too; and
// no cell lacks a test without saying why.
func TestAPITable(t *testing.T) {
	root := filepath.Join("..", "..")
	known := collectTests(t, root)
	table, err := os.ReadFile(filepath.Join(root, "docs", "api.md"))
	require.NoError(t, err)
	rows := 0
	for line := range strings.SplitSeq(string(table), "\n") {
		cells := strings.Split(strings.ReplaceAll(line, `\|`, "/"), "|")
		if len(cells) < 2 || strings.HasPrefix(cells[1], "---") || strings.HasPrefix(cells[1], " seed") {
			continue
		}
		require.Len(t, cells, 7, line)
		rows++
		native, browser, javaScript := strings.TrimSpace(cells[3]), strings.TrimSpace(cells[4]),
			strings.TrimSpace(cells[5])
		named := known.named(t, native)
		if !excused(native) {
			require.NotEmpty(t, named, "a row without a native test: %s", line)
		}
		known.checkBrowser(t, line, native, browser)
		known.checkJavaScript(t, line, javaScript)
	}
	require.Greater(t, rows, 50)
}

// excused reports whether a cell says why it has no test.
func excused(cell string) bool {
	reason, without := strings.CutPrefix(cell, "– ")
	return without && len(strings.Fields(reason)) >= 3
}

// checkBrowser checks a cell such as "same, but for `TestA`; dial `TestB`".
func (a *apiTests) checkBrowser(t *testing.T, line, native, browser string) {
	exceptions, same := strings.CutPrefix(browser, "same")
	named := map[string]goTest{}
	if same {
		exceptions, browser, _ = strings.Cut(exceptions, ";")
		named = a.named(t, native)
		for _, exception := range quoted.FindAllStringSubmatch(exceptions, -1) {
			before := len(named)
			maps.DeleteFunc(named, func(name string, _ goTest) bool { return path.Ext("."+name) == "."+exception[2] })
			require.Less(t, len(named), before, "an exception that is not named under Native: %s", line)
		}
	}
	maps.Copy(named, a.named(t, browser))
	require.True(t, excused(browser) || len(named) > 0, "a row without a test in a browser: %s", line)
	for name, one := range named {
		require.True(t, one.inBrowser, "%s does not run in a browser: %s", name, line)
	}
}

func (a *apiTests) checkJavaScript(t *testing.T, line, cell string) {
	named := quotedJS.FindAllStringSubmatch(cell, -1)
	require.True(t, excused(cell) || len(named) > 0, "a row without a test in JavaScript: %s", line)
	for _, match := range named {
		require.True(t, a.javaScript[match[1]], "docs/api.md names %q, but there is no such test in JavaScript",
			match[1])
	}
}

// named finds the Go tests that a cell names: checks of the suite, or tests of the package named before them.
func (a *apiTests) named(t *testing.T, cell string) map[string]goTest {
	found := map[string]goTest{}
	for part := range strings.SplitSeq(cell, ";") {
		folder := "conformance"
		for _, match := range quoted.FindAllStringSubmatch(part, -1) {
			if match[1] != "" {
				folder = match[1]
			}
			name := match[2]
			if a.checks[name] {
				found[name] = goTest{folder: "conformance", inBrowser: true}
				continue
			}
			at := slices.IndexFunc(a.functions[name], func(one goTest) bool { return path.Base(one.folder) == folder })
			require.GreaterOrEqual(t, at, 0, "docs/api.md names %s of package %s, but there is no such test", name,
				folder)
			found[folder+"."+name] = a.functions[name][at]
		}
	}
	return found
}

func collectTests(t *testing.T, root string) *apiTests {
	a := &apiTests{checks: map[string]bool{}, functions: map[string][]goTest{}, javaScript: map[string]bool{}}
	for _, group := range groups {
		for _, c := range group {
			a.checks[c.name] = true
		}
	}
	browsers := browserFolders(t, root)
	require.NoError(t, filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == "node_modules" || entry.Name() == "dist" {
			return fs.SkipDir
		}
		name := entry.Name()
		if !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, ".js") &&
			!strings.HasSuffix(name, ".test.mjs") {
			return nil
		}
		source, err := os.ReadFile(file)
		folder := filepath.ToSlash(filepath.Dir(file))
		switch {
		case strings.HasSuffix(name, "_test.go"):
			onlyNative := strings.HasSuffix(name, "_notjs_test.go") ||
				strings.Contains(string(source), "//go:build !js")
			relative, _ := filepath.Rel(root, filepath.Dir(file))
			inBrowser := !onlyNative && slices.Contains(browsers, filepath.ToSlash(relative))
			for _, match := range declaredTest.FindAllSubmatch(source, -1) {
				a.functions[string(match[1])] = append(a.functions[string(match[1])], goTest{folder, inBrowser})
			}
		case path.Base(folder) == "suite":
			a.addJavaScript(strings.TrimSuffix(name, ".js"), suiteTest.FindAllSubmatch(source, -1))
		case strings.HasSuffix(name, ".test.mjs"):
			a.addJavaScript(strings.TrimSuffix(name, ".test.mjs"), nodeTest.FindAllSubmatch(source, -1))
		}
		return err
	}))
	return a
}

func (a *apiTests) addJavaScript(suite string, matches [][][]byte) {
	for _, match := range matches {
		a.javaScript[suite+": "+string(match[1])] = true
	}
}

// browserFolders are the packages whose tests tools/test.sh runs in Chromium: those it names, and those with tests for
// GOOS=js.
func browserFolders(t *testing.T, root string) (folders []string) {
	script, err := os.ReadFile(filepath.Join(root, "tools", "test.sh"))
	require.NoError(t, err)
	for _, match := range packageFolder.FindAllSubmatch(inChromium.Find(script), -1) {
		folders = append(folders, string(match[1]))
	}
	require.NotEmpty(t, folders, "tools/test.sh names no packages to run in a browser")
	require.NoError(t, filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if strings.HasSuffix(entry.Name(), "_js_test.go") && !strings.HasSuffix(entry.Name(), "_notjs_test.go") {
			relative, _ := filepath.Rel(root, filepath.Dir(file))
			folders = append(folders, filepath.ToSlash(relative))
		}
		return nil
	}))
	return folders
}
