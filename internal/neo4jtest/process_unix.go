//go:build unix

package neo4jtest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// watchScript becomes the server, after leaving a watcher behind. The watcher
// reads descriptor 3, of which the parent holds the other end: the read ends
// when the parent closes it or is dead, and the watcher then kills the server
// and removes the folder in $1, if any. It is in the process group of the
// server, away from the terminal's signals.
const watchScript = `
folder=$1; shift
(
	trap '' HUP INT TERM
	read -r _ <&3
	kill -KILL $$
	tries=0
	while kill -0 $$ && [ $tries -lt 20 ]; do sleep 0.1; tries=$((tries + 1)); done
	[ -z "$folder" ] || rm -rf "$folder"
) </dev/null >/dev/null 2>&1 &
exec 3<&-
exec "$@"
`

// stopPatience is how long a server may take to close its store.
const stopPatience = 60 * time.Second

// process is the server's Java process and the pipe that keeps it alive.
type process struct {
	cmd   *exec.Cmd
	leash *os.File // closing it makes the watcher kill the server
	log   string   // file with the server's output
	ended chan struct{}
	err   error // of the process, once ended is closed
}

func startProcess(command []string, folder string, temporary bool) (*process, error) {
	watched, leash, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer watched.Close()
	p := &process{leash: leash, log: filepath.Join(folder, "console.log"), ended: make(chan struct{})}
	output, err := os.Create(p.log)
	if err != nil {
		leash.Close()
		return nil, err
	}
	defer output.Close()
	removed := ""
	if temporary {
		removed = folder
	}
	p.cmd = exec.Command("/bin/sh", append([]string{"-c", watchScript, "neo4j", removed}, command...)...)
	p.cmd.Dir = folder
	p.cmd.Stdout, p.cmd.Stderr = output, output
	p.cmd.ExtraFiles = []*os.File{watched}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		leash.Close()
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// endedEarly reports whether the server ended by itself.
func (p *process) endedEarly() bool {
	select {
	case <-p.ended:
		return p.leash != nil
	default:
		return false
	}
}

// kill ends the process group at once. It may be called on nil and twice.
func (p *process) kill() {
	if p == nil {
		return
	}
	// The group has the id of the server. Its watcher keeps the id in use
	// until the leash is closed, so no other group can have got it meanwhile.
	if p.leash != nil {
		_ = syscall.Kill(-p.pid(), syscall.SIGKILL)
	}
	<-p.ended
	if p.leash != nil {
		p.leash.Close()
		p.leash = nil
	}
}

// terminate asks the server to stop and kills it if it does not.
func (p *process) terminate() error {
	if p.leash == nil {
		return nil
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
		p.kill()
		return nil
	case <-time.After(stopPatience):
		p.kill()
		return errors.New("the Neo4j server did not stop when asked, so it was killed")
	}
}

// lastLines is the end of what the server printed.
func (p *process) lastLines() string {
	text, _ := os.ReadFile(p.log)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
