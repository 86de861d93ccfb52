//go:build unix

package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// quiet is how long a wait for a lock goes unmentioned: servers that start
// together take turns.
var quiet = 2 * time.Second

// lock waits for an exclusive lock on the file. The kernel releases it when the process ends in any way.
func lock(ctx context.Context, name string, progress io.Writer) (unlock func(), err error) {
	told, began := false, time.Now()
	for {
		unlock, taken, err := tryLock(name)
		if !taken {
			return unlock, err
		}
		if !told && time.Since(began) >= quiet {
			told = true
			fmt.Fprintln(progress, "neo4j: waiting for another run to look after the jars")
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// tryLock takes the lock, or reports that another process has it.
func tryLock(name string) (unlock func(), taken bool, err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, false, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, true, nil
		}
		return nil, false, fmt.Errorf("locking %s: %w", name, err)
	}
	return func() { file.Close() }, false, nil
}
