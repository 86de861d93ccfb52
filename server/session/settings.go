package session

import (
	"github.com/webbolt/webbolt/client/packstream"
)

// treatment reads the value of a map's entry and returns the one to send, or an empty one to leave the entry out. in is
// nil if the page did not send the entry.
type treatment func(s *Session, in *packstream.Reader, out []byte) ([]byte, *Refusal)

// settings are the entries that RUN and BEGIN may have.
var settings = map[string]treatment{
	"bookmarks":                              treatPass,
	"tx_metadata":                            treatPass,
	"notifications_minimum_severity":         treatPass,
	"notifications_disabled_categories":      treatPass,
	"notifications_disabled_classifications": treatPass,
	"mode":                                   treatMode,
	"db":                                     treatDatabase,
	"tx_timeout":                             treatTimeout,
	"imp_user":                               treatImpersonation,
}

func (s *Session) remakeSettings(in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	return s.remakeEntries(in, out, settings, "mode", "db", "tx_timeout")
}

// mostEntries limits the entries of a map whose keys have a meaning in Bolt. Servers know ten at most.
const mostEntries = 100

// remakeEntries writes a new map with the entries that have a treatment. The forced ones are treated even if they are
// missing.
func (s *Session) remakeEntries(in *packstream.Reader, out []byte, treatments map[string]treatment,
	forced ...string) ([]byte, *Refusal) {
	n, err := in.MapHeader()
	if err != nil {
		return nil, malformed(err)
	}
	if n > mostEntries {
		return nil, invalid("there are more entries than any message has")
	}
	var entries []byte
	count := 0
	add := func(key string, value []byte) {
		if len(value) > 0 {
			entries = append(packstream.AppendString(entries, key), value...)
			count++
		}
	}
	seen := map[string]bool{}
	for range n {
		key, err := in.String()
		if err != nil {
			return nil, malformed(err)
		}
		if seen[key] {
			return nil, invalid("the entry " + key + " comes twice")
		}
		seen[key] = true
		treat := treatments[key]
		if treat == nil {
			if err := in.Skip(); err != nil {
				return nil, malformed(err)
			}
			continue
		}
		value, refused := treat(s, in, nil)
		if refused != nil {
			return nil, refused
		}
		add(key, value)
	}
	for _, key := range forced {
		if !seen[key] {
			value, refused := treatments[key](s, nil, nil)
			if refused != nil {
				return nil, refused
			}
			add(key, value)
		}
	}
	return append(packstream.AppendMapHeader(out, count), entries...), nil
}

func treatPass(_ *Session, in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	return pass(in, out)
}

// isAbsent passes over a null, which means the same as no entry.
func isAbsent(in *packstream.Reader) bool {
	return in == nil || in.Kind() == packstream.KindNull && in.Null() == nil
}

func treatMode(s *Session, in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	mode := ""
	if !isAbsent(in) {
		var err error
		if mode, err = in.String(); err != nil || mode != "r" && mode != "w" {
			return nil, invalid(`mode must be "r" or "w"`)
		}
	}
	if s.grant.Rules.ReadOnly {
		mode = "r"
	}
	if mode == "" {
		return out, nil
	}
	return packstream.AppendString(out, mode), nil
}

func treatDatabase(s *Session, in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	asked := ""
	if !isAbsent(in) {
		var err error
		if asked, err = in.String(); err != nil {
			return nil, malformed(err)
		}
	}
	name, refused := s.grant.Rules.Database(asked)
	if refused != nil {
		return nil, refused
	}
	if name == "" && in == nil {
		return out, nil
	}
	if name == "" {
		return packstream.AppendNull(out), nil
	}
	return packstream.AppendString(out, name), nil
}

func treatTimeout(s *Session, in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	var asked int64
	if !isAbsent(in) {
		var err error
		if asked, err = in.Int(); err != nil || asked < 0 {
			return nil, invalid("tx_timeout must be a number of milliseconds")
		}
	}
	timeout := s.grant.Rules.LongestTimeout(asked)
	if timeout == 0 && in == nil {
		return out, nil
	}
	return packstream.AppendInt(out, timeout), nil
}

// treatImpersonation refuses impersonation: the relay's account may have rights that no page may use.
func treatImpersonation(_ *Session, in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	if isAbsent(in) {
		return out, nil
	}
	return nil, Impersonation()
}

// Impersonation is the refusal of an attempt to act as another user.
func Impersonation() *Refusal {
	return forbid("impersonation", "the relay does not allow to act as another user")
}
