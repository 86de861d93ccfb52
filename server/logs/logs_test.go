package logs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

var mallory, alice = netip.MustParseAddr("192.0.2.66"), netip.MustParseAddr("192.0.2.1")

func TestTextsAreCut(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(Bound(slog.NewTextHandler(&out, nil)))
	long := strings.Repeat("ä", 20_000)
	log.With("with", long).WithGroup("g").Warn(long, "origin", long, "error", errors.New(long), "group",
		slog.GroupValue(slog.String("x", long)),
		"any", []string{long}, long, 1)
	require.Less(t, out.Len(), 8*(maxText+100))
	require.Contains(t, out.String(), "bytes more)")
	require.NotContains(t, out.String(), "\uFFFD")
	out.Reset()
	log.Info("short", "number", 5, "address", alice)
	require.Contains(t, out.String(), "msg=short number=5 address=192.0.2.1")
}

// Whatever one client does, the log stays small and the lines about others are there.
func TestLinesAreCountedByClient(t *testing.T) { synctest.Test(t, testLinesAreCountedByClient) }

func testLinesAreCountedByClient(t *testing.T) {
	var out bytes.Buffer
	handler := Bound(slog.NewTextHandler(&out, nil))
	require.Same(t, handler, Bound(handler))
	log := slog.New(handler)
	origin := strings.Repeat("https://", 4000)
	for i := range 100_000 {
		if i%2 == 0 {
			log.Warn("refused", "client", mallory, "origin", origin)
		} else {
			log.WarnContext(WithClient(context.Background(), mallory), "not recognised", "error", origin)
		}
	}
	require.Less(t, out.Len(), 1<<20)
	require.Equal(t, uint64(100_000-clientBurst), handler.LeftOut())
	out.Reset()
	time.Sleep(tellEvery)
	log.Warn("refused", "client", alice)
	log.Error("a fault of ours")
	require.Contains(t, out.String(), "client=192.0.2.1")
	require.Contains(t, out.String(), "a fault of ours")
	require.Contains(t, out.String(), "log lines were left out\" count=")
}

func TestLinesAreCountedInAll(t *testing.T) {
	var out bytes.Buffer
	handler := Bound(slog.NewTextHandler(&out, nil))
	log := slog.New(handler)
	for i := range 50_000 {
		log.Warn("refused", "client", netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
		log.Warn(fmt.Sprint("about nobody ", i))
	}
	require.Less(t, strings.Count(out.String(), "\n"), 5*overallBurst)
	require.LessOrEqual(t, len(handler.shared.clients), maxClients)
}
