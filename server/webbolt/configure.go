package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/webbolt/webbolt/server"
	"github.com/webbolt/webbolt/server/identity"
	"github.com/webbolt/webbolt/server/session"
	"github.com/webbolt/webbolt/server/upstream"
)

// configure makes the relay's configuration from the settings, or reports all that is wrong with them. Until ctx ends,
// it refreshes keys from a URL.
func configure(ctx context.Context, s *settings, from *source, log io.Writer) (server.Config, error) {
	p := &problems{from: from}
	c := server.Config{
		Upstreams: s.Upstreams, Allow: s.Allow, UpstreamCAs: s.UpstreamCAs, HTTP: s.HTTP, Origins: s.Origins,
		TrustedProxies: s.TrustedProxies, ConnectSources: s.ConnectSources,
		Compression: p.compression(s.Lanes.Compression),
		Limits:      p.limits(s.Limits), Logger: p.logger(s.Log, log),
	}
	s.Listen = cmp.Or(s.Listen, "127.0.0.1:8080")
	p.address("listen", s.Listen)
	p.address("admin", s.Admin)
	p.targets(s)
	if s.Static != "" {
		folder, err := os.OpenRoot(s.Static) // links that lead out of it do not work
		if p.add("static", err); err == nil {
			c.Static = folder.FS()
		}
	}
	if (s.TLS.Certificate == "") != (s.TLS.Key == "") {
		p.add("tls", errors.New("give both certificate and key, or neither"))
	} else if s.TLS.Certificate != "" {
		var err error
		c.TLS, err = server.Certificates(s.TLS.Certificate, s.TLS.Key, func(err error) {
			c.Logger.Error("the certificate stays as it was", "error", err)
		})
		p.add("tls.certificate", err)
	}
	if s.Credentials != nil {
		c.Policy = p.policy(ctx, s.Credentials, c.Logger)
	}
	if err := p.err(); err != nil {
		return c, err
	}
	return c, c.Validate()
}

func (p *problems) limits(l limitSettings) server.Limits {
	return server.Limits{
		Connections:          p.number("limits.connections", l.Connections),
		ConnectionsPerClient: p.number("limits.connections_per_client", l.ConnectionsPerClient),
		Sockets:              p.number("limits.sockets", l.Sockets),
		SocketsPerClient:     p.number("limits.sockets_per_client", l.SocketsPerClient),
		Pending:              p.number("limits.pending", l.Pending),
		Frame:                p.size("limits.frame", l.Frame),
		Message:              int(p.size("limits.message", l.Message)),
		Unfinished:           p.size("limits.unfinished", l.Unfinished),
		UnfinishedPerClient:  p.size("limits.unfinished_per_client", l.UnfinishedPerClient),
		Handshake:            p.time("limits.handshake", l.Handshake),
		Connect:              p.time("limits.connect", l.Connect),
		Write:                p.time("limits.write", l.Write),
		Ping:                 p.time("limits.ping", l.Ping),
		Sign:                 p.time("limits.sign", l.Sign),
		Idle:                 p.time("limits.idle", l.Idle),
		Life:                 p.time("limits.life", l.Life),
		Drain:                p.time("limits.drain", l.Drain),
	}
}

func (p *problems) address(path, text string) {
	if text == "" {
		return
	}
	if _, _, err := net.SplitHostPort(text); err != nil {
		p.add(path, errors.New("this is not an address, as 127.0.0.1:8080 or :8080"))
	}
}

// targets checks every entry by itself, so that errors name its line.
func (p *problems) targets(s *settings) {
	if len(s.Upstreams) == 0 && len(s.Allow) == 0 {
		p.add("upstreams", errors.New("name the Bolt server, as bolt://localhost:7687"))
	}
	each := func(path string, list []string, check func(string) error) {
		for i, text := range list {
			p.add(fmt.Sprintf("%s[%d]", path, i), check(text))
		}
	}
	each("upstreams", s.Upstreams, func(text string) error { _, err := upstream.ParseURI(text); return err })
	each("allow", s.Allow, func(text string) error {
		rule, err := upstream.ParseRule(text)
		if err == nil && s.Credentials != nil && rule.AnyHost() {
			err = fmt.Errorf("%q would have the relay send its credentials to any host; name hosts or networks", text)
		}
		return err
	})
	each("origins", s.Origins, server.CheckOrigin)
	each("trusted_proxies", s.TrustedProxies, func(text string) error {
		if _, err := netip.ParsePrefix(text); err != nil {
			return errors.New("this is not a network, as 10.0.0.0/8 is")
		}
		return nil
	})
	if s.HTTP != "" {
		p.add("http", server.CheckHTTP(s.HTTP))
	}
	if s.UpstreamCAs != "" {
		p.add("upstream_cas", server.CheckCAs(s.UpstreamCAs))
	}
}

