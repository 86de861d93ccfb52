package server

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
	"github.com/webbolt/webbolt/server/session"
)

// blockPage is a page that asked for row blocks.
type blockPage struct {
	*boltPage
	relay *relay
	key   string
}

func (r *relay) blockPage(t testing.TB, header http.Header) *blockPage {
	t.Helper()
	p, err := r.open1(t, "/bolt?"+lane.Parameter+"="+lane.Version, header)
	require.NoError(t, err)
	kind, text, err := p.ReadMessage()
	require.NoError(t, err)
	require.Equal(t, websocket.TextMessage, kind)
	key, ok := lane.ReadGreeting(string(text))
	require.True(t, ok, string(text))
	return &blockPage{&boltPage{page: p}, r, key}
}

// openLane opens a lane, and returns the answer.
func (r *relay) openLane(t testing.TB, ctx context.Context, body, origin string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+r.address+"/bolt/"+lane.Path,
		strings.NewReader(body))
	require.NoError(t, err)
	if origin != "" {
		request.Header.Set("Origin", origin)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// lane opens a lane that must be open, and begun.
func (p *blockPage) lane(result int) io.Reader {
	p.Helper()
	response := p.relay.openLane(p, context.Background(), fmt.Sprint(p.key, " ", result), "")
	require.Equal(p, http.StatusOK, response.StatusCode)
	var first [lane.FrameHead]byte
	_, err := io.ReadFull(response.Body, first[:])
	require.NoError(p, err)
	require.Zero(p, first)
	p.goAhead(result)
	return response.Body
}

// goAhead lets the relay use a lane.
func (p *blockPage) goAhead(result int) {
	p.Helper()
	require.NoError(p, p.WriteMessage(websocket.TextMessage, []byte(lane.GoAhead(int64(result)))))
}

func (p *blockPage) pull(n, result int) {
	p.Helper()
	p.ask(wire.MessagePull, dict{"n": int64(n), lane.PullKey: dict{lane.ResultKey: int64(result)}})
}

// rows reads blocks and the answer to PULL, and returns the number of rows and whether there are more. Of rows that
// went over a lane only the place is told.
func (p *blockPage) rows() (rows int, more bool) {
	p.Helper()
	for {
		switch a := p.answer(); a.tag {
		case lane.TagBlock:
			rows += rowsIn(a.fields[0].([]byte))
		case lane.TagLane:
		case wire.MessageSuccess:
			more, _ := a.meta()["has_more"].(bool)
			return rows, more
		default:
			require.Failf(p, "unexpected", "%#v", a)
		}
	}
}

func rowsIn(block []byte) int { return int(binary.LittleEndian.Uint32(block[12:])) }

// laneRows reads the lane up to the end of a PULL, and returns the number of rows.
func laneRows(t testing.TB, from io.Reader) (rows int) {
	t.Helper()
	for {
		var head [lane.FrameHead]byte
		_, err := io.ReadFull(from, head[:])
		require.NoError(t, err)
		length, n := binary.LittleEndian.Uint32(head[:]), int(binary.LittleEndian.Uint32(head[4:]))
		if length == 0 {
			require.Equal(t, rows, n)
			return rows
		}
		block := make([]byte, length)
		_, err = io.ReadFull(from, block)
		require.NoError(t, err)
		require.Equal(t, n, rowsIn(block))
		rows += n
	}
}

const manyRows = "UNWIND range(1, 20000) AS i RETURN i, 'name ' + i AS name"

// run begins a query of which the first thousand rows come on the WebSocket.
func (p *blockPage) run(query string, result int) {
	p.Helper()
	p.ask(wire.MessageRun, query, dict{}, dict{})
	p.pull(1000, result)
	p.want(wire.MessageSuccess)
	rows, more := p.rows()
	require.Equal(p, 1000, rows)
	require.True(p, more)
}

// blockRelay is a relay with and without credentials of its own.
func blockRelays(t *testing.T, version neo4jtest.Version, test func(t *testing.T, p *blockPage)) {
	t.Run("pages log in", func(t *testing.T) {
		neo4j := neo4jtest.Need(t, version)
		p := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}}).blockPage(t, nil)
		p.login(4, 4, dict{"scheme": "basic", "principal": neo4j.User, "credentials": neo4j.Password})
		test(t, p)
	})
	t.Run("the relay logs in", func(t *testing.T) {
		p := guarded(t, version, session.Rules{}).blockPage(t, nil)
		p.login(4, 4, passToken)
		test(t, p)
	})
}

func TestRowsInBlocks(t *testing.T) {
	for _, version := range neo4jtest.Versions {
		t.Run(string(version), func(t *testing.T) {
			blockRelays(t, version, func(t *testing.T, p *blockPage) {
				p.run(manyRows, 1)
				l := p.lane(1)
				p.pull(5000, 1)
				require.Equal(t, 5000, laneRows(t, l))
				rows, more := p.rows()
				require.Zero(t, rows)
				require.True(t, more)
				p.pull(-1, 1)
				require.Equal(t, 14_000, laneRows(t, l))
				_, more = p.rows()
				require.False(t, more)
				_, err := l.Read(make([]byte, 1))
				require.Equal(t, io.EOF, err, "the lane ends with the result")
				require.EqualValues(t, 1, p.value("RETURN 1", dict{}), "PULLs that ask for nothing get records")
			})
		})
	}
}

