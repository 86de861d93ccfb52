//go:build unix

// Command testrun runs the parts of the test suite, several at once, shows what
// they do, and sums up what passed, failed and was skipped.
//
//	testrun [-at-once N] COMMAND PART…
//
// Each part is a run of "COMMAND PART". Of what a part prints, testrun understands
// the events of `go test -json` and the TAP of Node's test runner; other lines are
// shown as they are. The last lines are the runners' own closing lines and, alone
// on a line, "N passed, N failed, N skipped" for all parts together. The exit code
// is 1 if anything failed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

// heartbeat is the interval at which a silent run reports that it is alive.
const heartbeat = 30 * time.Second

func main() {
	atOnce := flag.Int("at-once", 2, "how many parts run at the same time")
	flag.Parse()
	if flag.NArg() < 2 || *atOnce < 1 {
		fmt.Fprintln(os.Stderr, "testrun: which command, and which parts? See -help")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := run(ctx, os.Stdout, *atOnce, flag.Arg(0), flag.Args()[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "testrun:", err)
		os.Exit(1)
	}
}

var errFailed = errors.New("not all passed")

// run runs the parts and writes progress and summary. The parts start in the order given.
func run(ctx context.Context, out io.Writer, atOnce int, command string, names []string) error {
	screen := &screen{out: out, began: time.Now()}
	parts := make([]*part, len(names))
	for i, name := range names {
		parts[i] = newPart(name, screen)
	}
	ended := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() { watch(screen, parts, ended) })
	turns := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	for _, p := range parts {
		turns <- struct{}{}
		running.Go(func() {
			defer func() { <-turns }()
			p.run(ctx, command)
		})
	}
	running.Wait()
	close(ended)
	group.Wait()
	if total := summarize(out, parts); total.failed > 0 || ctx.Err() != nil {
		return errFailed
	}
	return nil
}

// watch reports regularly what runs.
func watch(screen *screen, parts []*part, ended <-chan struct{}) {
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for {
		select {
		case <-ended:
			return
		case <-ticker.C:
			var now []string
			for _, p := range parts {
				if text := p.now(); text != "" {
					now = append(now, text)
				}
			}
			screen.line("...", strings.Join(now, "; "))
		}
	}
}

// screen receives the output of all parts, a line at a time, with the time since the start and the part's name.
type screen struct {
	mu    sync.Mutex
	out   io.Writer
	began time.Time
}

func (s *screen) line(who, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	since := time.Since(s.began)
	for line := range strings.Lines(text) {
		fmt.Fprintf(s.out, "%2d:%02d %-8s %s\n",
			int(since.Minutes()), int(since.Seconds())%60, who, strings.TrimRight(line, "\r\n"))
	}
}
