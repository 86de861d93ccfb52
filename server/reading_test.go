package server

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
	"github.com/webbolt/webbolt/server/session"
)

// lead is a way out of a session's frame, and how to tell from a server's answer that it took the text so. Nothing of
// it does harm: the graph, the procedure and the file do not exist.
type lead struct {
	words []string
	taken func(code, message string, fields []any) bool
}

const nowhere = "guardnowhere"

var leads = []lead{
	{strings.Fields("USE " + nowhere + " RETURN 1 AS y"), tookUse},
	{strings.Fields("CALL guard . " + nowhere + " ( )"), func(code, message string, _ []any) bool {
		return strings.HasSuffix(code, "ProcedureNotFound") && strings.Contains(message, nowhere)
	}},
	{strings.Fields("LOAD CSV FROM 'file:///" + nowhere + "' AS l RETURN l"), func(code, _ string, _ []any) bool {
		return strings.HasSuffix(code, "ExternalResourceFailed")
	}},
	{strings.Fields("SHOW USERS"), func(_, _ string, fields []any) bool {
		return slices.Contains(fields, any("passwordChangeRequired"))
	}},
	{strings.Fields("TERMINATE TRANSACTION 'guard-transaction-1'"), func(_, _ string, fields []any) bool {
		return slices.Contains(fields, any("message"))
	}},
}

// tookUse tells that the server looked for the graph. A syntax error tells nothing: it shows the text.
func tookUse(code, message string, _ []any) bool {
	return strings.HasSuffix(code, "DatabaseNotFound") || strings.HasSuffix(code, "EntityNotFound") ||
		strings.Contains(message, "Attempted to access graph")
}

// generator makes texts around a lead. Many are valid for this server: what it refuses tells nothing.
type generator struct {
	*rand.Rand
	version neo4jtest.Version
	wild    int // of 100 places, in how many something odd stands
}

func (g generator) one(list ...string) string { return list[g.IntN(len(list))] }

// odd are characters that servers do not agree on, or that a reader could take for others.
var odd = []rune("$€£¢_\u00ad\u0085\u00a0\u0000\u0008\u001c\u007f\u0300\u200b\u200c\u200d\u2028\u2029" +
	"\u202e\u2060\ufeff\u203f\u2040\u2054\uff04\uff10\uff33ſKé名ªµ·\u180e\u3000\u1680\u16ee" +
	"\U0001F600\U00010400'\"`\\/*{}()[]:;,.-=<>|&!?%^~#@0159useUSE")

// gap is what may stand between two words.
func (g generator) gap() string {
	if g.IntN(100) >= g.wild {
		return " "
	}
	switch g.IntN(6) {
	case 0:
		return ""
	case 1:
		return g.one("\u0085", "\u001c", "\u1680", "\u180e", "\ufeff", "\u200b", " \u00ad ", "\u0000")
	case 2:
		return g.one("//\n", "// '\n", "// /* \r", "// `\r\n", "//\u2028\n", "// x\u0085\n")
	case 3:
		return g.one("\t", "\n", "\r", "\f", "\v", "\u00a0", "\u2003", "\u2028", "\u3000")
	}
	return g.one("/**/", "/* */", "/* ' */", "/*/**/", "/***/", "/* \" ` // */", "/*\n*/", "/* { } s' */",
		"/****/", "/** * */")
}

