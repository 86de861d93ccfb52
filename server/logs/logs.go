// Package logs limits a log: clients of the relay must not be able to fill its disk. Texts are cut, the lines of each
// client are limited, and omitted lines are counted.
package logs

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"github.com/webbolt/webbolt/server/household"
)

const (
	maxText = 256 // bytes of one value

	clientRate, clientBurst   = 5, 100     // lines a second of one client
	overallRate, overallBurst = 200, 2_000 // of all clients
	maxClients                = 4096       // that are told apart
	tellEvery                 = 10 * time.Second
)

// ClientKey is the attribute, a [netip.Addr], that says which client a line is about.
const ClientKey = "client"

type contextKey struct{}

// WithClient makes lines that are logged with the context count for a client.
func WithClient(ctx context.Context, client netip.Addr) context.Context {
	return context.WithValue(ctx, contextKey{}, client)
}

// Handler is a [slog.Handler] that bounds what it passes on. Errors (level ERROR) are always passed on.
type Handler struct {
	next   slog.Handler
	shared *shared
}

// shared is the state that all handlers made from one handler share.
type shared struct {
	left    atomic.Uint64
	overall *rate.Limiter

	mu      sync.Mutex
	clients map[netip.Prefix]*rate.Limiter
	told    time.Time
	toldOf  uint64 // how many omitted lines were reported
}

// Bound makes a Handler. If next is bounded already, it returns next.
func Bound(next slog.Handler) *Handler {
	if h, bounded := next.(*Handler); bounded {
		return h
	}
	return &Handler{next: next, shared: &shared{
		overall: rate.NewLimiter(overallRate, overallBurst), clients: map[netip.Prefix]*rate.Limiter{},
	}}
}

// LeftOut is the number of omitted lines.
func (h *Handler) LeftOut() uint64 { return h.shared.left.Load() }

// Enabled implements [slog.Handler].
func (h *Handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle implements [slog.Handler].
func (h *Handler) Handle(ctx context.Context, record slog.Record) error {
	if record.Level < slog.LevelError && !h.shared.allow(clientOf(ctx, record)) {
		h.shared.left.Add(1)
		return nil
	}
	if count := h.shared.untold(); count > 0 {
		note := slog.NewRecord(time.Now(), slog.LevelWarn, "log lines were left out", 0)
		note.AddAttrs(slog.Uint64("count", count))
		if err := h.next.Handle(ctx, note); err != nil {
			return err
		}
	}
	cut := slog.NewRecord(record.Time, record.Level, shorten(record.Message), record.PC)
	record.Attrs(func(a slog.Attr) bool {
		cut.AddAttrs(shortenAttr(a))
		return true
	})
	return h.next.Handle(ctx, cut)
}

// WithAttrs implements [slog.Handler].
func (h *Handler) WithAttrs(attributes []slog.Attr) slog.Handler {
	short := make([]slog.Attr, len(attributes))
	for i, a := range attributes {
		short[i] = shortenAttr(a)
	}
	return &Handler{h.next.WithAttrs(short), h.shared}
}

// WithGroup implements [slog.Handler].
func (h *Handler) WithGroup(name string) slog.Handler {
	return &Handler{h.next.WithGroup(name), h.shared}
}

// allow reports whether another line may be written for a client, or for no client if it is not valid.
func (s *shared) allow(client netip.Addr) bool {
	if client.IsValid() {
		s.mu.Lock()
		network := household.Of(client)
		limiter := s.clients[network]
		if limiter == nil {
			if len(s.clients) >= maxClients {
				clear(s.clients) // the limit for all clients still holds
			}
			limiter = rate.NewLimiter(clientRate, clientBurst)
			s.clients[network] = limiter
		}
		s.mu.Unlock()
		if !limiter.Allow() {
			return false
		}
	}
	return s.overall.Allow()
}

// untold is how many lines were omitted since the last report, or 0 if no report is due.
func (s *shared) untold() uint64 {
	left := s.left.Load()
	s.mu.Lock()
	defer s.mu.Unlock()
	count := left - s.toldOf
	if count == 0 || time.Since(s.told) < tellEvery {
		return 0
	}
	s.told, s.toldOf = time.Now(), left
	return count
}

func clientOf(ctx context.Context, record slog.Record) (client netip.Addr) {
	client, _ = ctx.Value(contextKey{}).(netip.Addr)
	record.Attrs(func(a slog.Attr) bool {
		if address, ok := a.Value.Any().(netip.Addr); ok && a.Key == ClientKey {
			client = address
			return false
		}
		return true
	})
	return client
}

func shortenAttr(a slog.Attr) slog.Attr {
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindString:
		return slog.String(shorten(a.Key), shorten(value.String()))
	case slog.KindGroup:
		var short []any
		for _, inner := range value.Group() {
			short = append(short, shortenAttr(inner))
		}
		return slog.Group(shorten(a.Key), short...)
	case slog.KindAny:
		switch value.Any().(type) {
		case error, fmt.Stringer:
			return slog.String(shorten(a.Key), shorten(fmt.Sprint(value.Any())))
		}
		return slog.String(shorten(a.Key), shorten(fmt.Sprintf("%+v", value.Any())))
	}
	return slog.Attr{Key: shorten(a.Key), Value: value}
}

// shorten cuts a text, not in the middle of a character.
func shorten(text string) string {
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for end > maxText-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.Clone(text[:end]) + fmt.Sprintf("… (%d bytes more)", len(text)-end)
}
