//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// onBareMachine runs this command where there is no Maven and no download.
func onBareMachine(t *testing.T, ci string, arguments ...string) (code int, said string) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, arguments...)
	cmd.Env = []string{"WITHNEO4J_ITSELF=1", "PATH=" + t.TempDir(), "HOME=" + t.TempDir(), "CI=" + ci}
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	_ = cmd.Run()
	return cmd.ProcessState.ExitCode(), both.String()
}

// TestMain lets the test run the command itself.
func TestMain(m *testing.M) {
	if os.Getenv("WITHNEO4J_ITSELF") != "" {
		main()
	}
	os.Exit(m.Run())
}

func TestServersThatCannotBeHad(t *testing.T) {
	touch, err := exec.LookPath("touch")
	require.NoError(t, err)
	for _, arguments := range [][]string{{"-fetch"}, {touch, ""}, {"-relay", "/nowhere", touch, ""}} {
		ran := filepath.Join(t.TempDir(), "ran")
		if last := len(arguments) - 1; arguments[last] == "" {
			arguments[last] = ran
		}
		arguments := append([]string{"-versions", "2026.08.1,5.26.30"}, arguments...)

		code, said := onBareMachine(t, "", arguments...)
		require.Zero(t, code, said)
		require.Contains(t, said, "GOING ON WITHOUT Neo4j 2026.08.1")
		require.Contains(t, said, "GOING ON WITHOUT Neo4j 5.26.30")
		if arguments[2] != "-fetch" {
			require.FileExists(t, ran, "the command runs all the same")
			require.NoError(t, os.Remove(ran))
		}

		code, said = onBareMachine(t, "true", arguments...)
		require.Equal(t, exitNotStarted, code, said)
		require.NotContains(t, said, "GOING ON")
		require.NoFileExists(t, ran)
	}
}

func TestUnknownVersionIsAFault(t *testing.T) {
	code, said := onBareMachine(t, "", "-versions", "5.26.30,3.5.1", "-fetch")
	require.Equal(t, exitNotStarted, code)
	require.Contains(t, said, `it is not known how to start Neo4j "3.5.1"`)
}

func TestNeedsAreCommands(t *testing.T) {
	code, said := onBareMachine(t, "", "-versions", "5.26.30,4.4.48", "-needs")
	require.Zero(t, code, said)
	require.Contains(t, said, "mvn\n") // pip is needed only where no Java fits
	code, said = onBareMachine(t, "", "-versions", "3.5.1", "-needs")
	require.Equal(t, exitNotStarted, code, said)
}
