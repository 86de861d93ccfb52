//go:build unix

// Command withneo4j starts Neo4j servers, runs a command with an environment
// that tells where they are, stops them, and ends with the command's exit code.
//
//	withneo4j [-versions V,V…] [-relay FILE] [-tls] COMMAND [ARGUMENT…]
//	withneo4j [-versions V,V…] -fetch
//	withneo4j [-versions V,V…] -needs
//
// With -fetch it only ensures that the servers' jars are there, and with -needs it prints the commands (mvn, pip) that
// are missing for that. Package neo4jtest, which the tests use, reads that environment.
//
// A server that cannot be had, because there is no Java, no Maven or no network,
// is left out, and said to be: its tests are skipped. With CI=true it is an error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// exitNotStarted is the exit code when no command could be run, as in env(1).
const exitNotStarted = 125

func main() {
	code, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "withneo4j:", err)
	}
	os.Exit(code)
}

type options struct {
	versions string
	listen   listenFlag
	tls      bool
	heapMB   int
	fetch    bool
	needs    bool
	relay    string
}

// listenFlag maps a version to its ports, as BOLTPORT:HTTPPORT.
type listenFlag map[neo4jtest.Version]string

func (f listenFlag) String() string { return "" }

func (f listenFlag) Set(text string) error {
	version, ports, ok := strings.Cut(text, "=")
	if !ok || !strings.Contains(ports, ":") {
		return errors.New("want VERSION=BOLTPORT:HTTPPORT, for instance 5.26.30=7687:7474")
	}
	f[neo4jtest.Version(version)] = ports
	return nil
}

func run() (int, error) {
	o := options{listen: listenFlag{}}
	flag.StringVar(&o.versions, "versions", string(neo4jtest.V5), "the servers to start, separated by commas")
	flag.Var(o.listen, "listen", "fixed ports for a server, as `VERSION=BOLTPORT:HTTPPORT` (default: free ones)")
	flag.BoolVar(&o.tls, "tls", false, "have the servers take encrypted connections too")
	flag.IntVar(&o.heapMB, "heap", 512, "Java heap of each server in megabytes")
	flag.StringVar(&o.relay, "relay", "",
		"start this relay `FILE`, built from server/webbolt, in front of the first server")
	flag.BoolVar(&o.fetch, "fetch", false, "only fetch what the servers need")
	flag.BoolVar(&o.needs, "needs", false, "only print the commands that are missing to fetch what the servers need")
	flag.Parse()
	if o.needs {
		return printNeeds(o)
	}
	if o.fetch {
		return fetchAll(o)
	}
	if flag.NArg() == 0 {
		return exitNotStarted, errors.New("which command? See -help")
	}

	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	servers, err := startAll(ctx, o, signals, cancel)
	defer stopAll(servers)
	if err != nil {
		return exitNotStarted, err
	}
	environment := os.Environ()
	for _, server := range servers {
		line, err := server.Environ()
		if err != nil {
			return exitNotStarted, err
		}
		environment = append(environment, line)
	}
	if o.relay != "" && len(servers) > 0 {
		relay, err := startRelay(ctx, o.relay, servers[0])
		if err != nil {
			return exitNotStarted, err
		}
		defer relay.Stop()
		environment = append(environment, neo4jtest.RelayEnv+"="+relay.URL)
	}
	return runCommand(flag.Args(), environment, signals)
}

func printNeeds(o options) (int, error) {
	for _, command := range []string{neo4jtest.Maven, neo4jtest.Pip} {
		for version := range strings.SplitSeq(o.versions, ",") {
			needs, err := neo4jtest.Needs(neo4jtest.Version(version))
			if err != nil {
				return exitNotStarted, err
			}
			if slices.Contains(needs, command) {
				fmt.Println(command)
				break
			}
		}
	}
	return 0, nil
}

func fetchAll(o options) (int, error) {
	for version := range strings.SplitSeq(o.versions, ",") {
		if err := fetch(context.Background(), neo4jtest.Version(version)); err != nil && !goOnWithout(err) {
			return exitNotStarted, err
		}
	}
	return 0, nil
}

