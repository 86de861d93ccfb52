//go:build unix

package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/server"
)

// page is the relay with the page that it serves.
type page struct {
	url  string
	stop func() error
}

// pageFolder is where `make web` puts the page.
const pageFolder = "web/dist"

func pageIsBuilt() error {
	if _, err := os.Stat(pageFolder + "/index.html"); err != nil {
		return fmt.Errorf("the page is not built; run `make web` first: %w", err)
	}
	return nil
}

// startPage starts the relay in front of the server. The page learns from the
// fragment of its address, which no browser sends anywhere, how to connect:
// uri, relay, user, and the password if secrets may show.
func startPage(profile client.Profile, listen string, secrets bool) (*page, error) {
	relay, err := server.New(server.Config{Upstreams: []string{upstreamOf(profile)}, Static: os.DirFS(pageFolder)})
	if err != nil {
		return nil, fmt.Errorf("setting up the relay: %w", err)
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("serving the page: %w", err)
	}
	address := listener.Addr().String()
	settings := url.Values{"uri": {"bolt://" + profile.Address()}, "relay": {"ws://" + address + "/bolt"}}
	if profile.User != "" {
		settings.Set("user", profile.User)
	}
	if secrets && profile.Password != "" {
		settings.Set("password", profile.Password.Reveal())
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- relay.Serve(ctx, listener) }()
	return &page{
		url: "http://" + address + "/#" + settings.Encode(),
		stop: func() error {
			cancel()
			return <-ended
		},
	}, nil
}

// upstreamOf is the server's address for the relay: the page does the routing.
func upstreamOf(profile client.Profile) string {
	scheme := "bolt"
	switch {
	case profile.Secure() && profile.Verify():
		scheme = "bolt+s"
	case profile.Secure():
		scheme = "bolt+ssc"
	}
	return scheme + "://" + profile.Address()
}
