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
	makeTarget = regexp.MustCompile(`(?m)\bmake ([a-z][a-z-]+)`)
	ownScript  = regexp.MustCompile(`(?m)run: (\.?[a-z]+/[\w.-]+)`)
)

// What the workflows and the documents tell people to run is there.
func TestCommandsThatAreToldExist(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	require.NoError(t, err)
	files, err := filepath.Glob("../.github/workflows/*.yml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, pattern := range []string{"../*.md", "../docs/*.md", "../web/README.md", "../.ci/run"} {
		more, err := filepath.Glob(pattern)
		require.NoError(t, err)
		files = append(files, more...)
	}
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range makeTarget.FindAllStringSubmatch(codeOf(file, string(text)), -1) {
			require.Regexp(t, `(?m)^`+match[1]+`:`, string(makefile), "%s: make %s", file, match[1])
			found++
		}
		for _, match := range ownScript.FindAllStringSubmatch(string(text), -1) {
			info, err := os.Stat(filepath.Join("..", match[1]))
			require.NoError(t, err, file)
			require.NotZero(t, info.Mode()&0o111, "%s cannot be run", match[1])
			found++
		}
	}
	require.Greater(t, found, 10)
}

// codeOf is what stands in backticks and code blocks of Markdown: prose makes many things. Other files are code.
func codeOf(file, text string) string {
	if filepath.Ext(file) != ".md" {
		return text
	}
	parts := strings.Split(text, "`")
	var code strings.Builder
	for i := 1; i < len(parts); i += 2 {
		code.WriteString(parts[i] + "\n")
	}
	return code.String()
}
