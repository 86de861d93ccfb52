//go:build unix

package neo4jtest

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// asParent has the test binary act as a program that starts a process, says
// its id and folder, and then waits to be killed.
const asParent = "NEO4JTEST_AS_PARENT"

func TestMain(m *testing.M) {
	if folder := os.Getenv(asParent); folder != "" {
		p, err := startProcess([]string{"/bin/sleep", "1000"}, folder, true)
		if err != nil {
			panic(err)
		}
		os.Stdout.WriteString(strconv.Itoa(p.pid()) + "\n")
		select {}
	}
	os.Exit(m.Run())
}

// A server dies with the program that started it, even when that program is
// killed and can do nothing about it, and its temporary folder goes too.
func TestProcessDiesWithKilledParent(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.Mkdir(folder, 0o755))
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), asParent+"="+folder)
	output, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err)
	require.True(t, alive(pid))
	require.DirExists(t, folder)

	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait()
	require.Eventually(t, func() bool { return !alive(pid) }, time.Minute, 10*time.Millisecond)
	require.Eventually(t, func() bool {
		_, err := os.Stat(folder)
		return os.IsNotExist(err)
	}, time.Minute, 10*time.Millisecond)
}

func TestProcessEndsOnKillAndTerminate(t *testing.T) {
	for name, end := range map[string]func(p *process){
		"kill":      func(p *process) { p.kill() },
		"terminate": func(p *process) { require.NoError(t, p.terminate()) },
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			p, err := startProcess([]string{"/bin/sleep", "1000"}, folder, false)
			require.NoError(t, err)
			require.False(t, p.endedEarly())
			end(p)
			require.False(t, alive(p.pid()))
			require.Nil(t, p.leash)
			end(p) // a second time does nothing
			require.DirExists(t, folder)
		})
	}
}

func TestProcessThatEndsByItself(t *testing.T) {
	p, err := startProcess([]string{"/bin/sh", "-c", "echo one; echo two >&2; exit 3"}, t.TempDir(), false)
	require.NoError(t, err)
	<-p.ended
	require.True(t, p.endedEarly())
	require.ErrorContains(t, p.err, "exit status 3")
	require.Equal(t, "one\ntwo", p.lastLines())
	p.kill()
	require.False(t, p.endedEarly())
}

// alive reports whether a process runs; one that ended but was not yet waited
// for by its parent does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && !strings.HasPrefix(strings.TrimSpace(string(state)), "Z")
}

func TestFollowKeepsTheLastLinesOfMaven(t *testing.T) {
	var progress strings.Builder
	output := "Downloading from central: a\nDownloaded from central: a\n" + strings.Repeat("more\n", 20) +
		"[ERROR] no\n"
	last := follow(strings.NewReader(output), V5, &progress)
	require.Equal(t, strings.Repeat("more\n", 11)+"[ERROR] no", last)
	require.Empty(t, progress.String())
	require.Empty(t, follow(io.LimitReader(strings.NewReader(""), 0), V5, &progress))
}

func TestRelayThatEndsAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "relay")
	require.NoError(t, os.WriteFile(file, []byte("#!/bin/sh\necho \"$@\"; exit 4\n"), 0o755))
	_, err := StartRelay(t.Context(), file, &Server{BoltAddr: "127.0.0.1:1"}, "--more")
	require.ErrorContains(t, err, "exit status 4")
	require.ErrorContains(t, err, "relay --listen 127.0.0.1:")
	require.ErrorContains(t, err, "--upstream bolt://127.0.0.1:1 --more")
}
