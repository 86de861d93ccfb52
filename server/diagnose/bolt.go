package diagnose

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// wsStream is a WebSocket as a stream.
type wsStream struct {
	ws      *websocket.Conn
	message io.Reader
	version wire.Version
}

func (s *wsStream) Read(b []byte) (int, error) {
	for {
		if s.message == nil {
			var err error
			if _, s.message, err = s.ws.NextReader(); err != nil {
				return 0, err
			}
		}
		n, err := s.message.Read(b)
		if err == io.EOF {
			s.message, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (s *wsStream) Write(b []byte) (int, error) {
	return len(b), s.ws.WriteMessage(websocket.BinaryMessage, b)
}

func (v *visit) upgrade(ctx context.Context) (string, *problem) {
	dialer := websocket.Dialer{
		TLSClientConfig: &tls.Config{RootCAs: v.options.RootCAs, MinVersion: tls.VersionTLS12},
		NetDialContext:  (&net.Dialer{Resolver: v.options.Resolver}).DialContext,
	}
	header := http.Header{}
	if v.options.Origin != "" {
		header.Set("Origin", v.options.Origin)
	}
	ws, response, err := dialer.DialContext(ctx, v.target.String(), header)
	switch {
	case err == nil:
		v.page = &wsStream{ws: ws}
		return "the server takes WebSockets here", nil
	case response != nil && response.StatusCode == http.StatusForbidden:
		return "", &problem{"the upgrade is answered with HTTP 403",
			"something in front of the server forbids it; look at its rules for origins and paths"}
	case response != nil:
		return "", &problem{fmt.Sprintf("the upgrade is answered with HTTP %d", response.StatusCode),
			"check host, port and path: 7687 is Bolt's port, 7474 is HTTP; a proxy in between must pass Upgrade " +
				"headers on"}
	case timedOut(err):
		return "", &problem{"the server does not answer the upgrade",
			"Neo4j takes WebSockets at the path / only; if this is something else, check the port"}
	}
	return "", &problem{"what answers is no web server: " + err.Error(),
		"check the port; a TLS server may be asked without TLS"}
}

func timedOut(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// closeAdvice explains a relay's close codes.
var closeAdvice = map[wire.CloseCode]string{
	wire.CloseMalformed:   "write the target as /bolt/HOST:PORT",
	wire.CloseForbidden:   "have the relay allow it: --origin for the page, --allow for the target",
	wire.CloseTooMany:     "close connections, or have the relay allow more",
	wire.CloseUnreachable: "check that the server runs, and that its address is right as the relay sees it",
	wire.CloseUpstreamLag: "check that the server runs, and firewalls between the relay and it",
	wire.CloseGoingAway:   "try again when the relay is up",
}

// closed describes a close frame; nil if err is none.
func closed(err error) *problem {
	var frame *websocket.CloseError
	if !errors.As(err, &frame) || frame.Code == websocket.CloseAbnormalClosure {
		return nil
	}
	return &problem{fmt.Sprintf("closed with code %d: %s", frame.Code, frame.Text),
		closeAdvice[wire.CloseCode(frame.Code)]}
}

// origin sends the handshake, because a relay refuses origins only after the upgrade, so that the page sees the reason.
func (v *visit) origin(ctx context.Context) (string, *problem) {
	v.deadline(ctx)
	offer := append(wire.Preamble[:], 0, 8, 8, 5, 0, 4, 4, 4, 0, 0, 0, 3, 0, 0, 0, 0)
	_, err := v.page.Write(offer)
	var answer [4]byte
	if err == nil {
		_, err = io.ReadFull(v.page, answer[:])
	}
	if err != nil {
		if p := closed(err); p != nil {
			return "", p
		}
		return "", &problem{"the server answers nothing to Bolt's handshake: " + err.Error(),
			"check that this is a Bolt server or a relay"}
	}
	v.page.version = wire.Version{Major: answer[3], Minor: answer[2]}
	if v.options.Origin == "" {
		return "", nil
	}
	return "pages of " + v.options.Origin + " may connect", nil
}

func (v *visit) version(context.Context) (string, *problem) {
	version := v.page.version
	switch {
	case version.Major == 0:
		return "", &problem{"the server speaks none of Bolt 3.0, 4.0 to 4.4 and 5.0 to 5.8", "update the server"}
	case version.Major > 5 || version.Minor > 8:
		return "", &problem{"the server answers with version " + version.String() + ", which was not asked for",
			"check that this is Bolt's port"}
	}
	return "Bolt " + version.String(), nil
}

// product is the name of this program for servers.
const product = "webbolt-check/" + wire.Release

func (v *visit) authenticate(ctx context.Context) (string, *problem) {
	if v.options.Scheme == "" {
		return "", nil
	}
	v.deadline(ctx)
	login := map[string]any{"scheme": v.options.Scheme}
	if v.options.User != "" {
		login["principal"] = v.options.User
	}
	if v.options.Secret != "" {
		login["credentials"] = v.options.Secret
	}
	hello := map[string]any{"user_agent": product}
	if wire.FeatureBoltAgent.In(v.page.version) {
		hello["bolt_agent"] = map[string]any{"product": product}
	}
	logon := wire.FeatureLogon.In(v.page.version)
	if !logon {
		for key, value := range login {
			hello[key] = value
		}
	}
	p := v.ask(wire.MessageHello, hello)
	if p == nil && logon {
		p = v.ask(wire.MessageLogon, login)
	}
	if p != nil {
		return "", p
	}
	return "logged in", nil
}

// ask sends a message with one field and reads its answer.
func (v *visit) ask(tag byte, field map[string]any) *problem {
	body, err := packstream.Append(packstream.AppendStructHeader(nil, tag, 1), field)
	if err != nil {
		return &problem{err.Error(), ""}
	}
	frame := append(binary.BigEndian.AppendUint16(nil, uint16(len(body))), body...)
	if _, err = v.page.Write(append(frame, 0, 0)); err != nil {
		return lost(err)
	}
	answer, err := readMessage(v.page)
	if err != nil {
		return lost(err)
	}
	r := packstream.NewReader(answer)
	got, _, err := r.StructHeader()
	if err == nil && got == wire.MessageSuccess {
		return nil
	}
	meta, _ := r.Any()
	m, _ := meta.(map[string]any)
	code, ok := m["neo4j_code"].(string)
	if !ok {
		code, _ = m["code"].(string)
	}
	return &problem{fmt.Sprintf("%v (%s)", m["message"], code), "check user and password, or the token"}
}

func lost(err error) *problem {
	if p := closed(err); p != nil {
		return p
	}
	return &problem{"the connection broke: " + err.Error(), "look at the server's log"}
}

const maxAnswer = 1 << 20

func readMessage(r io.Reader) ([]byte, error) {
	var body []byte
	for {
		var header [2]byte
		if _, err := io.ReadFull(r, header[:]); err != nil {
			return nil, err
		}
		n := int(binary.BigEndian.Uint16(header[:]))
		if n == 0 && len(body) > 0 {
			return body, nil
		}
		if len(body)+n > maxAnswer {
			return nil, errors.New("the answer is too large")
		}
		part := make([]byte, n)
		if _, err := io.ReadFull(r, part); err != nil {
			return nil, err
		}
		body = append(body, part...)
	}
}

func (v *visit) deadline(ctx context.Context) {
	at, ok := ctx.Deadline()
	if !ok {
		at = time.Time{}
	}
	_ = v.page.ws.SetReadDeadline(at)
	_ = v.page.ws.SetWriteDeadline(at)
}
