//go:build !js

package conformance

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAPITableNamesRealTests checks that the tests that docs/api.md names exist.
func TestAPITableNamesRealTests(t *testing.T) {
	root := filepath.Join("..", "..")
	known := map[string]bool{}
	for _, group := range groups {
		for _, c := range group {
			known[c.name] = true
		}
	}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, match := range declared.FindAllSubmatch(source, -1) {
			known[string(match[1])] = true
		}
		return err
	}))
	table, err := os.ReadFile(filepath.Join(root, "docs", "api.md"))
	require.NoError(t, err)
	name := regexp.MustCompile("`([A-Z]\\w+)`")
	rows := 0
	for line := range strings.SplitSeq(string(table), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 6 || strings.HasPrefix(cells[1], "---") || strings.HasPrefix(cells[1], " seed") {
			continue
		}
		rows++
		named := name.FindAllStringSubmatch(cells[3]+cells[4], -1)
		require.NotEmpty(t, named, "a row without a test: %s", line)
		for _, match := range named {
			require.True(t, known[match[1]], "docs/api.md names %s, but there is no such test", match[1])
		}
	}
	require.Greater(t, rows, 50)
}
