package replay

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// Process makes this program a replay server: it prints the address and serves until standard input ends. A benchmark
// calls it when it was started by [StartProcess].
func Process() error {
	server, err := Listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(server.Address)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent has gone
	return server.Close()
}

// StartProcess starts the running program once more, with argument, so that it calls [Process]: in a process of its own
// the server takes no part in what is measured. Call stop to end it.
func StartProcess(argument string) (address string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	child := exec.Command(self, argument)
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := child.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := child.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = in.Close()
		_ = child.Wait()
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("the replay server did not start: %w", err)
	}
	return strings.TrimSpace(line), stop, nil
}
