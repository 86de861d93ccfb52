//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// A short attack: no honest client is refused, no attack succeeds, memory stays within its limit. `make attack`
// measures how long answers take, on an otherwise idle machine.
func TestShortAttack(t *testing.T) {
	neo4jtest.Need(t, neo4jtest.V5)
	command := filepath.Join(t.TempDir(), "webbolt")
	build := exec.Command("go", "build", "-o", command, "../../server/webbolt")
	build.Stderr = os.Stderr
	require.NoError(t, build.Run())
	o := options{relay: command, duration: 6 * time.Second, memory: 1024}
	report, err := run(t.Context(), o)
	require.NoError(t, err)
	report.print(os.Stdout)
	require.Empty(t, report.wrong(o))
}
