//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// outcomeOf runs scripts, one for each part, by their names, and returns what run wrote.
func outcomeOf(t *testing.T, ctx context.Context, scripts map[string]string, names ...string) (string, error) {
	t.Helper()
	folder := t.TempDir()
	for name, script := range scripts {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(script), 0o755))
	}
	command := filepath.Join(folder, "command")
	require.NoError(t, os.WriteFile(command, []byte("#!/bin/sh\nexec /bin/sh "+folder+"/$1\n"), 0o755))
	var out bytes.Buffer
	err := run(ctx, &out, 2, command, names)
	return out.String(), err
}

// print is a script that prints the text.
func printed(text string) string { return "cat <<'END'\n" + text + "END\n" }

const goEvents = `{"Action":"start","Package":"example.org/m/pool"}
{"Action":"output","Package":"example.org/m/pool","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"run","Package":"example.org/m/pool","Test":"TestA"}
{"Action":"run","Package":"example.org/m/pool","Test":"TestA/one"}
{"Action":"pass","Package":"example.org/m/pool","Test":"TestA/one","Elapsed":0.1}
{"Action":"output","Package":"example.org/m/pool","Test":"TestA/two","Output":"    x_test.go:7: NOT TESTED\n"}
{"Action":"output","Package":"example.org/m/pool","Test":"TestA/two","Output":"    --- SKIP: TestA/two (0.00s)\n"}
{"Action":"skip","Package":"example.org/m/pool","Test":"TestA/two","Elapsed":0}
{"Action":"pass","Package":"example.org/m/pool","Test":"TestA","Elapsed":0.1}
{"Action":"output","Package":"example.org/m/pool","Output":"ok  \texample.org/m/pool\t0.2s\n"}
{"Action":"pass","Package":"example.org/m/pool","Elapsed":0.2}
`

const goFailure = `{"Action":"start","Package":"example.org/m/dial"}
{"Action":"run","Package":"example.org/m/dial","Test":"TestB"}
{"Action":"run","Package":"example.org/m/dial","Test":"TestB/deep"}
{"Action":"run","Package":"example.org/m/dial","Test":"TestB/wss://host"}
{"Action":"pass","Package":"example.org/m/dial","Test":"TestB/wss://host","Elapsed":0.1}
{"Action":"output","Package":"example.org/m/dial","Test":"TestB/deep","Output":"    y_test.go:9: it broke\n"}
{"Action":"fail","Package":"example.org/m/dial","Test":"TestB/deep","Elapsed":0.1}
{"Action":"fail","Package":"example.org/m/dial","Test":"TestB","Elapsed":0.1}
{"Action":"output","Package":"example.org/m/dial","Output":"FAIL\texample.org/m/dial\t0.2s\n"}
{"Action":"fail","Package":"example.org/m/dial","Elapsed":0.2}
{"ImportPath":"example.org/m/bad","Action":"build-output","Output":"bad.go:1:1: no such thing\n"}
{"Action":"start","Package":"example.org/m/bad"}
{"Action":"output","Package":"example.org/m/bad","Output":"FAIL\texample.org/m/bad [build failed]\n"}
{"Action":"fail","Package":"example.org/m/bad","Elapsed":0,"FailedBuild":"example.org/m/bad"}
{"Action":"start","Package":"example.org/m/panics"}
{"Action":"output","Package":"example.org/m/panics","Test":"TestC","Output":"panic: test timed out\n"}
{"Action":"output","Package":"example.org/m/panics","Output":"FAIL\texample.org/m/panics\t9s\n"}
{"Action":"fail","Package":"example.org/m/panics","Elapsed":9}
`

const tapOutput = `TAP version 13
# a page says something
# Subtest: the page
    # Subtest: chrome
        # Subtest: draws: a graph
        ok 1 - draws: a graph
          ---
          duration_ms: 12.5
          type: 'test'
          ...
        # Subtest: needs WebGL
        ok 2 - needs WebGL # SKIP no display
          ---
          duration_ms: 0.5
          type: 'test'
          ...
        1..2
    ok 1 - chrome
      ---
      duration_ms: 13
      type: 'suite'
      ...
    # Subtest: firefox
    ok 2 - firefox # SKIP firefox is not installed
      ---
      duration_ms: 0
      type: 'suite'
      ...
    1..2
ok 1 - the page
  ---
  duration_ms: 13
  type: 'suite'
  ...
1..1
# tests 2
# suites 3
# pass 1
# fail 0
# cancelled 0
# skipped 1
# todo 0
# duration_ms 20.5
`

const tapFailure = `TAP version 13
# a page complains
# Subtest: stops
not ok 1 - stops
  ---
  duration_ms: 3
  type: 'test'
  error: 'it went on'
  ...
# Subtest: suite
not ok 2 - suite
  ---
  duration_ms: 3
  type: 'suite'
  failureType: 'hookFailed'
  error: 'no browser'
  ...
1..2
# tests 1
# suites 0
# pass 0
# fail 1
# cancelled 0
# skipped 0
# todo 0
# duration_ms 5
`

