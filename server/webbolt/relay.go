package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"github.com/webbolt/webbolt/server"
)

// relay runs the relay until ctx ends. It prints "listening on ADDRESS" when it is ready.
func relay(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	s, from, err := readSettings(arguments, os.Environ(), stderr)
	if err != nil {
		return err
	}
	config, err := configure(ctx, s, from, stderr)
	if err != nil {
		return err
	}
	if fitting, lowered := config.Limits.Fit(descriptorLimit()); lowered {
		config.Limits = fitting
		config.Logger.Warn("the system allows too few open files for the limits; they are lowered",
			"open files", descriptorLimit(), "connections", fitting.Connections, "sockets", fitting.Sockets)
	}
	if memory := config.Limits.Memory(); memory > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
	r, err := server.New(config)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return from.at("listen", err)
	}
	stopAdmin, err := serveAdmin(s.Admin, r.AdminHandler())
	if err != nil {
		return errors.Join(from.at("admin", err), listener.Close())
	}
	defer stopAdmin() // last, so that /readyz can say that the relay is shutting down
	fmt.Fprintln(stdout, "listening on", listener.Addr())
	return r.Serve(ctx, listener)
}

// serveAdmin serves the handler that is not for the public, if an address is set.
func serveAdmin(address string, handler http.Handler) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	admin := &http.Server{Handler: handler, ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute,
		IdleTimeout:    time.Minute,
		MaxHeaderBytes: 32 << 10}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = admin.Serve(listener) // until Close
	}()
	return func() {
		_ = admin.Close()
		<-ended
	}, nil
}
