//go:build unix

// Command demo shows a graph on a page: it starts a real Neo4j with the sample
// graph, starts the relay, which also serves the page from web/dist, prints the
// page's address, and stops all of it on Ctrl-C. It is run from the module's
// root by `make demo`; `make demo-check` runs it with -check.
//
// NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD have it use another server. Nothing
// is loaded there, unless -load asks for it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
)

type options struct {
	listen     string
	check      bool
	load       bool
	screenshot string
	pictures   string
}

func main() {
	var o options
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "where the page is served, as HOST:PORT; port 0 is a free one")
	flag.BoolVar(&o.check, "check", false, "check what the page draws in a headless browser, and end")
	flag.BoolVar(&o.load, "load", false, "load the sample graph into the server that NEO4J_URI names, too")
	flag.StringVar(&o.screenshot, "screenshot", "build/demo.png", "where -check puts a picture of the page")
	flag.StringVar(&o.pictures, "pictures", "",
		"take the documentation's pictures of the page into this folder, and end")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once, and the server with it
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if err := pageIsBuilt(); err != nil {
		return err
	}
	target, err := openTarget(ctx, os.Stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.stop()) }()
	expected, err := prepareGraph(ctx, target, o)
	if err != nil {
		return err
	}
	page, err := startPage(target.profile, o.listen, target.ours || o.check || o.pictures != "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, page.stop()) }()
	if o.check {
		return checkPage(ctx, page.url, expected, o.screenshot)
	}
	if o.pictures != "" {
		return takePictures(ctx, page.url, o.pictures)
	}
	fmt.Printf("\n  %s\n\n  %d nodes and %d relationships are there to see. Ctrl-C stops everything.\n\n",
		page.url, expected.nodes, expected.relationships)
	<-ctx.Done()
	fmt.Fprintln(os.Stderr, "demo: stopping, which takes Neo4j some seconds")
	return nil
}

// prepareGraph ensures that a server of ours holds the sample, and measures the graph.
func prepareGraph(ctx context.Context, target *target, o options) (counts, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cx, err := connect.Open(ctx, target.profile, client.Options{UserAgent: "webbolt-demo"})
	if err != nil {
		return counts{}, err
	}
	defer cx.Close()
	if target.ours || o.load {
		if err := loadSample(ctx, cx, os.Stderr); err != nil {
			return counts{}, fmt.Errorf("loading the sample graph: %w", err)
		}
	}
	return countGraph(ctx, cx)
}
