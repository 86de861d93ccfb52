package session

import (
	"fmt"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// kind describes a message of a page and how it is handled.
type kind struct {
	name   string
	fields int
	in     func(wire.Version) bool // nil: in all versions
	// remake reads the fields and writes them again; nil passes them on unchanged.
	remake func(s *Session, in *packstream.Reader, out []byte) ([]byte, *Refusal)
}

var kinds = map[byte]kind{
	wire.MessageHello:     {name: "HELLO", fields: 1, remake: (*Session).remakeHello},
	wire.MessageLogon:     {name: "LOGON", fields: 1, in: wire.FeatureLogon.In, remake: (*Session).remakeLogon},
	wire.MessageLogoff:    {name: "LOGOFF", in: wire.FeatureLogon.In},
	wire.MessageRun:       {name: "RUN", fields: 3, remake: (*Session).remakeRun},
	wire.MessageBegin:     {name: "BEGIN", fields: 1, remake: (*Session).remakeBegin},
	wire.MessageRoute:     {name: "ROUTE", fields: 3, in: wire.FeatureRoute.In, remake: (*Session).remakeRoute},
	wire.MessagePull:      {name: "PULL", fields: 1},
	wire.MessageDiscard:   {name: "DISCARD", fields: 1},
	wire.MessageCommit:    {name: "COMMIT"},
	wire.MessageRollback:  {name: "ROLLBACK"},
	wire.MessageReset:     {name: "RESET"},
	wire.MessageTelemetry: {name: "TELEMETRY", fields: 1, in: wire.FeatureTelemetry.In},
	wire.MessageGoodbye:   {name: "GOODBYE"},
}

// unknown refuses messages that the version does not have.
func (s *Session) unknown(tag byte) *Refusal {
	if k, isKind := kinds[tag]; isKind && (k.in == nil || k.in(s.version)) {
		return nil
	}
	return invalid(fmt.Sprintf("the relay does not know the message 0x%02X in Bolt %s", tag, s.version))
}

// remake returns the message to send instead of the page's, whose fields are in in.
func (s *Session) remake(tag byte, fields int, in *packstream.Reader) (out []byte, refused *Refusal) {
	k := kinds[tag]
	if fields != k.fields {
		return nil, invalid(fmt.Sprintf("%s has %d fields, not %d", k.name, k.fields, fields))
	}
	out = packstream.AppendStructHeader(make([]byte, 0, in.Len()+256), tag, fields)
	if k.remake != nil {
		out, refused = k.remake(s, in, out)
	} else if fields == 1 {
		out, refused = pass(in, out)
	}
	if refused == nil && in.Len() > 0 {
		refused = invalid("there are bytes after the end of " + k.name)
	}
	return out, refused
}

// pass copies a value unchanged.
func pass(in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	raw, err := in.Raw()
	if err != nil {
		return nil, malformed(err)
	}
	return append(out, raw...), nil
}

func malformed(err error) *Refusal { return invalid("the message is malformed: " + err.Error()) }

// remakeRun keeps text and parameters, and applies the rules to text and settings. In an explicit transaction servers
// ignore the settings, so they do no harm.
func (s *Session) remakeRun(in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	text, err := in.String() // always valid UTF-8, so that the server reads the checked text
	if err != nil {
		return nil, malformed(err)
	}
	if refused := s.grant.Rules.Query(text); refused != nil {
		return nil, refused
	}
	out = packstream.AppendString(out, text)
	if in.Kind() != packstream.KindMap {
		return nil, invalid("the parameters of RUN must be a map")
	}
	out, refused := pass(in, out)
	if refused != nil {
		return nil, refused
	}
	return s.remakeSettings(in, out)
}

func (s *Session) remakeBegin(in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	return s.remakeSettings(in, out)
}

// remakeRoute applies the rules to the database.
func (s *Session) remakeRoute(in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	if in.Kind() != packstream.KindMap {
		return nil, invalid("the routing context of ROUTE must be a map")
	}
	out, refused := pass(in, out)
	if refused != nil {
		return nil, refused
	}
	if in.Kind() != packstream.KindList {
		return nil, invalid("the bookmarks of ROUTE must be a list")
	}
	if out, refused = pass(in, out); refused != nil {
		return nil, refused
	}
	if wire.FeatureRouteExtra.In(s.version) {
		return s.remakeEntries(in, out, map[string]treatment{"db": treatDatabase, "imp_user": treatImpersonation}, "db")
	}
	return treatDatabase(s, in, out)
}
