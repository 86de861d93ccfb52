package session

import (
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// helloEntries are the entries of HELLO that pass; all others are left out, above all credentials.
var helloEntries = map[string]treatment{
	"user_agent":                             treatPass,
	"bolt_agent":                             treatPass,
	"routing":                                treatPass,
	"patch_bolt":                             treatPass,
	"notifications_minimum_severity":         treatPass,
	"notifications_disabled_categories":      treatPass,
	"notifications_disabled_classifications": treatPass,
}

// remakeHello sets the relay's credentials, if the version has them in HELLO.
func (s *Session) remakeHello(in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	if wire.FeatureLogon.In(s.version) {
		return s.remakeEntries(in, out, helloEntries)
	}
	credentials, refused := s.login(*in)
	if refused != nil {
		return nil, refused
	}
	remade, refused := s.remakeEntries(in, nil, helloEntries)
	if refused != nil {
		return nil, refused
	}
	rest := packstream.NewReader(remade)
	n, err := rest.MapHeader()
	if err != nil {
		return nil, malformed(err)
	}
	out = packstream.AppendMapHeader(out, n+credentials.entries())
	out = append(out, remade[rest.Offset():]...)
	return credentials.appendTo(out), nil
}

// remakeLogon replaces the page's credentials by the relay's.
func (s *Session) remakeLogon(in *packstream.Reader, out []byte) ([]byte, *Refusal) {
	credentials, refused := s.login(*in)
	if refused != nil {
		return nil, refused
	}
	if err := in.Skip(); err != nil {
		return nil, malformed(err)
	}
	out = packstream.AppendMapHeader(out, credentials.entries())
	return credentials.appendTo(out), nil
}

// login recognises the user. The user's rules apply from here on.
func (s *Session) login(in packstream.Reader) (Credentials, *Refusal) {
	presented, err := readPresented(&in)
	if err != nil {
		return Credentials{}, malformed(err)
	}
	grant, err := s.config.Policy.Admit(s.ctx, presented)
	if err != nil {
		return Credentials{}, &Refusal{codeUnauthorized, "login", err.Error()}
	}
	s.grant = grant
	s.clock.set(grant.Rules.Timeout)
	if s.config.Granted != nil {
		s.config.Granted(grant)
	}
	return grant.Credentials, nil
}

func readPresented(in *packstream.Reader) (p Presented, err error) {
	n, err := in.MapHeader()
	if err != nil {
		return p, err
	}
	for range n {
		key, err := in.String()
		if err != nil {
			return p, err
		}
		into := map[string]*string{"scheme": &p.Scheme, "principal": &p.Principal, "credentials": &p.Credentials}[key]
		if into == nil || in.Kind() != packstream.KindString {
			err = in.Skip()
		} else {
			*into, err = in.String()
		}
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// entries is how many appendTo appends.
func (c Credentials) entries() int {
	switch {
	case c.Scheme == "none":
		return 1
	case c.Realm == "":
		return 3
	}
	return 4
}

func (c Credentials) appendTo(b []byte) []byte {
	if c.Scheme == "none" {
		return appendTexts(b, "scheme", "none")
	}
	scheme := c.Scheme
	if scheme == "" {
		scheme = "basic"
	}
	b = appendTexts(b, "scheme", scheme, "principal", c.Principal, "credentials", c.Secret)
	if c.Realm != "" {
		b = appendTexts(b, "realm", c.Realm)
	}
	return b
}
