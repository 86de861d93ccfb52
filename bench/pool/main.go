// Command pool measures what lending a connection costs, beside puddle, and queries through the pool, beside
// neo4j-go-driver's.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/puddle/v2"

	"github.com/webbolt/webbolt/bench/report"
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake/replay"
	"github.com/webbolt/webbolt/pool"
)

const (
	poolSize    = 8
	webbolt     = "webbolt"
	unitLends   = "lends/s"
	unitQueries = "queries/s"
)

// settings are how much to measure.
type settings struct {
	rounds         int
	lends, queries int // per round, shared by the contenders
}

func main() {
	var s settings
	out := flag.String("out", "bench/results/pool.json", "where the figures go")
	flag.IntVar(&s.rounds, "rounds", 9, "rounds that count; one more warms up")
	flag.IntVar(&s.lends, "lends", 400_000, "how often connections are lent in a round")
	flag.IntVar(&s.queries, "queries", 10_000, "how many queries a round has")
	serve := flag.Bool("serve", false, "be the replay server: print the address, and serve until standard input ends")
	flag.Parse()
	var err error
	if *serve {
		err = replay.Process()
	} else {
		err = measure(*out, s)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func measure(out string, s settings) error {
	r := report.New()
	for _, step := range []func(*report.Report, settings) error{measureLending, measureQueries} {
		if err := step(r, s); err != nil {
			return err
		}
	}
	return r.Write(out, os.Stdout, webbolt)
}

// idle is an unused connection; it has only the methods that a pool calls.
type idle struct{ client.Connection }

func (*idle) Broken() bool                         { return false }
func (*idle) Closed() bool                         { return false }
func (*idle) TokenRefused() bool                   { return false }
func (*idle) Reauthenticated() bool                { return false }
func (*idle) Clean() bool                          { return true }
func (*idle) Reset(context.Context, bool) error    { return nil }
func (*idle) Statistics() (none client.Statistics) { return none }
func (*idle) Close() error                         { return nil }
func openIdle(context.Context, client.Profile, client.Options) (client.Connection, error) {
	return &idle{}, nil
}

func measureLending(r *report.Report, s settings) error {
	ctx := context.Background()
	profile, err := client.ParseProfile("bolt://localhost")
	if err != nil {
		return err
	}
	ours, err := pool.Open(ctx, profile, pool.Options{MaxSize: poolSize, InitSize: poolSize, Open: openIdle})
	if err != nil {
		return err
	}
	defer ours.Close()
	theirs, err := puddle.NewPool(&puddle.Config[*idle]{
		Constructor: func(context.Context) (*idle, error) { return &idle{}, nil },
		Destructor:  func(*idle) {},
		MaxSize:     poolSize,
	})
	if err != nil {
		return err
	}
	defer theirs.Close()
	subjects := map[string]func() error{
		webbolt: func() error {
			cx, err := ours.Acquire(ctx)
			if err != nil {
				return err
			}
			return ours.Release(cx, false)
		},
		"puddle": func() error {
			resource, err := theirs.Acquire(ctx)
			if err != nil {
				return err
			}
			resource.Release()
			return nil
		},
	}
	for round := range s.rounds + 1 { // the first warms up
		for _, contenders := range []int{1, 8, 64} {
			for _, subject := range []string{webbolt, "puddle"} {
				perSecond, err := contend(contenders, s.lends, subjects[subject])
				if err != nil {
					return err
				}
				if round > 0 {
					r.Add("memory", strconv.Itoa(contenders)+" contenders", "acquire and release", subject, unitLends,
						perSecond)
				}
			}
		}
	}
	return nil
}

// contend shares n calls among contenders and returns calls per second.
func contend(contenders, n int, call func() error) (float64, error) {
	var group sync.WaitGroup
	failures := make(chan error, contenders)
	began := time.Now()
	for range contenders {
		group.Go(func() {
			for range n / contenders {
				if err := call(); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	group.Wait()
	elapsed := time.Since(began)
	select {
	case err := <-failures:
		return 0, err
	default:
		return float64(n) / elapsed.Seconds(), nil
	}
}
