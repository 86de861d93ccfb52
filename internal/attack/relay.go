//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// tokens of the two users that the relay knows. The attackers are known too: what a stranger cannot do is easy.
const honestToken, attackToken = "honest-0123456789", "mallory-0123456789"

// mark is the label of all nodes that attackers try to write.
const mark = "AttackBreach"

// relay is the relay under attack, a process of its own.
type relay struct {
	command        *exec.Cmd
	folder         string
	address, admin string
	log            *counter
}

// counter takes a log and keeps its length.
type counter struct{ n atomic.Int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

func (c *counter) size() int64 { return c.n.Load() }

func startRelay(command string, server *neo4jtest.Server) (*relay, error) {
	folder, err := os.MkdirTemp("", "webbolt-attack-")
	if err != nil {
		return nil, err
	}
	r := &relay{folder: folder, log: &counter{}}
	account := fmt.Sprintf("principal: %q, secret: %q, read_only: true, databases: [neo4j], timeout: 20s", server.User,
		server.Password)
	config := fmt.Sprintf("listen: 127.0.0.1:0\nadmin: %s\nupstreams: [%q]\nhttp: %q\ncredentials:\n  recognise: "+
		"tokens\n  users:\n"+
		"    honest: {token: %s, %s}\n    mallory: {token: %s, %s}\n",
		"127.0.0.1:"+freePort(), server.BoltURI(), server.HTTPURI(), honestToken, account, attackToken, account)
	r.admin = strings.TrimPrefix(strings.Split(config, "\n")[1], "admin: ")
	file := filepath.Join(folder, "webbolt.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return nil, err
	}
	r.command = exec.Command(command, "relay", "--config", file)
	r.command.Stderr = r.log
	out, err := r.command.StdoutPipe()
	if err == nil {
		err = r.command.Start()
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if r.address = strings.TrimSpace(strings.TrimPrefix(line, "listening on ")); err != nil {
		r.stop()
		return nil, fmt.Errorf("the relay does not start: %w", err)
	}
	return r, nil
}

// stop ends the relay.
func (r *relay) stop() {
	_ = r.command.Process.Kill()
	_ = r.command.Wait()
	_ = os.RemoveAll(r.folder)
}

// memory is the peak memory of the process so far, in MiB.
func (r *relay) memory() int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.command.Process.Pid))
	if err != nil {
		return -1 // it is gone
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return -1
	}
	n, _ := strconv.ParseInt(fields[0], 10, 64)
	return n >> 10
}

// limits are the lines of the metrics about reached limits.
func (r *relay) limits() []string {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get("http://" + r.admin + "/metrics")
	if err != nil {
		return []string{err.Error()}
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	var lines []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "webbolt_relay_limits_reached_total{") ||
			strings.HasPrefix(line, "webbolt_relay_log_lines_left_out_total") {
			lines = append(lines, strings.TrimSpace(strings.TrimPrefix(line, "webbolt_relay_")))
		}
	}
	return lines
}

// written is how many nodes attackers have written, as the server itself tells.
func (r *relay) written(ctx context.Context, server *neo4jtest.Server) (int64, error) {
	driver, err := neo4j.NewDriverWithContext(server.BoltURI(), neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		return 0, err
	}
	defer func() { _ = driver.Close(ctx) }()
	result, err := neo4j.ExecuteQuery(ctx, driver,
		"MATCH (n:"+mark+") WITH collect(n) AS found FOREACH (x IN found | DELETE x) RETURN size(found) AS n",
		nil, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase("neo4j"))
	if err != nil {
		return 0, err
	}
	n, _ := result.Records[0].Values[0].(int64)
	return n, nil
}
