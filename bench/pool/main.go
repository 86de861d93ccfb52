// Command pool measures what lending a connection costs, beside puddle, and queries through the pool, beside neo4j-go-driver's.
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
	"github.com/webbolt/webbolt/pool"
)

const (
	rounds      = 9
	poolSize    = 8
	lends       = 400_000 // per round, shared by the contenders
	webbolt     = "webbolt"
	unitLends   = "lends/s"
	unitQueries = "queries/s"
)

func main() {
	out := flag.String("out", "bench/results/pool.json", "where the figures go")
	flag.Parse()
	r := report.New()
	for _, step := range []func(*report.Report) error{measureLending, measureQueries} {
		if err := step(r); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := r.Write(*out, os.Stdout, webbolt); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// idle is a connection that nothing is done with; only what a pool looks at is there.
type idle struct{ client.Connection }

func (*idle) Broken() bool                         { return false }
func (*idle) Closed() bool                         { return false }
func (*idle) Clean() bool                          { return true }
func (*idle) Reset(context.Context, bool) error    { return nil }
func (*idle) Statistics() (none client.Statistics) { return none }
func (*idle) Close() error                         { return nil }
func openIdle(context.Context, client.Profile, client.Options) (client.Connection, error) {
	return &idle{}, nil
}

func measureLending(r *report.Report) error {
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
	for round := range rounds + 1 { // the first warms up
		for _, contenders := range []int{1, 8, 64} {
			for _, subject := range []string{webbolt, "puddle"} {
				perSecond, err := contend(contenders, lends, subjects[subject])
				if err != nil {
					return err
				}
				if round > 0 {
					r.Add("memory", strconv.Itoa(contenders)+" contenders", "acquire and release", subject, unitLends, perSecond)
				}
			}
		}
	}
	return nil
}

// contend shares n calls among contenders and gives calls per second.
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
