package upstream

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseURI(t *testing.T) {
	for text, want := range map[string]string{
		"localhost":                      "bolt://localhost:7687",
		"bolt://DB.example.org.":         "bolt://db.example.org:7687",
		"neo4j+s://db.example.org:1":     "bolt+s://db.example.org:1",
		"bolt+ssc://[::1]:7688":          "bolt+ssc://[::1]:7688",
		"bolt://[::ffff:10.0.0.1]":       "bolt://10.0.0.1:7687",
		"bolt://under_score.example:700": "bolt://under_score.example:700",
	} {
		endpoint, err := ParseURI(text)
		require.NoError(t, err, text)
		require.Equal(t, want, endpoint.String())
	}
	for _, text := range []string{
		"", "http://x", "bolt://", "bolt://x:0", "bolt://x:65536", "bolt://x/y", "bolt://x?y", "bolt://a b",
		"bolt://u:secret@x",
		"bolt://127.1", "bolt://0x7f.0x1", "bolt://2130706433", "bolt://[fe80::1%25eth0]", "bolt://-x", "bolt://x..y",
	} {
		_, err := ParseURI(text)
		require.Error(t, err, text)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		rule, target string
		allowed      bool
	}{
		{"db.example.org", "db.example.org:7687", true},
		{"db.example.org", "DB.EXAMPLE.ORG.:7687", true},
		{"db.example.org", "db.example.org:7688", false},
		{"db.example.org", "x.db.example.org:7687", false},
		{"*.example.org:*", "a.b.example.org:1", true},
		{"*.example.org", "example.org:7687", false},
		{"*.example.org", "xexample.org:7687", false},
		{"*.example.org", "a.example.org.evil.org:7687", false},
		{"*:7687-7690", "anything.org:7690", true},
		{"*:7687-7690", "anything.org:7691", false},
		{"10.1.0.0/16", "10.1.2.3:7687", true},
		{"10.1.0.0/16", "10.2.2.3:7687", false},
		{"10.1.0.0/16", "[::ffff:10.1.2.3]:7687", true},
		{"10.1.0.0/16", "a.name:7687", false},
		{"[fd00::/8]:7000", "[fd12::1]:7000", true},
		{"fd00::/8", "[fd12::1]:7687", true},
		{"10.1.2.3:5", "10.1.2.3:5", true},
	} {
		directory, err := NewDirectory(nil, []string{c.rule})
		require.NoError(t, err)
		_, err = directory.Find(c.target)
		if c.allowed {
			require.NoError(t, err, "%s %s", c.rule, c.target)
		} else {
			require.ErrorIs(t, err, ErrForbidden, "%s %s", c.rule, c.target)
		}
	}
	for _, text := range []string{"", "x:0", "x:9-1", "x:a", "10.1.2.3/16", "*.*.org", "a*.org", "ftp://x", "x/y",
		"*."} {
		_, err := ParseRule(text)
		require.Error(t, err, text)
	}
}

func TestSpecialAddresses(t *testing.T) {
	for _, text := range []string{
		"0.0.0.0", "10.0.0.1", "100.64.1.1", "127.0.0.1", "169.254.169.254", "172.31.0.1", "192.168.0.1", "198.18.0.1",
		"224.0.0.1",
		"240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::",
		"fc00::1",
		"fe80::1", "fec0::1", "ff02::1", "2001:db8::1",
	} {
		require.True(t, isSpecial(netip.MustParseAddr(text)), text)
	}
	for _, text := range []string{"1.1.1.1", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "2a00::1"} {
		require.False(t, isSpecial(netip.MustParseAddr(text)), text)
	}
}

// names is a resolver whose answers change each time that it is asked.
type names map[string][][]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	answers := n[host]
	if len(answers) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	n[host] = answers[1:]
	var list []netip.Addr
	for _, text := range answers[0] {
		list = append(list, netip.MustParseAddr(text))
	}
	return list, nil
}

// Where credentials are sent, a network is only where names may lead.
func TestNamedOnly(t *testing.T) {
	directory, err := NewDirectory(nil, []string{"10.0.0.0/8", "10.1.2.3", "*.example.org"})
	require.NoError(t, err)
	directory.NamedOnly = true
	directory.Resolver = names{"a.example.org": {{"10.9.9.9"}}}
	_, err = directory.Find("10.9.9.9:7687")
	require.ErrorIs(t, err, ErrForbidden)
	_, err = directory.Find("10.1.2.3:7687")
	require.NoError(t, err, "an address by itself is named")
	to, err := directory.Find("a.example.org:7687")
	require.NoError(t, err)
	addresses, err := directory.resolve(t.Context(), to)
	require.NoError(t, err)
	require.Equal(t, []netip.Addr{netip.MustParseAddr("10.9.9.9")}, addresses)
}

// counted counts the look-ups.
type counted struct {
	names
	n int
}

func (c *counted) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	c.n++
	return c.names.LookupNetIP(ctx, network, host)
}

