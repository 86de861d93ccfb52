//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// limit is how long a part may run: without it, a part that hangs would end the whole run without a report of the
// failures.
var limit = 40 * time.Minute

// patience is how long a part may take to end after it was told to.
const patience = 20 * time.Second

// counts are numbers of tests. A test with subtests is not counted, its subtests are.
type counts struct{ passed, failed, skipped int }

func (c counts) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", c.passed, c.failed, c.skipped)
}

func (c *counts) add(other counts) {
	c.passed += other.passed
	c.failed += other.failed
	c.skipped += other.skipped
}

// skip is a skipped test.
type skip struct{ name, reason string }

// part is one run of the command, and its outcome.
type part struct {
	name   string
	screen *screen

	mu      sync.Mutex // guards the fields below
	began   time.Time
	took    time.Duration
	ended   bool
	counts  counts
	failed  []string // names, for the summary
	skipped []skip
	closing []string // closing lines of the runners
	goTest  goTest
	tap     tap
}

func newPart(name string, screen *screen) *part { return &part{name: name, screen: screen} }

// run runs the command to its end. When ctx is cancelled, it ends the command and all that this started.
func (p *part) run(ctx context.Context, command string) {
	p.start()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, command, p.name)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = patience
	reader, writer := io.Pipe()
	cmd.Stdout, cmd.Stderr = writer, writer
	var reading sync.WaitGroup
	reading.Go(func() { p.read(reader) })
	err := cmd.Run()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("it did not end within %v", limit)
	}
	writer.Close()
	reading.Wait()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // processes that the command has left behind
	}
	p.end(err)
}

func (p *part) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.began = time.Now()
	p.screen.line(p.name, "starts")
}

func (p *part) end(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.took, p.ended = time.Since(p.began).Round(time.Second), true
	if err != nil && (p.counts.failed == 0 || p.took >= limit) {
		p.fail(fmt.Sprintf("%s: %v", p.name, err))
	}
	p.tap.finish(p)
	p.screen.line(p.name, fmt.Sprintf("ended after %v: %v", p.took, p.counts))
}

// read reads the command's output.
func (p *part) read(from io.Reader) {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			p.handle(strings.TrimRight(line, "\r\n"))
		}
		if err != nil {
			return
		}
	}
}

func (p *part) handle(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.goTest.handle(p, line) && !p.tap.handle(p, line) {
		p.screen.line(p.name, line)
	}
}

func (p *part) pass() { p.counts.passed++ }

func (p *part) fail(name string) {
	p.counts.failed++
	p.failed = append(p.failed, name)
}

func (p *part) skip(name, reason string) {
	p.counts.skipped++
	p.skipped = append(p.skipped, skip{name, reason})
}

// now says what the part is doing, or "" if it does not run.
func (p *part) now() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.began.IsZero() || p.ended {
		return ""
	}
	if p.counts == (counts{}) && p.goTest.packages == nil {
		return fmt.Sprintf("%s: since %v", p.name, time.Since(p.began).Round(time.Second))
	}
	text := fmt.Sprintf("%s: %d passed", p.name, p.counts.passed)
	if p.counts.failed > 0 {
		text += fmt.Sprintf(", %d FAILED", p.counts.failed)
	}
	if names := p.goTest.running(); names != "" {
		text += ", in " + names
	}
	return text
}