// TestLaneWithinOnePull has the relay go over to the lane among the rows of a PULL that began without one.
func TestLaneWithinOnePull(t *testing.T) {
	blockRelays(t, neo4jtest.V5, func(t *testing.T, p *blockPage) {
		const all = 30_000
		p.ask(wire.MessageRun, "UNWIND range(1, 30000) AS i RETURN i, $text",
			dict{"text": strings.Repeat("a text that takes room ", 50)}, dict{})
		p.pull(-1, 1)
		p.want(wire.MessageSuccess)
		first := rowsIn(p.wantBlock())
		l := p.lane(1)
		a := p.answer()
		for ; a.tag == lane.TagBlock; a = p.answer() {
			first += rowsIn(a.fields[0].([]byte))
		}
		require.EqualValues(t, lane.TagLane, a.tag)
		require.Equal(t, all, first+laneRows(t, l))
		rows, more := p.rows()
		require.Zero(t, rows)
		require.False(t, more)
		_, err := l.Read(make([]byte, 1))
		require.Equal(t, io.EOF, err)
	})
}

// wantBlock requires a row block next.
func (p *blockPage) wantBlock() []byte {
	p.Helper()
	a := p.answer()
	require.EqualValues(p, lane.TagBlock, a.tag)
	return a.fields[0].([]byte)
}

func TestTextThatIsNoGoAhead(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	for _, text := range []string{"", "lane", "lane x", "lane 99999999999999999999", "hello",
		"lane 1" + strings.Repeat(" ", 1<<20)} {
		p := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}}).blockPage(t, nil)
		require.NoError(t, p.WriteMessage(websocket.TextMessage, []byte(text)))
		_, _, err := p.ReadMessage()
		require.True(t, websocket.IsCloseError(err, int(wire.CloseUnsupported)), "%.10q: %v", text, err)
	}
}

func TestFailureOnALane(t *testing.T) {
	blockRelays(t, neo4jtest.V5, func(t *testing.T, p *blockPage) {
		p.run("UNWIND range(1, 20000) AS i RETURN 1 / (3000 - i)", 1)
		l := p.lane(1)
		p.pull(-1, 1)
		require.Equal(t, 1999, laneRows(t, l))
		p.want(lane.TagLane)
		p.want(wire.MessageFailure)
		p.reset()
		require.EqualValues(t, 1, p.value("RETURN 1", dict{}))
	})
}

func TestLanesOfOthers(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()},
		Origins: []string{"https://a.example", "https://b.example"}})
	mine := r.blockPage(t, http.Header{"Origin": {"https://a.example"}})
	other := r.blockPage(t, http.Header{"Origin": {"https://a.example"}})
	require.NotEqual(t, mine.key, other.key)
	for name, c := range map[string]struct {
		body, origin string
		status       int
	}{
		"guessed": {strings.Repeat("A", len(mine.key)) + " 1", "https://a.example",
			http.StatusNotFound},
		"from another origin":        {mine.key + " 1", "https://b.example", http.StatusNotFound},
		"from no page":               {mine.key + " 1", "", http.StatusNotFound},
		"from a foreign origin":      {mine.key + " 1", "https://evil.example", http.StatusForbidden},
		"without a number":           {mine.key, "https://a.example", http.StatusBadRequest},
		"with a number that is none": {mine.key + " x", "https://a.example", http.StatusBadRequest},
		"too long": {mine.key + " 1" + strings.Repeat(" ", 1000), "https://a.example",
			http.StatusBadRequest},
		"nothing": {"", "https://a.example", http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			response := r.openLane(t, t.Context(), c.body, c.origin)
			require.Equal(t, c.status, response.StatusCode)
		})
	}
	response := r.openLane(t, t.Context(), mine.key+" 1", "https://a.example")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, "https://a.example", response.Header.Get("Access-Control-Allow-Origin"))
	response = r.openLane(t, t.Context(), mine.key+" 1", "https://a.example")
	require.Equal(t, http.StatusConflict, response.StatusCode, "a lane works once")

	// What the other page asks for goes to its own lanes only, whatever number it names.
	require.NoError(t, mine.Close())
	r.events.await(t, func(e Event) bool { return e.Kind != EventOpened })
	require.Eventually(t, func() bool {
		return r.openLane(t, t.Context(), mine.key+" 2", "https://a.example").StatusCode == http.StatusNotFound
	}, patience, 10*time.Millisecond, "a key ends with its connection")
}

func TestLanesAskedForAndNeverOpened(t *testing.T) {
	blockRelays(t, neo4jtest.V5, func(t *testing.T, p *blockPage) {
		p.run(manyRows, 1)
		p.goAhead(1) // which is not heeded
		for range 1000 {
			p.pull(10, 1)
			rows, _ := p.rows()
			require.Equal(t, 10, rows, "the rows come on the WebSocket")
		}
		_, metrics := get(t, p.relay.AdminHandler(), "/metrics")
		require.Contains(t, metrics, "webbolt_relay_lanes 0\n")
	})
}

