//go:build linux

// Command run runs Neo4j's driver test suite against backends, one module of tests after the other, several at a time.
// The suite's ports are fixed, so each module has a network namespace and a folder for temporary files of its own; that
// takes root. See README.md in the folder above.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	suite := flag.String("testkit", "", "folder of the suite")
	backend := flag.String("backend", "", "program of the backend")
	python := flag.String("python", "python3", "Python with the packages of the suite's requirements")
	group := flag.String("group", "stub", "folder of tests: stub, tls or neo4j")
	only := flag.String("only", "", "part of the names of modules to run")
	parallel := flag.Int("parallel", runtime.NumCPU(), "how many modules at a time")
	host := flag.Bool("host-network", false, "use the machine's own network: for a real server, one module at a time")
	out := flag.String("out", "", "file for the outcome of each test, as JSON")
	results := flag.String("results", "", "file for a table of the outcome, in Markdown")
	resume := flag.Bool("resume", false,
		"take the outcome of modules whose tests all passed from their logs, and run the others")
	logs := flag.String("logs", "", "folder for the output of each module")
	limit := flag.Duration("limit", 20*time.Minute, "for one module")
	flag.Parse()
	modules, err := find(*suite, *group, *only)
	if err != nil {
		log.Fatal(err)
	}
	r := &runner{suite: *suite, backend: *backend, python: *python, logs: *logs, ownNetwork: !*host, limit: *limit,
		resume: *resume, outcomes: map[string]string{}}
	work := make(chan string)
	var running sync.WaitGroup
	for range *parallel {
		running.Go(func() {
			for module := range work {
				if err := r.run(module); err != nil {
					log.Printf("%s: %v", module, err)
				}
			}
		})
	}
	for _, module := range modules {
		work <- module
	}
	close(work)
	running.Wait()
	r.report()
	if *results != "" {
		if err := r.results(*results, *group); err != nil {
			log.Fatal(err)
		}
	}
	if *out != "" {
		encoded, err := json.MarshalIndent(r.outcomes, "", " ")
		if err == nil {
			err = os.WriteFile(*out, encoded, 0o644)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

// find lists the modules of a group, as Python names them.
func find(suite, group, only string) (modules []string, err error) {
	err = filepath.Walk(filepath.Join(suite, "tests", group), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || !strings.HasPrefix(info.Name(), "test_") || filepath.Ext(path) != ".py" {
			return err
		}
		relative, err := filepath.Rel(suite, strings.TrimSuffix(path, ".py"))
		name := strings.ReplaceAll(relative, string(filepath.Separator), ".")
		if strings.Contains(name, only) {
			modules = append(modules, name)
		}
		return err
	})
	return modules, err
}

type runner struct {
	suite, backend, python, logs string
	ownNetwork, resume           bool
	limit                        time.Duration

	mu       sync.Mutex
	outcomes map[string]string // by the test's full name
}

// How a test came out.
const (
	passed  = "ok"
	failed  = "failed"
	skipped = "skipped"
)

// script has the backend beside the tests, and ends it with them.
const script = `[ -z "$OWN_NETWORK" ] || ip link set lo up
[ -z "$HOSTS" ] || mount --bind "$HOSTS" /etc/hosts
"$BACKEND" & backend=$!
trap 'kill $backend' EXIT
until (exec 3<>/dev/tcp/127.0.0.1/9876) 2>/dev/null; do kill -0 $backend && sleep 0.1 || exit; done
timeout --foreground "$LIMIT" "$PYTHON" -m unittest -v "$MODULE"`

func (r *runner) run(module string) error {
	temporary, err := os.MkdirTemp("", "testkit")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	command := exec.Command("bash", "-c", script)
	if r.ownNetwork {
		hosts, err := hostsFile(temporary)
		if err != nil {
			return err
		}
		command = exec.Command("unshare", "-n", "-m", "bash", "-c", script)
		command.Env = append(command.Env, "OWN_NETWORK=1", "HOSTS="+hosts)
	}
	certificates := filepath.Join(r.suite, "tests", "tls", "certs", "driver")
	command.Dir = r.suite
	command.Env = append(append(os.Environ(), command.Env...), "TMPDIR="+temporary, "BACKEND="+r.backend,
		"PYTHON="+r.python, "MODULE="+module,
		"SSL_CERT_DIR="+filepath.Join(certificates, "trusted"),
		"WEBBOLT_TESTKIT_AUTHORITIES="+filepath.Join(certificates, "custom"),
		"TEST_DRIVER_NAME=go", "PYTHONPATH="+r.suite, fmt.Sprintf("LIMIT=%d", int(r.limit.Seconds())))
	logs := temporary
	if r.logs != "" {
		logs = r.logs
	}
	if r.resume && r.known(module) {
		return nil
	}
	log, err := os.Create(filepath.Join(logs, module+".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	command.Stdout, command.Stderr = log, log
	_ = command.Run() // the tests' outcomes say how it went
	output, err := os.ReadFile(log.Name())
	if err != nil {
		return err
	}
	found := outcomesIn(string(output))
	if len(found) == 0 {
		return fmt.Errorf("no test ran:\n%s", output)
	}
	r.add(found)
	return nil
}

// hostsFile makes a copy of the machine's, with the names that the suite's certificates are for.
func hostsFile(folder string) (string, error) {
	known, err := os.ReadFile("/etc/hosts")
	if err != nil {
		return "", err
	}
	name := filepath.Join(folder, "hosts")
	return name, os.WriteFile(name, append(known, "\n127.0.0.1 thehost thehostbutwrong\n"...), 0o644)
}

func (r *runner) add(found map[string]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, outcome := range found {
		if outcome == failed || r.outcomes[name] == "" {
			r.outcomes[name] = outcome
		}
	}
}

// known takes the outcome of a module from its log, if it came to its end and nothing failed.
func (r *runner) known(module string) bool {
	output, err := os.ReadFile(filepath.Join(r.logs, module+".log"))
	if err != nil || !strings.Contains(string(output), "\nRan ") {
		return false
	}
	found := outcomesIn(string(output))
	for _, outcome := range found {
		if outcome == failed {
			return false
		}
	}
	r.add(found)
	return len(found) > 0
}

// outcomesIn reads what unittest prints with -v: "name (module.Class.name) ... ok", with the test's own output in
// between.
func outcomesIn(output string) map[string]string {
	outcomes := map[string]string{}
	current := ""
	for line := range strings.Lines(output) {
		if _, rest, is := strings.Cut(line, " (tests."); is {
			if name, _, is := strings.Cut(rest, ")"); is && strings.HasPrefix(line, "test_") {
				current = name
			}
		}
		line = strings.TrimSpace(line)
		switch {
		case current == "":
		case line == "ok" || strings.HasSuffix(line, "... ok"):
			outcomes[current], current = passed, ""
		case strings.Contains(line, "skipped '") || strings.Contains(line, `skipped "`):
			outcomes[current], current = skipped, ""
		case line == "FAIL" || line == "ERROR" || strings.HasSuffix(line, "... FAIL") || strings.HasSuffix(line,
			"... ERROR"):
			outcomes[current], current = failed, ""
		}
	}
	for line := range strings.Lines(output) { // also those of subtests
		for _, kind := range []string{"FAIL: ", "ERROR: "} {
			if rest, is := strings.CutPrefix(line, kind); is {
				if _, rest, is := strings.Cut(rest, "(tests."); is {
					name, _, _ := strings.Cut(rest, ")")
					outcomes[name] = failed
				}
			}
		}
	}
	if current != "" {
		outcomes[current] = failed // it did not come to its end
	}
	return outcomes
}

// report prints how many tests of each folder passed, failed and were skipped, and which failed.
func (r *runner) report() {
	for _, name := range r.failed() {
		fmt.Println("failed:", name)
	}
	counts := r.counts()
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		fmt.Printf("%-40s %4d passed %4d failed %4d skipped\n", key, counts[key].passed, counts[key].failed,
			counts[key].skipped)
	}
}

func (r *runner) failed() (names []string) {
	for name, outcome := range r.outcomes {
		if outcome == failed {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// count is of one folder's tests.
type count struct{ passed, failed, skipped int }

const everything = "all"

// counts are by folder.
func (r *runner) counts() map[string]count {
	counts := map[string]count{}
	for name, outcome := range r.outcomes {
		parts := strings.Split(name, ".")
		for _, key := range []string{everything, strings.Join(parts[:min(2, len(parts)-1)], ".")} {
			c := counts[key]
			switch outcome {
			case passed:
				c.passed++
			case failed:
				c.failed++
			default:
				c.skipped++
			}
			counts[key] = c
		}
	}
	return counts
}

// results writes the outcome in Markdown.
func (r *runner) results(file, group string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Results of Neo4j's driver test suite\n\nWritten by `make conformance`, tests of the group `%s`. Tests that the suite "+
		"imports into several modules count once.\n\n| tests | passed | failed | skipped |\n|---|---|---|---|\n", group)
	counts := r.counts()
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", key, counts[key].passed, counts[key].failed, counts[key].skipped)
	}
	if names := r.failed(); len(names) > 0 {
		b.WriteString("\nFailed:\n\n")
		for _, name := range names {
			b.WriteString("- `" + name + "`\n")
		}
	}
	return os.WriteFile(file, []byte(b.String()), 0o644)
}
