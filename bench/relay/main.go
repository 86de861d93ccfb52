//go:build unix

// Command relay measures the relay beside websockify and a TCP connection without anything in between: the throughput
// of a bulk result, round trips, and the memory of idle connections. Rounds are interleaved.
//
//	go run ./internal/neo4jtest/withneo4j -- go run ./bench/relay
//
// Without a Neo4j in the environment it measures with a source of its own only.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/webbolt/webbolt/bench/report"
)

type settings struct {
	rounds     int
	trips      time.Duration // for each load of round trips
	idle       int           // connections
	bulk       int           // MiB of a bulk result of the source's own
	rows       int           // of one from Neo4j
	only       string
	out, cache string
}

func main() {
	var s settings
	source := flag.Bool("source", false, "be the source (the bench starts itself so)")
	flag.IntVar(&s.rounds, "rounds", 5, "how often each figure is taken")
	flag.DurationVar(&s.trips, "trips", 3*time.Second, "how long round trips are counted")
	flag.IntVar(&s.idle, "idle", 10000, "idle connections")
	flag.IntVar(&s.bulk, "bulk", 256, "MiB of a bulk result")
	flag.IntVar(&s.rows, "rows", 300000, "rows of a bulk result from Neo4j")
	flag.StringVar(&s.only, "only", "bulk,trips,neo4j,idle", "what to measure")
	flag.StringVar(&s.out, "out", "bench/results/relay.json", "where the figures go")
	flag.StringVar(&s.cache, "cache", "", "where websockify is installed (the user's cache folder)")
	flag.Parse()
	if *source {
		serveSource()
		return
	}
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "bench/relay:", err)
		os.Exit(1)
	}
}

func run(s settings) (err error) {
	b := &bench{settings: s, report: report.New()}
	defer func() { err = errors.Join(err, b.stop()) }()
	if err := b.start(); err != nil {
		return err
	}
	for _, measurement := range []struct {
		name string
		take func() error
	}{{"bulk", b.measureBulk}, {"trips", b.measureTrips}, {"neo4j", b.measureNeo4j}, {"idle", b.measureIdle}} {
		if !slices.Contains(strings.Split(s.only, ","), measurement.name) {
			continue
		}
		if err := measurement.take(); err != nil {
			return err
		}
	}
	return b.report.Write(s.out, os.Stdout, subjectRelay)
}
