//go:build unix

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/bench/report"
)

// The subjects.
const (
	subjectRaw        = "TCP"
	subjectRelay      = "webbolt"
	subjectWebsockify = "websockify"
)

const websockifyVersion = "0.13.0"

// bench is a run of the benchmark.
type bench struct {
	settings
	report  *report.Report
	folder  string
	started []*exec.Cmd
	inputs  []io.Closer
	python  string // of websockify's environment
	relay   string // the relay's binary
	source  string // address
}

// path is a way to a target.
type path struct {
	subject string
	url     string // ws://…, or host:port
	process *exec.Cmd
}

func (b *bench) start() (err error) {
	raiseFileLimit()
	if b.folder, err = os.MkdirTemp("", "webbolt-bench"); err != nil {
		return err
	}
	if b.relay = filepath.Join(b.folder, "relay"); command("go", "build", "-o", b.relay, "./server/webbolt") != nil {
		return errors.New("the relay cannot be built; run this in the module's root")
	}
	if err := b.installWebsockify(); err != nil {
		return fmt.Errorf("installing websockify: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	_, b.source, err = b.launch(exec.Command(self, "-source"))
	return err
}

// raiseFileLimit has the processes started here hold as many sockets as the load needs, where that is allowed.
func raiseFileLimit() {
	const want = 1 << 16
	limit := syscall.Rlimit{Cur: want, Max: want}
	if syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
			limit.Cur = limit.Max
			_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
		}
	}
}

func command(name string, arguments ...string) error {
	cmd := exec.Command(name, arguments...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	return cmd.Run()
}

// installWebsockify puts websockify into an environment of its own, once.
func (b *bench) installWebsockify() error {
	if b.cache == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		b.cache = filepath.Join(cache, "webbolt", "websockify-"+websockifyVersion)
	}
	b.python = filepath.Join(b.cache, "bin", "python")
	if exec.Command(b.python, "-c", "import websockify").Run() == nil {
		return nil
	}
	if err := command("python3", "-m", "venv", b.cache); err != nil {
		return err
	}
	return command(b.python, "-m", "pip", "install", "--quiet", "websockify=="+websockifyVersion)
}

// launch starts a process that prints "listening on ADDRESS", in a group of its own.
func (b *bench) launch(cmd *exec.Cmd) (*exec.Cmd, string, error) {
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, "", err
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	b.started, b.inputs = append(b.started, cmd), append(b.inputs, input)
	line, err := bufio.NewReader(output).ReadString('\n')
	return cmd, strings.TrimSpace(strings.TrimPrefix(line, "listening on ")), err
}

// paths returns the ways to a target.
func (b *bench) paths(target string) ([]path, error) {
	relay, address, err := b.launch(exec.Command(b.relay, "relay", "--listen", "127.0.0.1:0", "--upstream",
		"bolt://"+target,
		"--max-connections", "none", "--max-connections-per-client", "none", "--log-level", "error"))
	if err != nil {
		return nil, fmt.Errorf("starting the relay: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	listen := "127.0.0.1:" + strconv.Itoa(port)
	websockify := exec.Command(b.python, "-m", "websockify", listen, target)
	websockify.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := websockify.Start(); err != nil {
		return nil, fmt.Errorf("starting websockify: %w", err)
	}
	b.started = append(b.started, websockify)
	if err := await(listen); err != nil {
		return nil, fmt.Errorf("websockify: %w", err)
	}
	return []path{
		{subjectRaw, target, nil},
		{subjectRelay, "ws://" + address + "/bolt", relay},
		{subjectWebsockify, "ws://" + listen + "/", websockify},
	}, nil
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// await waits until something listens.
func await(address string) error {
	for range 200 {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			return conn.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("nothing listens at " + address)
}

// stop ends all that was started, websockify's children included.
func (b *bench) stop() error {
	for _, input := range b.inputs {
		_ = input.Close()
	}
	for _, cmd := range b.started {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	}
	return os.RemoveAll(b.folder)
}

// stream is a connection to a target, over whatever way.
type stream interface {
	io.ReadWriteCloser
}

func (p path) open() (stream, error) {
	if !strings.HasPrefix(p.url, "ws:") {
		return net.Dial("tcp", p.url)
	}
	dialer := websocket.Dialer{HandshakeTimeout: time.Minute, ReadBufferSize: 32 << 10, WriteBufferPool: writeBuffers}
	ws, _, err := dialer.Dial(p.url, nil)
	if err != nil {
		return nil, err
	}
	return &socket{ws: ws}, nil
}

// begin opens a connection and makes the source's handshake.
func (p path) begin(mebibytes int) (stream, error) {
	conn, err := p.open()
	if err != nil {
		return nil, err
	}
	hello := helloFor(mebibytes)
	if _, err = conn.Write(hello); err == nil {
		_, err = io.ReadFull(conn, hello)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}