// compression reads when lanes are compressed.
func (p *problems) compression(text string) server.Compression {
	switch text {
	case "", "auto":
		return server.CompressionAuto
	case string(server.CompressionOn), string(server.CompressionOff):
		return server.Compression(text)
	}
	p.add("lanes.compression", fmt.Errorf("%q is none of auto, on and off", text))
	return server.CompressionAuto
}

// policy makes the rules of the mode in which the relay holds the credentials.
func (p *problems) policy(ctx context.Context, c *credentialSettings, log *slog.Logger) session.Policy {
	accounts := &identity.Accounts{
		Users:  map[string]identity.Account{},
		Failed: func(ctx context.Context, err error) { log.WarnContext(ctx, "not recognised", "error", err) },
	}
	if len(c.Users) == 0 {
		p.add("credentials", errors.New("name users, or * for all"))
	}
	tokens := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(c.Users)) {
		u, path := c.Users[name], "credentials.users."+strings.ReplaceAll(name, ".", hiddenDot)
		accounts.Users[name] = p.account(path, u)
		if token := p.secret(path+".token", u.Token, u.TokenFile); token != "" {
			tokens[name] = token
		}
	}
	var err error
	switch c.Recognise {
	case "anyone":
		accounts.Recogniser = identity.Anyone{}
	case "tokens":
		accounts.Recogniser, err = identity.NewTokens(tokens)
		if len(tokens) < len(c.Users) {
			err = errors.Join(err, errors.New("where tokens are recognised, every user needs a token"))
		}
		p.add("credentials.users", err)
	case "jwt":
		accounts.Recogniser, err = identity.NewJWT(ctx, identity.JWTConfig{
			Keys: c.JWT.Keys, Issuer: c.JWT.Issuer, Audience: c.JWT.Audience, UserClaim: c.JWT.UserClaim,
			Leeway: max(0, p.time("credentials.jwt.leeway", c.JWT.Leeway)), Algorithms: c.JWT.Algorithms,
			Failed: func(err error) { log.Warn("the keys stay as they were", "error", err) },
		})
		p.add("credentials.jwt", err)
	default:
		p.add("credentials.recognise", fmt.Errorf("%q is not anyone, tokens or jwt", c.Recognise))
	}
	if len(tokens) > 0 && c.Recognise != "tokens" {
		p.add("credentials.recognise", errors.New("users have tokens, but tokens are not what is recognised"))
	}
	return accounts
}

func (p *problems) account(path string, u userSettings) identity.Account {
	credentials := session.Credentials{
		Scheme: cmp.Or(u.Scheme, "basic"), Principal: u.Principal, Realm: u.Realm,
		Secret: p.secret(path+".secret", u.Secret, u.SecretFile),
	}
	switch {
	case !slices.Contains([]string{"basic", "bearer", "kerberos", "none"}, credentials.Scheme):
		p.add(path+".scheme", fmt.Errorf("%q is not basic, bearer, kerberos or none", u.Scheme))
	case credentials.Scheme == "basic" && (credentials.Principal == "" || credentials.Secret == ""):
		p.add(path, errors.New("principal and secret (or secret_file) are what the relay logs in with; give both"))
	}
	for name, list := range map[string][]string{"databases": u.Databases, "queries": u.Queries} {
		if list != nil && len(list) == 0 {
			p.add(path+"."+name, errors.New("an empty list would allow all; leave it out for that"))
		}
	}
	for i, pattern := range u.Procedures {
		p.add(fmt.Sprintf("%s.procedures[%d]", path, i), session.CheckProcedure(pattern))
	}
	timeout := max(0, p.time(path+".timeout", u.Timeout))
	if timeout > 0 && timeout < time.Millisecond {
		p.add(path+".timeout", errors.New("it must be 1ms at least; 0 is no limit"))
	}
	return identity.Account{Credentials: credentials, Rules: session.Rules{
		ReadOnly: u.ReadOnly, Databases: u.Databases, Queries: u.Queries,
		Timeout: timeout, LoadCSV: u.LoadCSV, Administer: u.Administer, Procedures: u.Procedures,
	}}
}
