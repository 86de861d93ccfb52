//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

const honestClients = 6

// honest runs honest clients for a time. Each has an address of its own. An error is one of the set-up only.
func honest(ctx context.Context, r *relay, duration time.Duration, felt *felt) error {
	ctx, end := context.WithTimeout(ctx, duration)
	defer end()
	var clients sync.WaitGroup
	for i := range honestClients {
		clients.Go(func() { work(ctx, r, fmt.Sprintf("127.0.%d.1", 10+i), felt) })
	}
	clients.Wait()
	if felt.count() == 0 {
		return fmt.Errorf("honest clients did nothing: %s", strings.Join(felt.failures, "; "))
	}
	return nil
}

// work is what an honest client does repeatedly: it opens a connection and runs queries, uses the HTTP API, and checks
// the relay's health.
func work(ctx context.Context, r *relay, from string, felt *felt) {
	client := &http.Client{Timeout: patience, Transport: &http.Transport{DialContext: dialer(from).DialContext}}
	defer client.CloseIdleConnections()
	for ctx.Err() == nil {
		felt.time("healthz", func() error { return request(client, "GET", "http://"+r.address+"/healthz", "") })
		felt.time("HTTP query", func() error {
			return request(client, "POST", "http://"+r.address+"/http/db/neo4j/query/v2", `{"statement":"RETURN 1"}`)
		})
		var b *bolt
		felt.time("connect", func() (err error) {
			b, err = login(from, r.address, honestToken)
			return err
		})
		for i := 0; b != nil && i < 10 && ctx.Err() == nil; i++ {
			felt.time("query", func() error {
				ok, err := b.query("UNWIND range(1, 20) AS i RETURN i, $x", dict{"x": strings.Repeat("x", 100)}, dict{})
				if err == nil && !ok {
					err = fmt.Errorf("a query was refused")
				}
				return err
			})
			time.Sleep(10 * time.Millisecond)
		}
		if b != nil {
			felt.time("large parameter", func() error {
				ok, err := b.query("RETURN size($x)", dict{"x": strings.Repeat("x", 300_000)}, dict{})
				if err == nil && !ok {
					err = fmt.Errorf("a large parameter was refused")
				}
				return err
			})
			b.close()
		}
	}
}

func request(client *http.Client, method, address, body string) error {
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+honestToken)
	}
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 300 {
		err = fmt.Errorf("%s: %.200s", response.Status, text)
	}
	return err
}
