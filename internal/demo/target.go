//go:build unix

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// target is the Neo4j that the page shows.
type target struct {
	profile client.Profile
	ours    bool         // started by this program, to hold the sample
	stop    func() error // ends a server of ours
}

// openTarget takes the server that the environment names, or starts one.
func openTarget(ctx context.Context, progress io.Writer) (*target, error) {
	if uri := os.Getenv("NEO4J_URI"); uri != "" {
		profile, err := profileOf(uri, os.Getenv("NEO4J_USER"), os.Getenv("NEO4J_PASSWORD"))
		if err != nil {
			return nil, fmt.Errorf("NEO4J_URI: %w", err)
		}
		return &target{profile: profile, stop: func() error { return nil }}, nil
	}
	running, err := startNeo4j(ctx, progress)
	if err != nil {
		if errors.Is(err, neo4jtest.ErrNoJDK) || errors.Is(err, neo4jtest.ErrNoMaven) {
			err = fmt.Errorf("%w; or use a Neo4j of your own:\n  NEO4J_URI=bolt://localhost:7687 NEO4J_USER=neo4j "+
				"NEO4J_PASSWORD=… make demo", err)
		}
		return nil, err
	}
	profile, err := profileOf(running.BoltURI(), running.User, running.Password)
	if err != nil {
		return nil, errors.Join(err, running.Stop())
	}
	return &target{profile: profile, ours: true, stop: running.Stop}, nil
}

// startNeo4j starts a server whose data is kept in the user's cache folder, or
// is temporary when another demo has that folder.
func startNeo4j(ctx context.Context, progress io.Writer) (*neo4jtest.Running, error) {
	cache, err := neo4jtest.CacheDir()
	if err != nil {
		return nil, err
	}
	config := neo4jtest.Config{Version: neo4jtest.V5, Progress: progress,
		Dir: filepath.Join(cache, "demo", string(neo4jtest.V5))}
	running, err := neo4jtest.Start(ctx, config)
	if errors.Is(err, neo4jtest.ErrInUse) {
		fmt.Fprintln(progress, "demo: another demo is running; this one's data is temporary")
		config.Dir = ""
		running, err = neo4jtest.Start(ctx, config)
	}
	return running, err
}

func profileOf(uri, user, password string) (client.Profile, error) {
	profile, err := client.ParseProfile(uri)
	if err != nil {
		return client.Profile{}, err
	}
	if profile.Protocol() != client.ProtocolBolt {
		return client.Profile{}, fmt.Errorf("the relay speaks Bolt, so the address must be a bolt or neo4j one, not %s",
			profile.Scheme)
	}
	profile.User = cmp.Or(user, profile.User)
	profile.Password = cmp.Or(client.Secret(password), profile.Password)
	return profile.Normalize()
}
