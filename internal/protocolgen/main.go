// Command protocolgen writes both sides of the bridge from the Go types of package bridge/protocol, whose documentation
// says what it reads.
//
//	go run ./internal/protocolgen          writes bridge/protocol/codec.go and web/src/engine/protocol.ts
//	go run ./internal/protocolgen -check   fails where they are not what it would write
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	check := flag.Bool("check", false, "write nothing, and fail where the files differ")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "protocolgen:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	s, err := load(root)
	if err != nil {
		return err
	}
	goCode, err := writeGo(s)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		filepath.Join(root, "bridge/protocol/codec.go"):   goCode,
		filepath.Join(root, "web/src/engine/protocol.ts"): writeTypeScript(s),
	} {
		if !check {
			if err := os.WriteFile(name, content, 0o644); err != nil {
				return err
			}
			continue
		}
		there, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if !bytes.Equal(there, content) {
			return fmt.Errorf("%s is not what the types of bridge/protocol give: run `go generate ./bridge/protocol`",
				name)
		}
	}
	return nil
}

// moduleRoot is the folder of go.mod, at or above the current one.
func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		above := filepath.Dir(folder)
		if above == folder {
			return "", fmt.Errorf("there is no go.mod at or above the current folder")
		}
		folder = above
	}
}
