//go:build linux

package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// felt is what honest clients experienced.
type felt struct {
	mu       sync.Mutex
	times    map[string][]time.Duration
	failures []string
	failed   int
}

func newFelt() *felt { return &felt{times: map[string][]time.Duration{}} }

// time calls do and notes how long it took, or why it failed.
func (f *felt) time(what string, do func() error) {
	began := time.Now()
	err := do()
	took := time.Since(began)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		if f.failed++; len(f.failures) < 10 {
			f.failures = append(f.failures, what+": "+err.Error())
		}
		return
	}
	f.times[what] = append(f.times[what], took)
}

func (f *felt) count() (n int) {
	for _, times := range f.times {
		n += len(times)
	}
	return n
}

// percentile of what took how long; 0 if it was never done.
func (f *felt) percentile(what string, p float64) time.Duration {
	times := slices.Sorted(slices.Values(f.times[what]))
	if len(times) == 0 {
		return 0
	}
	return times[min(len(times)-1, int(p*float64(len(times))))]
}

// report is the outcome.
type report struct {
	calm, attacked     *felt
	memoryCalm, memory int64 // MiB, the most
	log                int64 // bytes
	limits             []string
	written            int64 // nodes that attackers wrote

	mu       sync.Mutex
	attempts map[string]int
	breaches []string
}

func (r *report) attempt(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempts[name]++
}

// breach notes that an attack succeeded.
func (r *report) breach(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.breaches) < 20 {
		r.breaches = append(r.breaches, what)
	}
}

func (r *report) print(out io.Writer) {
	fmt.Fprintf(out, "%-18s %8s %10s %10s %8s %10s %10s %7s\n", "honest clients", "calm", "p50", "p99", "attacked",
		"p50", "p99", "factor")
	for _, what := range slices.Sorted(maps.Keys(r.calm.times)) {
		calm, now := r.calm.percentile(what, 0.99), r.attacked.percentile(what, 0.99)
		fmt.Fprintf(out, "%-18s %8d %10s %10s %8d %10s %10s %7.1f\n", what, len(r.calm.times[what]),
			short(r.calm.percentile(what, 0.5)), short(calm),
			len(r.attacked.times[what]), short(r.attacked.percentile(what, 0.5)), short(now),
			float64(now)/float64(max(1, calm)))
	}
	fmt.Fprintf(out, "refused or failed: %d calm, %d attacked\n", r.calm.failed, r.attacked.failed)
	fmt.Fprintf(out, "relay: at most %d MiB (%d in calm), %d KiB of log\n", r.memory, r.memoryCalm, r.log>>10)
	for _, name := range slices.Sorted(maps.Keys(r.attempts)) {
		fmt.Fprintf(out, "attack %-28s %8d times\n", name, r.attempts[name])
	}
	for _, line := range r.limits {
		fmt.Fprintln(out, line)
	}
}

func short(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }

// wrong lists what must not happen.
func (r *report) wrong(o options) (wrong []error) {
	add := func(format string, values ...any) { wrong = append(wrong, fmt.Errorf(format, values...)) }
	if n := r.calm.failed + r.attacked.failed; n > 0 {
		add("honest clients were refused or failed %d times: %v", n, append(r.calm.failures, r.attacked.failures...))
	}
	for what := range r.calm.times {
		now := r.attacked.percentile(what, 0.99)
		if now == 0 {
			add("%s was never done under attack", what)
		}
		if bound := max(o.floor, time.Duration(o.factor*float64(r.calm.percentile(what, 0.99)))); o.factor > 0 &&
			now > bound {
			add("%s: the 99th percentile is %s under attack, more than %s", what, short(now), short(bound))
		}
	}
	if r.memory < 0 {
		wrong = append(wrong, errors.New("the relay is gone"))
	}
	if r.memory > o.memory {
		add("the relay took %d MiB, more than %d", r.memory, o.memory)
	}
	if r.written > 0 {
		add("attackers wrote %d nodes in sessions that may only read", r.written)
	}
	for _, what := range r.breaches {
		add("let through: %s", what)
	}
	return wrong
}
