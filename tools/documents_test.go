//go:build unix

package tools_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	code      = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	link      = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	ownFolder = regexp.MustCompile("`((?:client|bridge|web|server|internal|tools|deploy|docs)/[\\w./-]+)`")
)

// What CONTRIBUTING.md and the other documents point to is there.
func TestDocumentsPointToWhatIsThere(t *testing.T) {
	files, err := filepath.Glob("../*.md")
	require.NoError(t, err)
	docs, err := filepath.Glob("../docs/*.md")
	require.NoError(t, err)
	found := 0
	for _, file := range append(files, docs...) {
		bytes, err := os.ReadFile(file)
		require.NoError(t, err)
		text := string(bytes)
		for _, match := range link.FindAllStringSubmatch(code.ReplaceAllString(text, ""), -1) {
			_, err := os.Stat(filepath.Join(filepath.Dir(file), match[1]))
			require.NoError(t, err, file)
			found++
		}
		if filepath.Base(file) != "CONTRIBUTING.md" {
			continue
		}
		for _, match := range ownFolder.FindAllStringSubmatch(text, -1) {
			matches, err := filepath.Glob("../" + strings.TrimSuffix(match[1], "/"))
			require.NoError(t, err)
			require.NotEmpty(t, matches, "%s names %s", file, match[1])
			found++
		}
	}
	require.Greater(t, found, 30)
}
