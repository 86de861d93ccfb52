// Command native measures results over Bolt natively, beside neo4j-go-driver: rows a second with every value read, or
// with all that a program wants in its structs (webbolt structs), processor time, allocations and bytes a row, and
// round trips a second of small queries. Records come from a replay server, in a process of its own, which sends them
// at memory speed, and from a real server if the environment names one (see internal/neo4jtest).
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
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
	from := flag.String("source", "", "measure only sources whose name contains this")
	scale := flag.Float64("scale", 1, "how many rows and queries a round has, as a multiple of the usual")
	serve := flag.Bool("serve", false, "be the replay server: print the address, and serve until standard input ends")
	flag.Parse()
	var err error
	if *serve {
		err = replay.Process()
	} else {
		err = profiled(*profile, func() error {
			return measure(*out,
				choice{*rounds, *scale, *only, *subjects, *from})
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// choice says what to measure.
type choice struct {
	rounds                int
	scale                 float64
	load, subject, source string
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

func measure(out string, chosen choice) error {
	ctx := context.Background()
	address, stop, err := replay.StartProcess("-serve")
	if err != nil {
		return err
	}
	defer stop()
	var sources []source
	if strings.Contains(sourceReplay, chosen.source) {
		sources = append(sources, source{name: sourceReplay, address: address, loads: replayLoads(chosen.scale)})
	}
	server, err := realServer(chosen.scale)
	if err != nil {
		return err
	}
	if server != nil && strings.Contains(server.name, chosen.source) {
		if err := server.prepare(ctx); err != nil {
			return err
		}
		defer server.cleanUp(ctx)
		sources = append(sources, *server)
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
	elapsed, cpu   time.Duration
	mallocs, bytes uint64
}

func one(ctx context.Context, s subject, l load) (figures, error) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began, used := time.Now(), cpuTime()
	for range l.repeat {
		rows, err := s.read(ctx, l)
		if err != nil {
			return figures{}, err
		}
		if rows != l.rows {
			return figures{}, fmt.Errorf("%d rows came, not %d", rows, l.rows)
		}
	}
	elapsed, used := time.Since(began), cpuTime()-used
	runtime.ReadMemStats(&after)
	return figures{elapsed, used, after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc}, nil
}

func (f figures) add(r *report.Report, source string, l load, subject string) {
	if l.rows == 1 {
		n := float64(l.repeat)
		r.Add(source, l.name, "round trips", subject, "queries/s", n/f.elapsed.Seconds())
		if f.cpu > 0 {
			r.Add(source, l.name, "processor time a query", subject, "µs", float64(f.cpu.Nanoseconds())/1000/n)
		}
		r.Add(source, l.name, "allocations a query", subject, "allocations", float64(f.mallocs)/n)
		r.Add(source, l.name, "bytes a query", subject, "B", float64(f.bytes)/n)
		return
	}
	n := float64(l.rows * l.repeat)
	r.Add(source, l.name, "rows", subject, "rows/s", n/f.elapsed.Seconds())
	if f.cpu > 0 {
		r.Add(source, l.name, "processor time a row", subject, "µs", float64(f.cpu.Nanoseconds())/1000/n)
	}
	r.Add(source, l.name, "allocations a row", subject, "allocations", float64(f.mallocs)/n)
	r.Add(source, l.name, "bytes a row", subject, "B", float64(f.bytes)/n)
}
