package server

import (
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Compression says when lanes are compressed.
type Compression string

const (
	// not for clients on this machine or in private networks, where it costs more than it saves
	CompressionAuto Compression = ""
	CompressionOn   Compression = "on"  // whenever the page accepts it
	CompressionOff  Compression = "off" // never
)

// valid reports whether c is one of these.
func (c Compression) valid() bool {
	return c == CompressionAuto || c == CompressionOn || c == CompressionOff
}

// wanted reports whether lanes of a client are to be compressed.
func (c Compression) wanted(client netip.Addr) bool {
	return c == CompressionOn || c == CompressionAuto && !client.IsLoopback() && !client.IsPrivate() &&
		!client.IsLinkLocalUnicast()
}

// compressor writes compressed to another writer. Flush makes all that was written readable at the other end.
type compressor interface {
	io.WriteCloser
	Flush() error
	Reset(io.Writer)
}

// encoding is a content coding (RFC 9110, section 8.4.1).
type encoding struct {
	name string
	pool sync.Pool // of compressor
}

// laneWindow is how far back, in bytes, a compressed lane refers. It bounds what an encoder keeps.
const laneWindow = 1 << 20

// encodings are those for lanes, the best first.
var encodings = []*encoding{
	{name: "zstd", pool: sync.Pool{New: func() any {
		w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
			zstd.WithWindowSize(laneWindow))
		if err != nil { // these options are known to be right
			panic(err)
		}
		return w
	}}},
	{name: "gzip", pool: sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		return w
	}}},
}

// encodingFor is the best encoding that a request's client accepts, or nil for none.
func encodingFor(r *http.Request) *encoding {
	accepted := map[string]bool{}
	for _, item := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, parameters, _ := strings.Cut(item, ";")
		_, quality, weighted := strings.Cut(parameters, "q=")
		weight, err := strconv.ParseFloat(strings.TrimSpace(quality), 64)
		accepted[strings.ToLower(strings.TrimSpace(name))] = !weighted || err == nil && weight > 0
	}
	for _, e := range encodings {
		if accepted[e.name] {
			return e
		}
	}
	return nil
}

func (e *encoding) acquire(to io.Writer) compressor {
	c := e.pool.Get().(compressor)
	c.Reset(to)
	return c
}

func (e *encoding) release(c compressor) {
	c.Reset(nil)
	e.pool.Put(c)
}
