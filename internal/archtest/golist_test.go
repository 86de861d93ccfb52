package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/webbolt/webbolt"

// goPackage is what go list says about a package.
type goPackage struct {
	ImportPath string
	Imports    []string
}

// goList runs go list for a target in the module's root.
func goList(t *testing.T, goos, goarch string, arguments ...string) []goPackage {
	t.Helper()
	output := goCommand(t, goos, goarch, append([]string{"list", "-json=ImportPath,Imports"}, arguments...)...)
	var packages []goPackage
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		var p goPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		require.NoError(t, err)
		packages = append(packages, p)
	}
}

// goCommand runs the go command in the module's root and returns what it
// prints.
func goCommand(t *testing.T, goos, goarch string, arguments ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", arguments...)
	cmd.Dir = root(t)
	cmd.Env = append(os.Environ(), "GOFLAGS=")
	if goos != "" {
		cmd.Env = append(cmd.Env, "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	require.NoError(t, err, "go %s: %s", strings.Join(arguments, " "), stderr.String())
	return output
}

// root is the folder of the module.
func root(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs("../..")
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(folder, "go.mod"))
	return folder
}
