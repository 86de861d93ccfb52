//go:build unix

package neo4jtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// User and DefaultPassword log in to a server that [Start] made.
const (
	User            = "neo4j"
	DefaultPassword = "webbolt-test"
)

// Config says what server to start. The zero value of every field but Version
// works.
type Config struct {
	Version Version

	// Dir is the folder for the data, kept when the server stops. Without one
	// the data is in a temporary folder that goes with the server.
	Dir string

	// Settings are lines for neo4j.conf, over the ones that Start chooses.
	Settings map[string]string

	// TLS makes the server accept encrypted connections too, with a certificate for localhost, 127.0.0.1 and ::1 that
	// Start makes and signs.
	TLS bool

	// BoltAddr, HTTPAddr and HTTPSAddr, as HOST:PORT, are where to listen: free
	// ports of 127.0.0.1 if empty.
	BoltAddr, HTTPAddr, HTTPSAddr string

	Password string    // DefaultPassword if empty
	HeapMB   int       // Java heap in megabytes, 512 if zero
	Progress io.Writer // lines about what takes long; discarded if nil
}

// ports are the addresses one start of the server listens on.
type ports struct{ bolt, http, https string }

// Running is a server that this process started.
type Running struct {
	Server
	config    Config
	release   release
	java      jdk
	classPath string
	dir       string
	ports     ports
	process   *process
	unlock    func() // of the folder that is kept
}

// ErrInUse is part of the error of Start when another server runs on Config.Dir.
var ErrInUse = errors.New("another server runs on this folder")

// portTries is how often a start is tried when a port that was free a moment
// ago has been taken by another program.
const portTries = 3

// Start fetches the jars if need be, starts a server and waits until it answers
// on Bolt and on HTTP and its password is set, which takes 10 to 20 seconds.
// The caller must call Stop; should it die before, the server is killed all the
// same. ctx bounds the start, not the server's life.
func Start(ctx context.Context, config Config) (*Running, error) {
	config.Password = cmp.Or(config.Password, DefaultPassword)
	config.HeapMB = cmp.Or(config.HeapMB, 512)
	if config.Progress == nil {
		config.Progress = io.Discard
	}
	r, err := releaseOf(config.Version)
	if err != nil {
		return nil, err
	}
	java, err := ensureJDK(ctx, config.Version, r, config.Progress)
	if err != nil {
		return nil, err
	}
	classPath, err := Fetch(ctx, config.Version, config.Progress)
	if err != nil {
		return nil, err
	}
	running := &Running{config: config, release: r, java: java, classPath: classPath}
	if err := running.makeFolder(); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		err = running.launch(ctx)
		if err == nil {
			return running, nil
		}
		running.process.kill()
		if try == portTries || !errors.Is(err, errPortTaken) {
			break
		}
	}
	running.cleanUpFolder()
	return nil, fmt.Errorf("starting Neo4j %s: %w", config.Version, err)
}

// Restart kills the server, if it still runs, and starts it again on the same
// ports and data. It is for servers that have not been stopped by Stop.
func (r *Running) Restart(ctx context.Context) error {
	r.process.kill()
	r.config.BoltAddr, r.config.HTTPAddr, r.config.HTTPSAddr = r.ports.bolt, r.ports.http, r.ports.https
	if err := r.launch(ctx); err != nil {
		r.process.kill()
		return fmt.Errorf("restarting Neo4j %s: %w", r.Version, err)
	}
	return nil
}

// Kill ends the server at once, as a power cut would, and leaves its data.
// Stop must still be called.
func (r *Running) Kill() { r.process.kill() }

// Stop ends the server and returns when it is gone. Data that is kept is given
// time for a checkpoint; a temporary folder is removed. The error tells of a
// server that had ended by itself. Stop may be called twice; no two methods
// that start or end a server may be called at the same time.
func (r *Running) Stop() error {
	defer r.cleanUpFolder()
	if r.process.endedEarly() {
		err := fmt.Errorf("Neo4j %s: %w", r.Version, r.ended())
		r.process.kill()
		return err
	}
	if r.config.Dir == "" {
		r.process.kill()
		return nil
	}
	return r.process.terminate()
}

// PID is the process id of the server.
func (r *Running) PID() int { return r.process.pid() }

// makeFolder makes the server's home: one that is kept, held by a lock while the
// server runs, or a temporary one.
func (r *Running) makeFolder() error {
	if r.config.Dir == "" {
		dir, err := os.MkdirTemp("", "webbolt-neo4j-")
		r.dir, r.unlock = dir, func() {}
		return err
	}
	dir, err := filepath.Abs(r.config.Dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	unlock, taken, err := tryLock(filepath.Join(dir, "webbolt.lock"))
	if taken {
		return fmt.Errorf("starting Neo4j in %s: %w", dir, ErrInUse)
	}
	r.dir, r.unlock = dir, unlock
	return err
}

func (r *Running) cleanUpFolder() {
	if r.config.Dir == "" {
		_ = os.RemoveAll(r.dir)
	}
	r.unlock()
}

func (r *Running) wantedPorts() ports {
	return ports{r.config.BoltAddr, r.config.HTTPAddr, r.config.HTTPSAddr}
}

func (r *Running) launch(ctx context.Context) error {
	var err error
	if r.ports, err = r.wantedPorts().chosen(); err != nil {
		return err
	}
	r.Server = Server{Version: r.config.Version, BoltAddr: r.ports.bolt, HTTPAddr: r.ports.http,
		User: User, Password: r.config.Password}
	if r.config.TLS {
		r.HTTPSAddr = r.ports.https
		if r.CAFile, err = writeCertificates(filepath.Join(r.dir, "certificates")); err != nil {
			return err
		}
	}
	if err := r.writeConf(); err != nil {
		return err
	}
	fmt.Fprintf(r.config.Progress, "neo4j %s: starting on Java %d, bolt %s, http %s\n",
		r.Version, r.java.major, r.BoltAddr, r.HTTPAddr)
	began := time.Now()
	if r.process, err = startProcess(r.command(), r.dir, r.config.Dir == ""); err != nil {
		return err
	}
	if err := r.awaitReady(ctx); err != nil {
		return err
	}
	fmt.Fprintf(r.config.Progress, "neo4j %s: ready after %.0f s\n", r.Version, time.Since(began).Seconds())
	return nil
}

// chosen fills in free ports where none is given, and makes sure that the given
// ones are free. All are held open until all are known, so that no two are the
// same.
func (p ports) chosen() (ports, error) {
	for _, address := range []*string{&p.bolt, &p.http, &p.https} {
		listener, err := net.Listen("tcp", cmp.Or(*address, "127.0.0.1:0"))
		if err != nil {
			return p, fmt.Errorf("looking for a free port: %w", err)
		}
		defer listener.Close()
		*address = listener.Addr().String()
	}
	return p, nil
}

func (r *Running) writeConf() error {
	settings := r.release.settings(&r.config, r.ports)
	var conf strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		conf.WriteString(name + "=" + settings[name] + "\n")
	}
	folder := filepath.Join(r.dir, "conf")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "neo4j.conf"), []byte(conf.String()), 0o644)
}

// command is the server's command line.
func (r *Running) command() []string {
	command := []string{filepath.Join(r.java.home, "bin", "java"),
		fmt.Sprintf("-Xmx%dm", r.config.HeapMB), "-cp", r.classPath}
	for _, opened := range []string{"java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang"} {
		command = append(command, "--add-opens=java.base/"+opened+"=ALL-UNNAMED")
	}
	return append(command, r.release.mainClass,
		"--home-dir="+r.dir, "--config-dir="+filepath.Join(r.dir, "conf"))
}
