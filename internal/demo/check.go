//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// takePictures makes a browser take the pictures of the documentation.
func takePictures(ctx context.Context, url, folder string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	return runScript(ctx, "pictures.mjs", "DEMO_URL="+url, "PICTURES="+folder)
}

// checkPage has a browser open the page, compare what it draws with what the
// database holds, and click through its rooms. The script prints what fails.
func checkPage(ctx context.Context, url string, expected counts, screenshot string) error {
	screenshot, err := filepath.Abs(screenshot)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(screenshot), 0o755); err != nil {
		return err
	}
	err = runScript(ctx, "demo-check.mjs",
		"DEMO_URL="+url,
		"EXPECT_NODES="+strconv.FormatInt(expected.nodes, 10),
		"EXPECT_RELATIONSHIPS="+strconv.FormatInt(expected.relationships, 10),
		"SCREENSHOT="+screenshot)
	if err != nil {
		return fmt.Errorf("the page: %w", err)
	}
	fmt.Printf("demo: the page draws all %d nodes and %d relationships; screenshot in %s\n",
		expected.nodes, expected.relationships, screenshot)
	return nil
}

// runScript runs one of web/test's scripts, which gets the settings in its
// environment.
func runScript(ctx context.Context, name string, settings ...string) error {
	node, err := nodeCommand()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, node, filepath.Join("test", name))
	cmd.Dir = "web"
	cmd.Env = append(os.Environ(), settings...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // so that it can close the browser
	return cmd.Run()
}

// nodeCommand is the Node.js that web/package.json asks for, or else the
// system's.
func nodeCommand() (string, error) {
	if pinned, err := filepath.Abs("web/node_modules/.bin/node"); err == nil {
		if _, err := os.Stat(pinned); err == nil {
			return pinned, nil
		}
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return "", errors.New("node is missing: install Node.js 22 or later")
	}
	return node, nil
}