// hull is a string, name or comment whose end a reader could miss.
func (g generator) hull() string {
	var b strings.Builder
	quote := g.one("'", "\"", "`")
	if g.IntN(100) < g.wild {
		b.WriteString(g.one("s", "S", " s ", "es", "r"))
	}
	b.WriteString(quote)
	for range g.IntN(6) {
		b.WriteString(g.one(`\\`, `\`+quote, `\"`, "``", "/*", "*/", "//", "\n", "{", "}", "USE "+nowhere,
			"a", `\n`, "\u2028", "é", "#"))
		if g.IntN(100) < g.wild {
			b.WriteString(g.one("'", "\"", "`", `\`, `\x`, `\u0027`))
		}
	}
	b.WriteString(quote)
	return b.String()
}

func (g generator) name() string {
	name := []rune(g.one("a", "x1", "_", "use", "né"))
	for g.IntN(100) < g.wild {
		name = append(name, odd[g.IntN(len(odd))])
	}
	return string(name)
}

// opening is what may stand before a statement.
func (g generator) opening() []string {
	version := map[neo4jtest.Version]string{neo4jtest.V4_4: "4.4", neo4jtest.V5: "5", neo4jtest.V2026: "25"}[g.version]
	if g.IntN(100) < g.wild {
		version = g.one("5", "5.", "25", "4.4", "4.", "v5", "5.0", "05")
	}
	options := []string{"CYPHER", version}
	switch g.IntN(8) {
	case 0:
		return nil
	case 1:
		return append(options, "planner", "=", "cost")
	case 2:
		return append([]string{"PROFILE"}, options...)
	case 3:
		if g.version == neo4jtest.V4_4 {
			return []string{"CYPHER", "planner", "=", "idp"}
		}
		return append(options, "runtime", "=", "slotted", "PROFILE")
	}
	return options
}

// around puts words around a lead.
func (g generator) around(l lead) []string {
	n := g.name()
	w := slices.Clone(l.words)
	if w[0] != "USE" {
		return append([][]string{nil, nil, {"UNWIND", g.hull(), "AS", n}, {"WITH", "1", "AS", n}}[g.IntN(4)], w...)
	}
	switch g.IntN(9) {
	case 0:
		return append([]string{"RETURN", g.hull(), "AS", "y", "UNION", g.one("", "ALL", "DISTINCT")}, w...)
	case 1:
		return append(append([]string{"WITH", "1", "AS", n, "CALL", "{", "WITH", n}, w...), "}", "RETURN", "y")
	case 2:
		return append(append([]string{"CALL", "{"}, w...), "}", "RETURN", "y")
	case 3:
		return append(append([]string{"RETURN", g.one("COLLECT", "EXISTS", "COUNT"), "{"}, w...), "}", "AS", n)
	case 4:
		return append([]string{"RETURN", "1", "AS", "y", "NEXT"}, w...)
	case 5:
		return append([]string{"WHEN", "true", "THEN"}, w...)
	case 6:
		inside := g.one("", "a", `\'`, "}", "`", "//", "/*")
		return append(append([]string{"RETURN", "s'" + inside + "{", "COLLECT", "{"}, w...), "}", "}'", "AS", n)
	case 7:
		before := []string{"WITH", g.hull(), "AS", n, ",", "1", "AS", "b", "CALL", "(", "b", ")", "{"}
		return append(append(before, w...), "}", "RETURN", "y")
	}
	return w
}

func (g generator) text(l lead) string {
	var b strings.Builder
	for _, word := range append(g.opening(), g.around(l)...) {
		if g.IntN(500) < g.wild {
			word = g.one(strings.ToLower(word), "`"+word+"`", g.hull())
		}
		b.WriteString(word)
		b.WriteString(g.gap())
	}
	text := []rune(b.String())
	for g.IntN(100) < g.wild {
		at := g.IntN(len(text))
		switch c := odd[g.IntN(len(odd))]; g.IntN(3) {
		case 0:
			text = slices.Delete(text, at, at+1)
		case 1:
			text = slices.Insert(text, at, c)
		default:
			text[at] = c
		}
	}
	return string(text)
}

// lost stands for the code of a failure that the server could not send: 5.26.30 cuts some characters in two in its
// text. It answers nothing to the query then, so the connection is out of step.
const lost = "lost"

// outcome runs a query on a server, in a transaction that may only read.
func (p *boltPage) outcome(query string) (code, message string, fields []any) {
	p.Helper()
	_ = p.SetReadDeadline(time.Now().Add(patience))
	p.ask(wire.MessageRun, query, dict{}, dict{"mode": "r"})
	p.ask(wire.MessagePull, dict{"n": int64(-1)})
	a := p.answer()
	if a.tag == wire.MessageIgnored {
		return lost, "", nil
	}
	if a.tag == wire.MessageSuccess {
		fields, _ = a.meta()["fields"].([]any)
		for a = p.answer(); a.tag == wire.MessageRecord; {
			a = p.answer()
		}
	} else {
		p.want(wire.MessageIgnored)
	}
	if a.tag == wire.MessageFailure {
		code, _ = a.meta()["code"].(string)
		message, _ = a.meta()["message"].(string)
		p.reset()
	}
	return code, message, fields
}

// Whenever a server finds a way out of the frame in a text, so does the relay: with WEBBOLT_MATRIX in thousands of
// texts, else in some hundred.
func TestTheRelayReadsAsServersRead(t *testing.T) {
	rounds := 400
	if os.Getenv("WEBBOLT_MATRIX") != "" {
		rounds = 20_000
	}
	for i, version := range neo4jtest.Versions {
		t.Run(string(version), func(t *testing.T) {
			r := guarded(t, version, session.Rules{})
			p := r.bolt(t)
			p.login(4, 4, passToken)
			g := generator{Rand: rand.New(rand.NewPCG(2026, uint64(i))), version: version}
			taken, last := map[string]int{}, ""
			defer func() {
				if t.Failed() {
					t.Logf("the last text was %q", last)
				}
			}()
			for range rounds {
				l := leads[max(0, g.IntN(2*len(leads))-len(leads))]
				g.wild = g.IntN(40)
				text := g.text(l)
				last = text
				code, message, fields := p.outcome(text)
				if code == lost {
					taken[lost]++
					p = r.bolt(t)
					p.login(4, 4, passToken)
				}
				for _, l := range leads {
					if !l.taken(code, message, fields) {
						continue
					}
					taken[l.words[0]]++
					for _, rules := range []session.Rules{{ReadOnly: true}, {Databases: []string{"neo4j"}}} {
						require.NotNil(t, rules.Query(text), "the server found %s in %q", l.words[0], text)
					}
				}
			}
			t.Logf("of %d texts the server took %v", rounds, taken)
			require.Less(t, taken[lost], 1+rounds/100)
			for _, l := range leads {
				require.Greater(t, taken[l.words[0]], rounds/100, "too few texts are valid: %s", l.words[0])
			}
		})
	}
}

// What the relay takes for letters is a part of names on every server; else a word could begin where the relay sees
// none.
func TestLettersAreLettersToServers(t *testing.T) {
	var names []string
	name := []rune("a")
	for c := rune(0x80); c <= 0xFFFF; c++ {
		// To the relay, a keyword is none behind a letter.
		if (&session.Rules{ReadOnly: true}).Query(fmt.Sprintf("RETURN 1 AS %cuse", c)) != nil {
			continue
		}
		if name = append(name, c); len(name) == 400 {
			names = append(names, string(name))
			name = []rune("a")
		}
	}
	names = append(names, string(name))
	require.Greater(t, len(names), 50)
	for _, version := range neo4jtest.Versions {
		p := guarded(t, version, session.Rules{}).bolt(t)
		p.login(4, 4, passToken)
		for _, name := range names {
			code, message, fields := p.outcome("RETURN 1 AS " + name)
			require.Empty(t, code, message)
			require.Equal(t, []any{name}, fields)
		}
	}
}
