package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
	"github.com/webbolt/webbolt/server/identity"
	"github.com/webbolt/webbolt/server/session"
)

// pass is the token that pages show the relay in these tests.
const pass = "0123456789abcdef"

var passToken = dict{"scheme": "bearer", "credentials": pass}

// guarded is a relay that holds the credentials of a real server, and one user to these rules.
func guarded(t *testing.T, version neo4jtest.Version, rules session.Rules) *relay {
	t.Helper()
	neo4j := neo4jtest.Need(t, version)
	tokens, err := identity.NewTokens(map[string]string{"alice": pass})
	require.NoError(t, err)
	return newRelay(t, Config{
		Upstreams: []string{neo4j.BoltURI()},
		Policy: &identity.Accounts{Recogniser: tokens, Users: map[string]identity.Account{
			"alice": {Credentials: session.Credentials{Principal: neo4j.User, Secret: neo4j.Password}, Rules: rules},
		}},
	})
}

// versions are the newest and the oldest that each server speaks, and those in which something changed.
var versions = []struct {
	server       neo4jtest.Version
	major, minor byte
}{
	{neo4jtest.V5, 5, 8}, {neo4jtest.V5, 5, 6}, {neo4jtest.V5, 5, 0}, {neo4jtest.V5, 4, 4},
	{neo4jtest.V4_4, 4, 4}, {neo4jtest.V4_4, 4, 0}, {neo4jtest.V2026, 6, 1}, {neo4jtest.V2026, 5, 8},
}

func TestCredentialsStayHere(t *testing.T) {
	for _, v := range versions {
		t.Run(string(v.server)+" "+wire.Version{Major: v.major, Minor: v.minor}.String(), func(t *testing.T) {
			p := guarded(t, v.server, session.Rules{}).bolt(t)
			p.login(v.major, v.minor, passToken)
			require.EqualValues(t, 1, p.value("RETURN 1", dict{}))
			p.ask(wire.MessageGoodbye)
			p.requireClosed(wire.CloseNormal, "")
		})
	}
}

func TestReadOnlyAndTransactions(t *testing.T) {
	for _, v := range versions {
		t.Run(string(v.server)+" "+wire.Version{Major: v.major, Minor: v.minor}.String(), func(t *testing.T) {
			p := guarded(t, v.server, session.Rules{ReadOnly: true, Databases: []string{"neo4j"},
				Timeout: time.Minute}).bolt(t)
			p.login(v.major, v.minor, passToken)
			for _, extra := range []dict{{}, {"mode": "w"}, {"mode": "r"}, {"mode": nil}} {
				p.ask(wire.MessageRun, "CREATE (:RelayTest)", dict{}, extra)
				p.ask(wire.MessagePull, dict{"n": int64(-1)})
				a := p.want(wire.MessageFailure)
				require.Contains(t, a.meta()["message"], "read access mode", extra)
				p.want(wire.MessageIgnored)
				p.reset()
				p.ask(wire.MessageBegin, extra)
				p.want(wire.MessageSuccess)
				p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{})
				p.ask(wire.MessagePull, dict{"n": int64(-1)})
				p.want(wire.MessageSuccess)
				p.want(wire.MessageRecord)
				p.want(wire.MessageSuccess)
				p.ask(wire.MessageRun, "CREATE (:RelayTest)", dict{}, dict{"mode": "w"})
				require.Contains(t, p.want(wire.MessageFailure).meta()["message"], "read access mode", extra)
				p.reset()
			}
		})
	}
}
