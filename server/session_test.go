package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
		t.Run(string(v.server)+" "+session.Version{Major: v.major, Minor: v.minor}.String(), func(t *testing.T) {
			p := guarded(t, v.server, session.Rules{}).bolt(t)
			p.login(v.major, v.minor, passToken)
			require.EqualValues(t, 1, p.value("RETURN 1", dict{}))
			p.ask(msgGoodbye)
			p.requireClosed(CloseNormal, "")
		})
	}
}

func TestReadOnlyAndTransactions(t *testing.T) {
	for _, v := range versions {
		t.Run(string(v.server)+" "+session.Version{Major: v.major, Minor: v.minor}.String(), func(t *testing.T) {
			p := guarded(t, v.server, session.Rules{ReadOnly: true, Databases: []string{"neo4j"}, Timeout: time.Minute}).bolt(t)
			p.login(v.major, v.minor, passToken)
			for _, extra := range []dict{{}, {"mode": "w"}, {"mode": "r"}, {"mode": nil}} {
				p.ask(msgRun, "CREATE (:RelayTest)", dict{}, extra)
				p.ask(msgPull, dict{"n": int64(-1)})
				a := p.want(msgFailure)
				require.Contains(t, a.meta()["message"], "read access mode", extra)
				p.want(msgIgnored)
				p.reset()
				p.ask(msgBegin, extra)
				p.want(msgSuccess)
				p.ask(msgRun, "RETURN 1", dict{}, dict{})
				p.ask(msgPull, dict{"n": int64(-1)})
				p.want(msgSuccess)
				p.want(msgRecord)
				p.want(msgSuccess)
				p.ask(msgRun, "CREATE (:RelayTest)", dict{}, dict{"mode": "w"})
				require.Contains(t, p.want(msgFailure).meta()["message"], "read access mode", extra)
				p.reset()
			}
		})
	}
}