func TestLaneThatIsNotRead(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}, Limits: Limits{Write: 300 * time.Millisecond}})
	p := r.blockPage(t, nil)
	p.login(4, 4, dict{"scheme": "basic", "principal": neo4j.User, "credentials": neo4j.Password})
	p.run("UNWIND range(1, 3000000) AS i RETURN i, 'a long text that takes room ' + i", 1)
	p.lane(1) // of which no more than the first frame is read
	p.pull(-1, 1)
	rows, _ := p.rows()
	require.Zero(t, rows, "the relay does not wait for a page that takes nothing, and keeps nothing for it")
	require.EqualValues(t, 1, p.value("RETURN 1", dict{}))
}

func TestLaneThatIsLeft(t *testing.T) {
	blockRelays(t, neo4jtest.V5, func(t *testing.T, p *blockPage) {
		p.run("UNWIND range(1, 1000000) AS i RETURN i, 'a long text that takes room ' + i", 1)
		ctx, leave := context.WithCancel(t.Context())
		response := p.relay.openLane(t, ctx, p.key+" 1", "")
		require.Equal(t, http.StatusOK, response.StatusCode)
		p.goAhead(1)
		p.pull(-1, 1)
		_, err := io.ReadFull(response.Body, make([]byte, 100_000))
		require.NoError(t, err)
		leave()
		p.ask(wire.MessageReset)
		for a := p.answer(); a.tag != wire.MessageSuccess; a = p.answer() {
			require.Contains(t, []byte{wire.MessageFailure, wire.MessageIgnored, lane.TagBlock, lane.TagLane}, a.tag)
		}
		require.EqualValues(t, 1, p.relay.freshValue(t, p))
	})
}

// freshValue is what a query gives after all answers to a RESET that raced with the end of a result.
func (r *relay) freshValue(t *testing.T, p *blockPage) any {
	t.Helper()
	p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{})
	p.ask(wire.MessagePull, dict{"n": int64(-1)})
	for {
		if a := p.answer(); a.tag == wire.MessageRecord {
			p.want(wire.MessageSuccess)
			return a.fields[0].([]any)[0]
		}
	}
}

func TestCompressedLanes(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	for accepted, want := range map[string]string{
		"gzip, deflate, br, zstd": "zstd", "gzip": "gzip", "zstd;q=0, gzip;q=0.5": "gzip", "br": "", "": "",
	} {
		t.Run(accepted, func(t *testing.T) {
			r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}, Compression: CompressionOn})
			p := r.blockPage(t, nil)
			p.login(4, 4, dict{"scheme": "basic", "principal": neo4j.User, "credentials": neo4j.Password})
			p.run("UNWIND range(1, 20000) AS i RETURN i, 'a text that is the same in every row' AS text", 1)
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+r.address+lanePath,
				strings.NewReader(p.key+" 1"))
			require.NoError(t, err)
			request.Header.Set("Accept-Encoding", accepted)
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
			response, err := client.Do(request)
			require.NoError(t, err)
			defer response.Body.Close()
			require.Equal(t, want, response.Header.Get("Content-Encoding"))
			carried := &countedReader{r: response.Body}
			l := decompressed(t, want, carried)
			_, err = io.ReadFull(l, make([]byte, lane.FrameHead))
			require.NoError(t, err, "the first frame is not held back")
			p.goAhead(1)
			p.pull(5000, 1)
			require.Equal(t, 5000, laneRows(t, l))
			if want != "" {
				require.Less(t, carried.n, 100_000, "of more than 200,000 bytes")
			}
			p.pull(-1, 1)
			require.Equal(t, 14_000, laneRows(t, l))
			_, err = l.Read(make([]byte, 1))
			require.Equal(t, io.EOF, err)
		})
	}
}

func decompressed(t *testing.T, encoding string, r io.Reader) io.Reader {
	t.Helper()
	var err error
	switch encoding {
	case "zstd":
		r, err = zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
	case "gzip":
		r, err = gzip.NewReader(r)
	}
	require.NoError(t, err)
	return r
}

type countedReader struct {
	r io.Reader
	n int
}

func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func TestWhenLanesAreCompressed(t *testing.T) {
	for client, want := range map[string]bool{"127.0.0.1": false, "10.1.2.3": false, "fe80::1": false, "::1": false,
		"203.0.113.9": true, "2001:db8::1": true} {
		require.Equal(t, want, CompressionAuto.wanted(netip.MustParseAddr(client)), client)
		require.True(t, CompressionOn.wanted(netip.MustParseAddr(client)))
		require.False(t, CompressionOff.wanted(netip.MustParseAddr(client)))
	}
	require.False(t, Compression("sometimes").valid())
}

func TestConnectionEndsItsLanes(t *testing.T) {
	blockRelays(t, neo4jtest.V5, func(t *testing.T, p *blockPage) {
		p.run(manyRows, 1)
		l := p.lane(1)
		require.NoError(t, p.Close())
		if _, err := io.ReadAll(l); err != nil {
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		}
	})
}
