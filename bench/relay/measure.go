//go:build unix

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

const sourceOwn = "loopback"

// measureBulk takes the throughput of a large result from the bench's own source, which is as fast as the machine.
func (b *bench) measureBulk() error {
	paths, err := b.paths(b.source)
	if err != nil {
		return err
	}
	load := fmt.Sprintf("bulk of %d MiB", b.bulk)
	for range b.rounds {
		for _, p := range paths {
			if err := b.bulkRound(load, p); err != nil {
				return fmt.Errorf("%s: %w", p.subject, err)
			}
		}
	}
	return nil
}

func (b *bench) bulkRound(load string, p path) error {
	conn, err := p.begin(b.bulk)
	if err != nil {
		return err
	}
	defer conn.Close()
	before, err := p.processorTime()
	if err != nil {
		return err
	}
	began := time.Now()
	n, err := io.CopyN(io.Discard, conn, int64(b.bulk)<<20)
	if err != nil {
		return err
	}
	b.report.Add(sourceOwn, load, "throughput", p.subject, "MB/s", float64(n)/1e6/time.Since(began).Seconds())
	after, err := p.processorTime()
	if p.process != nil {
		b.report.Add(sourceOwn, load, "processor time", p.subject, "s/GB", (after-before).Seconds()/(float64(n)/1e9))
	}
	return err
}

// tripSize is the size of a question and its answer.
const tripSize = 100

// measureTrips counts round trips of small messages, and how long each takes.
func (b *bench) measureTrips() error {
	paths, err := b.paths(b.source)
	if err != nil {
		return err
	}
	for _, connections := range []int{1, 64, 1000} {
		load := strconv.Itoa(connections) + " connections"
		for range b.rounds {
			for _, p := range paths {
				took, elapsed, err := b.trips(p, connections)
				if err != nil && p.subject == subjectWebsockify && connections > 64 {
					fmt.Fprintf(os.Stderr, "bench/relay: %s does not stand %s: %v\n", p.subject, load, err)
					continue
				}
				if err != nil {
					return fmt.Errorf("%s, %s: %w", p.subject, load, err)
				}
				slices.Sort(took)
				b.report.Add(sourceOwn, load, "round trips", p.subject, "1/s", float64(len(took))/elapsed.Seconds())
				b.report.Add(sourceOwn, load, "p50", p.subject, "ms", milliseconds(took[len(took)/2]))
				b.report.Add(sourceOwn, load, "p99", p.subject, "ms", milliseconds(took[len(took)*99/100]))
			}
		}
	}
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / 1e6 }

// trips makes this number of connections ask at the same time, each one question after the other.
func (b *bench) trips(p path, connections int) (took []time.Duration, elapsed time.Duration, err error) {
	streams, err := openMany(p, connections)
	defer closeAll(streams)
	if err != nil {
		return nil, 0, err
	}
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		began = time.Now()
	)
	for _, conn := range streams {
		group.Go(func() {
			each, tripErr := ask(conn, began.Add(b.settings.trips))
			mu.Lock()
			defer mu.Unlock()
			took, err = append(took, each...), errors.Join(err, tripErr)
		})
	}
	group.Wait()
	if len(took) == 0 {
		err = errors.Join(err, errors.New("no round trip"))
	}
	return took, time.Since(began), err
}

func ask(conn stream, until time.Time) (took []time.Duration, err error) {
	message := make([]byte, tripSize)
	for {
		began := time.Now()
		if began.After(until) {
			return took, nil
		}
		if _, err := conn.Write(message); err != nil {
			return took, err
		}
		if _, err := io.ReadFull(conn, message); err != nil {
			return took, err
		}
		took = append(took, time.Since(began))
	}
}

// openers is how many connections are opened at a time.
const openers = 16

func openMany(p path, n int) (streams []stream, err error) {
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		next  = make(chan struct{}, n)
	)
	for range n {
		next <- struct{}{}
	}
	close(next)
	for range openers {
		group.Go(func() {
			for range next {
				conn, openErr := p.insist()
				mu.Lock()
				if openErr == nil {
					streams = append(streams, conn)
				} else {
					err = openErr
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return streams, err
}

// insist tries several times, because a subject may be slow to accept connections, which is not measured.
func (p path) insist() (conn stream, err error) {
	for range 5 {
		if conn, err = p.begin(0); err == nil {
			return conn, nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return nil, err
}

func closeAll(streams []stream) {
	for _, conn := range streams {
		_ = conn.Close()
	}
}

// websockifyIdle is how many idle connections websockify gets: it starts a process for each.
const websockifyIdle = 200

// measureIdle takes the memory of a connection that carries nothing.
func (b *bench) measureIdle() error {
	for range min(b.rounds, 3) {
		paths, err := b.paths(b.source) // fresh processes, because memory that was used once stays
		if err != nil {
			return err
		}
		for _, p := range paths {
			n := b.idle
			switch p.subject {
			case subjectRaw:
				continue
			case subjectWebsockify:
				n = min(n, websockifyIdle)
			}
			kib, err := idleMemory(p, n)
			if err != nil {
				return fmt.Errorf("%s, %d idle connections: %w", p.subject, n, err)
			}
			b.report.Add(sourceOwn, fmt.Sprintf("%d idle connections", n), "memory", p.subject, "KiB", kib)
		}
	}
	return nil
}

// settle is how long memory gets to settle.
const settle = 5 * time.Second

// idleMemory is how much the process and its children grow with each connection.
func idleMemory(p path, n int) (float64, error) {
	warm, err := openMany(p, 1)
	closeAll(warm)
	if err != nil {
		return 0, err
	}
	before, err := memory(p.process.Process.Pid)
	if err != nil {
		return 0, err
	}
	streams, err := openMany(p, n)
	defer closeAll(streams)
	if err != nil {
		return 0, err
	}
	time.Sleep(settle)
	after, err := memory(p.process.Process.Pid)
	return (after - before) / float64(n), err
}
