package diagnose

import (
	"cmp"
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// last runs the steps and returns the last finding.
func last(t *testing.T, o Options) Finding {
	t.Helper()
	o.Timeout = cmp.Or(o.Timeout, 20*time.Second)
	var f Finding
	ok := Run(t.Context(), o, func(found Finding) { f = found })
	require.Equal(t, ok, f.OK)
	return f
}

func requireProblem(t *testing.T, f Finding, step Step, text string) {
	t.Helper()
	require.False(t, f.OK, f.Text)
	require.Equal(t, step, f.Step, f.Text)
	require.Contains(t, f.Text, text)
	require.NotEmpty(t, f.Advice)
}

func TestRealServer(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	f := last(t, Options{URI: neo4j.BoltURI(), Scheme: "basic", User: neo4j.User, Secret: neo4j.Password,
		Origin: "http://app.example"})
	require.True(t, f.OK, f.Text)
	require.Equal(t, StepAuthentication, f.Step)
	requireProblem(t, last(t, Options{URI: neo4j.BoltURI(), Scheme: "basic", User: neo4j.User, Secret: "wrong"}),
		StepAuthentication, "Unauthorized")
	requireProblem(t, last(t, Options{URI: "bolt://" + neo4j.HTTPAddr}), StepUpgrade, "HTTP 200")
	requireProblem(t, last(t, Options{URI: "bolt+s://" + neo4j.HTTPAddr}), StepTLS, "does not speak TLS")
	if neo4j.CAFile != "" {
		requireProblem(t, last(t, Options{URI: "bolt+s://" + neo4j.BoltAddr}), StepTLS, "not trusted")
	}
}

func TestBeforeAnythingIsSent(t *testing.T) {
	requireProblem(t, last(t, Options{URI: "nonsense"}), StepAddress, "not a URI")
	requireProblem(t, last(t, Options{URI: "ftp://x"}), StepAddress, "no scheme ftp")
	f := last(t, Options{URI: "bolt://neo4j:secret@x"})
	requireProblem(t, f, StepAddress, "do not belong")
	require.NotContains(t, f.Text, "secret")
	requireProblem(t, last(t, Options{URI: "bolt://db.example.org", Origin: "https://app.example"}), StepMixedContent,
		"may not open ws://")
	requireProblem(t, last(t, Options{URI: "bolt://nowhere.invalid", Origin: "http://app.example"}), StepName,
		"nowhere.invalid")
	requireProblem(t, last(t, Options{URI: "bolt://127.0.0.1:1", Origin: "https://app.example"}), StepPort,
		"nothing answers")
}

// relayThat closes a WebSocket with this code after the handshake.
func relayThat(t *testing.T, code wire.CloseCode, text string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		_, _, _ = ws.ReadMessage()
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(int(code), text),
			time.Now().Add(time.Second))
		_, _, _ = ws.ReadMessage()
	}))
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "http", "ws", 1) + "/bolt"
}

func TestRelayRefuses(t *testing.T) {
	for code := range closeAdvice {
		requireProblem(t, last(t, Options{URI: relayThat(t, code, "its reason"), Origin: "http://app.example"}),
			StepOrigin, "its reason")
	}
}

func TestTLSProblems(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = nil
	s.StartTLS()
	defer s.Close()
	address := s.Listener.Addr().String()
	requireProblem(t, last(t, Options{URI: "bolt+s://" + address}), StepTLS, "not trusted")
	require.Contains(t, last(t, Options{URI: "bolt+ssc://" + address}).Advice, "+ssc or not")
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	requireProblem(t, last(t, Options{URI: "bolt+s://localhost" + address[strings.LastIndexByte(address, ':'):],
		RootCAs: roots}), StepTLS, "another name")
	requireProblem(t, last(t, Options{URI: "bolt+s://" + address, RootCAs: roots}), StepUpgrade, "HTTP 404")
}

func TestSilenceAndGarbage(t *testing.T) {
	for name, c := range map[string]struct {
		say  string
		step Step
		text string
	}{
		"silence": {"", StepUpgrade, "does not answer"},
		"garbage": {"SSH-2.0-OpenSSH\r\n", StepUpgrade, "no web server"},
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() {
				defer close(done)
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					_, _ = conn.Write([]byte(c.say))
					context.AfterFunc(ctx, func() { _ = conn.Close() })
				}
			}()
			requireProblem(t, last(t, Options{URI: "bolt://" + listener.Addr().String(),
				Timeout: 500 * time.Millisecond}), c.step, c.text)
			cancel()
			_ = listener.Close()
			<-done
		})
	}
}