func TestCheckAfterResolution(t *testing.T) {
	for name, c := range map[string]struct {
		answer []string
		rules  []string
		want   []string
	}{
		"public":                       {[]string{"1.1.1.1"}, []string{"*"}, []string{"1.1.1.1"}},
		"private":                      {[]string{"10.0.0.1"}, []string{"*"}, nil},
		"link-local with a zone":       {[]string{"fe80::1%eth0"}, []string{"*"}, nil},
		"private, in disguise":         {[]string{"::ffff:10.0.0.1"}, []string{"*"}, nil},
		"private, translated":          {[]string{"::ffff:0:10.0.0.1"}, []string{"*"}, nil},
		"private, translated by NAT64": {[]string{"64:ff9b::10.0.0.1"}, []string{"*"}, nil},
		"both":                         {[]string{"127.0.0.1", "1.1.1.1"}, []string{"*"}, []string{"1.1.1.1"}},
		"private and allowed":          {[]string{"10.0.0.1"}, []string{"*", "10.0.0.0/8"}, []string{"10.0.0.1"}},
		"allowed on another port":      {[]string{"10.0.0.1"}, []string{"*", "10.0.0.0/8:1"}, nil},
		"another private network":      {[]string{"192.168.0.1"}, []string{"*", "10.0.0.0/8"}, nil},
		"cloud's metadata by any rule": {[]string{"169.254.169.254"}, []string{"*:*", "x.org"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			directory, err := NewDirectory(nil, c.rules)
			require.NoError(t, err)
			directory.Resolver = names{"x.org": {c.answer}}
			to, err := directory.Find("x.org:7687")
			require.NoError(t, err)
			got, err := directory.resolve(t.Context(), to)
			if c.want == nil {
				require.ErrorIs(t, err, ErrForbidden)
				require.NotContains(t, err.Error(), c.answer[0],
					"a page must not learn what a name is in the relay's network")
				return
			}
			require.NoError(t, err)
			var texts []string
			for _, address := range got {
				texts = append(texts, address.String())
			}
			require.Equal(t, c.want, texts)
		})
	}
}

// Whether there is a name in the relay's network, and what it stands for, is the same to a page that chose it.
func TestNoOracleForNames(t *testing.T) {
	directory, err := NewDirectory(nil, []string{"*", "named.internal:7687"})
	require.NoError(t, err)
	directory.Rules[0], directory.Rules[1] = directory.Rules[1], directory.Rules[0]
	tell := func(host string) (string, error) {
		directory.Resolver = names{"private.internal": {{"10.0.0.1"}}, "metadata.internal": {{"169.254.169.254"}},
			"named.internal": {{"10.0.0.1"}}}
		to, err := directory.Find(host + ":7687")
		require.NoError(t, err)
		_, err = directory.Dial(t.Context(), to)
		var refused *Error
		require.ErrorAs(t, err, &refused)
		return strings.ReplaceAll(refused.Text, host, "NAME"), refused.Reason
	}
	text, reason := tell("nowhere.internal")
	for _, host := range []string{"private.internal", "metadata.internal"} {
		s, r := tell(host)
		require.Equal(t, reason, r, host)
		require.Equal(t, text, s, host)
	}
	_, reason = tell("named.internal") // of what the operator named, more may be told
	require.Equal(t, ErrForbidden, reason)
}

func TestConfiguredUpstreamsMayBePrivate(t *testing.T) {
	directory, err := NewDirectory([]string{"bolt://x.org"}, nil)
	require.NoError(t, err)
	directory.Resolver = names{"x.org": {{"10.0.0.1"}, {"10.0.0.1"}}}
	for _, target := range []string{"", "x.org:7687"} {
		to, err := directory.Find(target)
		require.NoError(t, err)
		_, err = directory.resolve(t.Context(), to)
		require.NoError(t, err)
	}
}

// A name that is public when it is checked and private when it is dialled gets nothing, because it is resolved once.
func TestRebindingName(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	endpoint, err := ParseURI("bolt://" + listener.Addr().String())
	require.NoError(t, err)
	reached := make(chan struct{})
	go func() {
		if conn, err := listener.Accept(); err == nil {
			_ = conn.Close()
			close(reached)
		}
	}()
	directory, err := NewDirectory(nil, []string{"*:*"})
	require.NoError(t, err)
	directory.Timeout = time.Second
	// a check, and then another look-up for the connection, would get both
	lookups := &counted{names: names{"x.org": {{"1.1.1.1"}, {"127.0.0.1"}}}}
	directory.Resolver = lookups
	to, err := directory.Find(Endpoint{Host: "x.org", Port: endpoint.Port}.Address())
	require.NoError(t, err)
	addresses, err := directory.resolve(t.Context(), to)
	require.NoError(t, err)
	require.Equal(t, []netip.Addr{netip.MustParseAddr("1.1.1.1")}, addresses)
	require.Equal(t, 1, lookups.n)
	_, err = directory.Dial(t.Context(), to)
	require.ErrorIs(t, err, ErrForbidden)
	require.Equal(t, 2, lookups.n, "one for each connection")
	select {
	case <-reached:
		require.Fail(t, "reached")
	default:
	}
}

func TestDialFailures(t *testing.T) {
	directory, err := NewDirectory([]string{"bolt://gone.example", "bolt+s://127.0.0.1:1"}, nil)
	require.NoError(t, err)
	directory.Resolver = names{}
	to, err := directory.Find("")
	require.NoError(t, err)
	_, err = directory.Dial(t.Context(), to)
	require.ErrorIs(t, err, ErrUnreachable)
	require.Contains(t, err.Error(), "no such name")

	listener, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	require.NoError(t, err)
	defer listener.Close()
	directory, err = NewDirectory([]string{"bolt+s://" + listener.Addr().String()}, nil)
	require.NoError(t, err)
	directory.Timeout = 50 * time.Millisecond
	to, err = directory.Find("")
	require.NoError(t, err)
	_, err = directory.Dial(t.Context(), to)
	require.ErrorIs(t, err, ErrTimeout)
	var refused *Error
	require.True(t, errors.As(err, &refused))
}
