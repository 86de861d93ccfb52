package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"

	"github.com/webbolt/webbolt/server"
)

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return "" }

func (l *list) Set(text string) error {
	*l = append(*l, text)
	return nil
}

// relay runs the relay until ctx ends. It prints "listening on ADDRESS" when it is ready.
func relay(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("webbolt relay", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:8080", "`ADDRESS` to listen on")
	static := flags.String("static", "", "`DIR` with the page to serve")
	var config server.Config
	flags.Var((*list)(&config.Upstreams), "upstream", "`URI` of a Bolt server; the first is the default (may be repeated)")
	flags.Var((*list)(&config.Allow), "allow", "`RULE` for further targets, as *.example.org:7687 or 10.0.0.0/8 (may be repeated)")
	flags.Var((*list)(&config.Origins), "origin", "`ORIGIN` whose pages may connect, or * (may be repeated)")
	if err := flags.Parse(arguments); err != nil {
		if err == flag.ErrHelp {
			return err
		}
		return errUsage
	}
	if *static != "" {
		config.Static = os.DirFS(*static)
	}
	config.Logger = slog.New(slog.NewTextHandler(stderr, nil))
	s, err := server.New(config)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, "listening on", listener.Addr())
	return s.Serve(ctx, listener)
}
