//go:build linux

// Command attack tries to take a relay down while honest clients work, and reports the effect on them. It starts the
// relay (built before) in front of a real Neo4j that the environment names (package neo4jtest), first without and then
// with attackers. All is on this machine's loopback addresses, one for each client, and bounded in count and time. It
// ends with 1 if an honest client was refused, waited too long, or the relay took too much memory or let something
// through. `make attack` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/webbolt/webbolt/internal/neo4jtest"
)

type options struct {
	relay    string        // the command
	duration time.Duration // of all
	memory   int64         // MiB that the relay may take
	factor   float64       // by which the slowest hundredth may be slower than in calm
	floor    time.Duration // waits that are no matter
	only     string        // attacks whose names hold this
}

func main() {
	var o options
	flag.StringVar(&o.relay, "relay", "build/webbolt", "the relay's command")
	flag.DurationVar(&o.duration, "duration", 2*time.Minute, "for how long, a sixth of it without attackers")
	flag.Int64Var(&o.memory, "memory", 768, "MiB that the relay may take")
	flag.Float64Var(&o.factor, "factor", 10, "by which honest clients' 99th percentile may grow")
	flag.DurationVar(&o.floor, "floor", 100*time.Millisecond,
		"a 99th percentile that is good in any case, because this machine also bears the attackers")
	flag.StringVar(&o.only, "only", "", "only the attacks whose names hold this text")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	report, err := run(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
	report.print(os.Stdout)
	if wrong := report.wrong(o); len(wrong) > 0 {
		fmt.Fprintln(os.Stderr, "attack:", errors.Join(wrong...))
		os.Exit(1)
	}
	fmt.Println("The relay held.")
}

// run is one whole trial.
func run(ctx context.Context, o options) (*report, error) {
	neo4j, err := neo4jtest.Find(neo4jtest.V5)
	if err != nil {
		return nil, err
	}
	if neo4j == nil {
		return nil, errors.New(neo4jtest.V5.Env() + " names no server; run it by make attack")
	}
	r, err := startRelay(o.relay, neo4j)
	if err != nil {
		return nil, err
	}
	defer r.stop()
	result := &report{calm: newFelt(), attacked: newFelt(), attempts: map[string]int{}}
	if err := honest(ctx, r, o.duration/6, result.calm); err != nil {
		return nil, err
	}
	result.memoryCalm = r.memory()
	attack, end := context.WithCancel(ctx)
	defer end()
	target := &target{relay: r, report: result}
	var attackers sync.WaitGroup
	for _, a := range chosen(o.only) {
		attackers.Go(func() { a.run(attack, target.as(a)) })
	}
	err = honest(ctx, r, o.duration*5/6, result.attacked)
	result.limits = r.limits()
	end()
	attackers.Wait()
	if err != nil {
		return nil, err
	}
	result.memory, result.log = r.memory(), r.log.size()
	result.written, err = r.written(ctx, neo4j)
	return result, err
}
