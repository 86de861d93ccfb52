//go:build unix

package neo4jtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/webbolt/webbolt/client/wire"
)

// startPatience is how long a server may take to come up.
const startPatience = 4 * time.Minute

var errPortTaken = errors.New("the port is taken by another program")

// awaitReady waits until the server answers on HTTP and Bolt and takes the
// password.
func (r *Running) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	var err error
	for _, step := range []func(context.Context) error{r.answersHTTP, r.answersBolt, r.logsIn} {
		for {
			if err = step(ctx); err == nil {
				break
			}
			select {
			case <-time.After(100 * time.Millisecond):
			case <-r.process.ended:
				return r.ended()
			case <-ctx.Done():
				return fmt.Errorf("%w while waiting for the server (%v); its last lines:\n%s",
					ctx.Err(), err, r.process.lastLines())
			}
		}
	}
	return nil
}

// ended is the reason why the server ended by itself.
func (r *Running) ended() error {
	last := r.process.lastLines()
	if strings.Contains(strings.ToLower(last), "already in use") || strings.Contains(last, "PortBindException") {
		return fmt.Errorf("%w; the server's last lines:\n%s", errPortTaken, last)
	}
	return fmt.Errorf("the server ended (%v); its last lines:\n%s", r.process.err, last)
}

func (r *Running) answersHTTP(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.HTTPURI()+"/", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP says %s", response.Status)
	}
	return nil
}

// answersBolt does the Bolt handshake, asking for 4.4, which all releases take.
func (r *Running) answersBolt(ctx context.Context) error {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", r.BoltAddr)
	if err != nil {
		return err
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	handshake := append(append(wire.Preamble[:], 0, 0, 4, 4), make([]byte, 12)...)
	if _, err := connection.Write(handshake); err != nil {
		return err
	}
	var version [4]byte
	if _, err := io.ReadFull(connection, version[:]); err != nil {
		return err
	}
	if version != [4]byte{0, 0, 4, 4} {
		return fmt.Errorf("the Bolt handshake ends with % X", version)
	}
	return nil
}

// logsIn ensures that the password works and the default database answers. On new data the server has the user neo4j
// with an expired password, neo4j.
func (r *Running) logsIn(ctx context.Context) error {
	err := r.run(ctx, "neo4j", r.Password, "RETURN 1", nil)
	if err == nil || !strings.Contains(err.Error(), "Security.Unauthorized") {
		return err
	}
	const initialPassword = "neo4j"
	changeErr := r.run(ctx, "system", initialPassword, "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
		map[string]any{"old": initialPassword, "new": r.Password})
	if changeErr != nil {
		return errors.Join(err, changeErr)
	}
	return r.run(ctx, "neo4j", r.Password, "RETURN 1", nil)
}

// run sends one statement by the HTTP transaction API.
func (r *Running) run(ctx context.Context, database, password, cypher string, parameters map[string]any) error {
	body, err := json.Marshal(map[string]any{"statements": []any{
		map[string]any{"statement": cypher, "parameters": parameters},
	}})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost,
		r.HTTPURI()+"/db/"+database+"/tx/commit", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.SetBasicAuth(r.User, password)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Errors []struct{ Code, Message string }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("HTTP says %s: %w", response.Status, err)
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("%s: %s", answer.Errors[0].Code, answer.Errors[0].Message)
	}
	return nil
}
