//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

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

// runner runs modules against one backend.
type runner struct {
	suite, backend, python, logs string
	environment                  []string // beside this process's
	ownNetwork, resume           bool
	limit                        time.Duration

	mu       sync.Mutex
	outcomes outcomes
}

// script has the backend beside the tests, and ends it with them. Some tests want addresses besides the loopback one.
const script = `if [ -n "$OWN_NETWORK" ]; then
	ip link set lo up
	ip link add testkit type bridge
	ip address add 192.0.2.1/24 dev testkit
	ip address add 192.0.2.2/24 dev testkit
	ip link set testkit up
	mount --bind "$HOSTS" /etc/hosts
fi
"$BACKEND" & backend=$!
trap 'kill $backend; wait $backend 2>/dev/null' EXIT
until (exec 3<>/dev/tcp/127.0.0.1/9876) 2>/dev/null; do kill -0 $backend && sleep 0.1 || exit; done
timeout --foreground "$LIMIT" "$PYTHON" -m unittest -v "$MODULE"`

// note keeps what a module's output shows.
func (r *runner) note(found outcomes) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outcomes.add(found)
}

func (r *runner) run(module string) error {
	if r.resume {
		if before, ok := endedWell(filepath.Join(r.logs, module+".log")); ok {
			r.note(before)
			return nil
		}
	}
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
	command.Env = slices.Concat(os.Environ(), command.Env, r.environment, []string{"TMPDIR=" + temporary,
		"BACKEND=" + r.backend, "PYTHON=" + r.python, "MODULE=" + module,
		"SSL_CERT_DIR=" + filepath.Join(certificates, "trusted"),
		"WEBBOLT_TESTKIT_AUTHORITIES=" + filepath.Join(certificates, "custom"),
		"TEST_DRIVER_NAME=go", "PYTHONPATH=" + r.suite, fmt.Sprintf("LIMIT=%d", int(r.limit.Seconds()))})
	logs := temporary
	if r.logs != "" {
		logs = r.logs
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
	r.note(found)
	return nil
}

// endedWell reads the output of a module that ran before, and reports whether it came to its end without a failure.
func endedWell(log string) (found outcomes, ok bool) {
	output, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(output), "\nRan ") {
		return nil, false
	}
	found = outcomesIn(string(output))
	for _, o := range found {
		if o.Result == failed {
			return nil, false
		}
	}
	return found, len(found) > 0
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
