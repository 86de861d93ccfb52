// Command native measures results over Bolt natively, beside neo4j-go-driver: rows a second with every value read, allocations and bytes
// a row, and round trips a second of small queries. Records come from a replay server, in a process of its own, which sends them at
// memory speed, and from a real server if the environment names one (see internal/neo4jtest).
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/webbolt/webbolt/bench/report"
	"github.com/webbolt/webbolt/internal/boltfake/replay"
)

func main() {
	out := flag.String("out", "bench/results/native.json", "where the figures go")
	rounds := flag.Int("rounds", 7, "rounds that count; one more warms up")
	only := flag.String("only", "", "measure only loads whose name contains this")
	profile := flag.String("cpuprofile", "", "write a CPU profile there")
	subjects := flag.String("subject", "", "measure only subjects whose name contains this")
	serve := flag.Bool("serve", false, "be the replay server: print the address, and serve until standard input ends")
	flag.Parse()
	var err error
	if *serve {
		err = beReplay()
	} else {
		err = profiled(*profile, func() error { return measure(*out, choice{*rounds, *only, *subjects}) })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// choice says what to measure.
type choice struct {
	rounds        int
	load, subject string
}

func profiled(file string, run func() error) error {
	if file == "" {
		return run()
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return run()
}

func beReplay() error {
	server, err := replay.Listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(server.Address)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent has gone
	return server.Close()
}

// startReplay starts this program as the replay server.
func startReplay() (address string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	child := exec.Command(self, "-serve")
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	stdout, err := child.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := child.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = in.Close()
		_ = child.Wait()
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("the replay server did not start: %w", err)
	}
	return strings.TrimSpace(line), stop, nil
}

func measure(out string, chosen choice) error {
	ctx := context.Background()
	address, stop, err := startReplay()
	if err != nil {
		return err
	}
	defer stop()
	sources := []source{{name: "replay", address: address, loads: replayLoads}}
	if server, ok := realServer(); ok {
		if err := server.prepare(ctx); err != nil {
			return err
		}
		defer server.cleanUp(ctx)
		sources = append(sources, server)
	}
	r := report.New()
	for _, s := range sources {
		if err := s.measure(ctx, r, chosen); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return r.Write(out, os.Stdout, subjectWebbolt)
}

// measure takes interleaved rounds of all loads with all subjects.
func (s source) measure(ctx context.Context, r *report.Report, chosen choice) error {
	subjects, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer func() {
		for _, subject := range subjects {
			_ = subject.close(ctx)
		}
	}()
	for _, l := range s.loads {
		if !strings.Contains(l.name, chosen.load) {
			continue
		}
		for round := range chosen.rounds + 1 {
			for _, subject := range subjects {
				if l.composite && subject.scalarsOnly || !strings.Contains(subject.name, chosen.subject) {
					continue
				}
				figures, err := one(ctx, subject, l)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", l.name, subject.name, err)
				}
				if round > 0 {
					figures.add(r, s.name, l, subject.name)
				}
			}
		}
	}
	return nil
}

// figures are those of one round.
type figures struct {
	elapsed        time.Duration
	mallocs, bytes uint64
}

func one(ctx context.Context, s subject, l load) (figures, error) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	for range l.repeat {
		rows, err := s.read(ctx, l.query, l.parameters)
		if err != nil {
			return figures{}, err
		}
		if rows != l.rows {
			return figures{}, fmt.Errorf("%d rows came, not %d", rows, l.rows)
		}
	}
	elapsed := time.Since(began)
	runtime.ReadMemStats(&after)
	return figures{elapsed, after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc}, nil
}

func (f figures) add(r *report.Report, source string, l load, subject string) {
	if l.rows == 1 {
		n := float64(l.repeat)
		r.Add(source, l.name, "round trips", subject, "queries/s", n/f.elapsed.Seconds())
		r.Add(source, l.name, "allocations a query", subject, "allocations", float64(f.mallocs)/n)
		r.Add(source, l.name, "bytes a query", subject, "B", float64(f.bytes)/n)
		return
	}
	n := float64(l.rows * l.repeat)
	r.Add(source, l.name, "rows", subject, "rows/s", n/f.elapsed.Seconds())
	r.Add(source, l.name, "allocations a row", subject, "allocations", float64(f.mallocs)/n)
	r.Add(source, l.name, "bytes a row", subject, "B", float64(f.bytes)/n)
}