func TestAllThatPassesAndIsSkipped(t *testing.T) {
	said, err := outcomeOf(t, t.Context(), map[string]string{
		"lint": "echo looking\n", "go": printed(goEvents), "page": printed(tapOutput),
	}, "lint", "go", "page")
	require.NoError(t, err, said)
	for _, line := range []string{
		"looking",
		"ok  \texample.org/m/pool\t0.2s",
		"SKIPPED go: pool TestA/two: NOT TESTED",
		"SKIPPED page: the page > chrome > needs WebGL: no display",
		"SKIPPED page: the page > firefox (all its tests): firefox is not installed",
		"-- go\nok  \texample.org/m/pool\t0.2s\n",
		"-- page\n# tests 2\n# suites 3\n# pass 1\n# fail 0\n",
	} {
		require.Contains(t, said, line)
	}
	require.True(t, strings.HasSuffix(said, "\n2 passed, 0 failed, 3 skipped\n"), said)
	require.NotContains(t, said, "FAILED")
	require.NotContains(t, said, "a page says something")
}

func TestFailuresAreShownAndCounted(t *testing.T) {
	said, err := outcomeOf(t, t.Context(), map[string]string{
		"lint": "echo 'not formatted'; exit 3\n",
		"go":   printed(goEvents+goFailure) + "exit 1\n",
		"page": printed(tapFailure) + "exit 1\n",
	}, "lint", "go", "page")
	require.ErrorIs(t, err, errFailed)
	for _, line := range []string{
		"it broke", "no such thing", "UNFINISHED TestC", "panic: test timed out", "it went on", "a page complains",
		"FAILED lint: lint: exit status 3",
		"FAILED go: dial TestB/deep", "FAILED go: bad", "FAILED go: panics",
		"FAILED page: stops", "FAILED page: suite", "no browser",
		"FAIL\texample.org/m/dial\t0.2s",
	} {
		require.Contains(t, said, line)
	}
	require.NotContains(t, said, "FAILED go: dial TestB\n", "a test whose subtest failed is counted once")
	require.NotContains(t, said, "UNFINISHED TestB", "a slash in a name makes no subtest")
	shown := strings.Count(said, " go       FAIL\texample.org/m/dial\t0.2s\n")
	require.Equal(t, 1, shown, said)
	require.True(t, strings.HasSuffix(said, "\n2 passed, 6 failed, 1 skipped\n"), said)
}

// A command that cannot be run, and one that dies in the middle, are failures.
func TestPartsThatBreakOff(t *testing.T) {
	said, err := outcomeOf(t, t.Context(), map[string]string{
		"go":   "echo '{\"Action\":\"start\",\"Package\":\"p\"}'; kill -KILL $$\n",
		"page": printed(strings.Split(tapOutput, "# tests")[0]) + "exit 1\n",
	}, "go", "page")
	require.ErrorIs(t, err, errFailed)
	require.Contains(t, said, "FAILED go: go: signal: killed")
	require.True(t, strings.HasSuffix(said, "\n1 passed, 2 failed, 2 skipped\n"), said)

	var out bytes.Buffer
	require.ErrorIs(t, run(t.Context(), &out, 1, "/nowhere/command", []string{"go"}), errFailed)
	require.Contains(t, out.String(), "no such file")
}

// A long line, and one without an end, do not stop the reading.
func TestLinesOfAnyLength(t *testing.T) {
	said, err := outcomeOf(t, t.Context(), map[string]string{
		"go": "head -c 3000000 /dev/zero | tr '\\0' x; echo; printf 'no end'\n",
	}, "go")
	require.NoError(t, err)
	require.Contains(t, said, "no end")
}

// What a part has started ends with it.
func TestCancelEndsAllThatWasStarted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	alive := filepath.Join(t.TempDir(), "alive")
	script := "mkfifo " + alive + "; sleep 1000 & cat " + alive + "\n"
	go func() {
		for {
			if pipe, err := os.OpenFile(alive, os.O_WRONLY, 0); err == nil { // the script reads
				cancel()
				_ = pipe.Close()
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	said, err := outcomeOf(t, ctx, map[string]string{"go": script}, "go")
	require.ErrorIs(t, err, errFailed)
	require.Contains(t, said, "FAILED go: go:")
}

func TestPartThatHangs(t *testing.T) {
	defer func(usual time.Duration) { limit = usual }(limit)
	limit = 300 * time.Millisecond
	said, err := outcomeOf(t, t.Context(), map[string]string{"page": printed(tapOutput) + "sleep 1000\n"}, "page")
	require.ErrorIs(t, err, errFailed)
	require.Contains(t, said, "FAILED page: page: it did not end within 300ms")
}

func TestNowSaysWhatRuns(t *testing.T) {
	p := newPart("go", &screen{out: io.Discard, began: time.Now()})
	require.Empty(t, p.now())
	p.start()
	require.Equal(t, "go: since 0s", p.now())
	for line := range strings.Lines(goEvents) {
		if strings.Contains(line, "ok  ") {
			break
		}
		p.handle(strings.TrimSpace(line))
	}
	require.Equal(t, "go: 1 passed, in pool", p.now())
	p.end(nil)
	require.Empty(t, p.now())
}