// missing is the error about a server that cannot be had on this machine.
type missing struct {
	version neo4jtest.Version
	cause   error
}

func (m *missing) Error() string { return m.cause.Error() }
func (m *missing) Unwrap() error { return m.cause }

// fetch ensures that what the server needs is there.
func fetch(ctx context.Context, version neo4jtest.Version) error {
	_, err := neo4jtest.Fetch(ctx, version, os.Stderr)
	if err == nil || ctx.Err() != nil || errors.Is(err, neo4jtest.ErrUnknownVersion) {
		return err
	}
	return &missing{version, err}
}

// goOnWithout reports whether the run goes on without a server that is missing,
// and says so.
func goOnWithout(err error) bool {
	var m *missing
	if os.Getenv("CI") == "true" || !errors.As(err, &m) {
		return false
	}
	fmt.Fprintf(os.Stderr, "\nwithneo4j: GOING ON WITHOUT Neo4j %s, whose tests are skipped:\n%v\n\n", m.version,
		m.cause)
	return true
}

// startAll starts the servers at the same time, and returns those that can be
// had. They must be stopped, with an error too. A signal cancels the start.
func startAll(ctx context.Context, o options, signals <-chan os.Signal, cancel func()) ([]*neo4jtest.Running, error) {
	var (
		group    sync.WaitGroup
		versions = strings.Split(o.versions, ",")
		started  = make([]*neo4jtest.Running, len(versions))
		errs     = make([]error, len(versions))
	)
	for i, version := range versions {
		config := neo4jtest.Config{Version: neo4jtest.Version(version), TLS: o.tls, HeapMB: o.heapMB,
			Progress: os.Stderr}
		if ports, ok := o.listen[config.Version]; ok {
			bolt, http, _ := strings.Cut(ports, ":")
			config.BoltAddr, config.HTTPAddr = "127.0.0.1:"+bolt, "127.0.0.1:"+http
		}
		group.Go(func() {
			if errs[i] = fetch(ctx, config.Version); errs[i] == nil {
				started[i], errs[i] = neo4jtest.Start(ctx, config)
			}
			if errs[i] != nil && goOnWithout(errs[i]) {
				errs[i] = nil
			} else if errs[i] != nil {
				cancel()
			}
		})
	}
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	var interrupted error
	select {
	case got := <-signals:
		cancel()
		interrupted = fmt.Errorf("%v while the servers were starting", got)
		<-done
	case <-done:
	}
	var servers []*neo4jtest.Running
	for _, server := range started {
		if server != nil {
			servers = append(servers, server)
		}
	}
	if interrupted != nil {
		return servers, interrupted
	}
	return servers, firstCause(errs)
}

// firstCause is the error that had the other starts cancelled.
func firstCause(errs []error) error {
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return errors.Join(errs...)
}

// startRelay starts a relay that pages of any origin may use to reach all the
// servers, by the address in its path.
func startRelay(ctx context.Context, file string, upstream *neo4jtest.Running) (*neo4jtest.Relay, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	return neo4jtest.StartRelay(ctx, file, &upstream.Server, "--allow", "127.0.0.0/8:*", "--origin", "*")
}

func stopAll(servers []*neo4jtest.Running) {
	var group sync.WaitGroup
	for _, server := range servers {
		group.Go(func() {
			if err := server.Stop(); err != nil {
				fmt.Fprintln(os.Stderr, "withneo4j:", err)
			}
		})
	}
	group.Wait()
}

// runCommand runs the command, hands it the signals that this process gets, and
// returns its exit code, or 128 and the number of the signal that ended it.
func runCommand(arguments, environment []string, signals <-chan os.Signal) (int, error) {
	cmd := exec.Command(arguments[0], arguments[1:]...)
	cmd.Env = environment
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return exitNotStarted, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case got := <-signals:
			_ = cmd.Process.Signal(got)
		case err := <-done:
			return exitCode(err)
		}
	}
}

func exitCode(err error) (int, error) {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		if err != nil {
			return exitNotStarted, err
		}
		return 0, nil
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}
