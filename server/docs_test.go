package server

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every promise of the threat model names tests that exist.
func TestThreatModelNamesTests(t *testing.T) {
	text, err := os.ReadFile("../docs/relay.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "## What it withstands\n")
	require.True(t, found)
	model, _, found := strings.Cut(rest, "\n## ")
	require.True(t, found)

	var code strings.Builder
	for _, folder := range []string{".", "../internal/attack"} {
		require.NoError(t, filepath.WalkDir(folder, func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := os.ReadFile(name)
			code.Write(text)
			return err
		}))
	}
	promises := 0
	for line := range strings.Lines(model) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| promise") {
			continue
		}
		promises++
		names := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(line, -1)
		require.NotEmpty(t, names, line)
		for _, name := range names {
			require.Contains(t, code.String(), "\nfunc "+name[1]+"(", line)
		}
	}
	require.GreaterOrEqual(t, promises, 20)
}
