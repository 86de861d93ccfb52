package client

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Secret is a text that is never printed.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "*******"
}

// GoString hides the secret.
func (s Secret) GoString() string { return strconv.Quote(s.String()) }

// MarshalText hides the secret from encoders and structured logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// Profile says how and where to connect, and as which user. Equal profiles compare equal with ==, and a Profile can key
// a map; make one with [ParseProfile], or fill one and call Normalize.
type Profile struct {
	Scheme   string // one of bolt, neo4j, http, ws; +s or +ssc for TLS; https, wss
	User     string // "" for no authentication
	Password Secret
	Host     string // name or address, IPv6 without brackets
	Port     int
	Path     string // for ws, wss, http and https: "" or a path with its leading slash
	Query    string // routing context of neo4j schemes, canonical: keys sorted, percent-encoded
	Database string // default graph name; "" for the user's home database
}

type scheme struct {
	protocol       Protocol
	secure, verify bool
	routing        bool
	port           int
}

// Protocol is the protocol of a profile's scheme.
type Protocol string

// The protocols.
const (
	ProtocolBolt          Protocol = "bolt"      // over TCP natively, over a WebSocket in a browser
	ProtocolBoltWebSocket Protocol = "websocket" // Bolt over a WebSocket everywhere; the profile's path counts
	ProtocolHTTP          Protocol = "http"
)

var schemes = map[string]scheme{
	"bolt":      {protocol: ProtocolBolt, port: 7687},
	"bolt+s":    {protocol: ProtocolBolt, secure: true, verify: true, port: 7687},
	"bolt+ssc":  {protocol: ProtocolBolt, secure: true, port: 7687},
	"neo4j":     {protocol: ProtocolBolt, routing: true, port: 7687},
	"neo4j+s":   {protocol: ProtocolBolt, routing: true, secure: true, verify: true, port: 7687},
	"neo4j+ssc": {protocol: ProtocolBolt, routing: true, secure: true, port: 7687},
	"http":      {protocol: ProtocolHTTP, port: 7474},
	"https":     {protocol: ProtocolHTTP, secure: true, verify: true, port: 7473},
	"http+ssc":  {protocol: ProtocolHTTP, secure: true, port: 7473},
	"ws":        {protocol: ProtocolBoltWebSocket, port: 80},
	"wss":       {protocol: ProtocolBoltWebSocket, secure: true, verify: true, port: 443},
}

const schemeNames = "bolt, bolt+s, bolt+ssc, neo4j, neo4j+s, neo4j+ssc, http, https, http+s, http+ssc, ws, wss"

// ParseProfile reads a profile from a URI such as "neo4j+s://user:password@example.org:7687?region=eu". What the URI
// leaves out is filled in: scheme bolt, host localhost, the scheme's port. User and password may be percent-encoded.
//
// No error shows any part of the URI: it may be part of a password that was not encoded. web/src/profile.ts parses URIs
// in the same way; both are tested with web/test/vectors/profile.json.
func ParseProfile(uri string) (Profile, error) {
	p, err := SplitURI(uri)
	if err != nil {
		return Profile{}, err
	}
	return p.Normalize()
}

// SplitURI is [ParseProfile] for callers that change the profile before they open a connection: it fills in nothing and
// does not check the parts.
func SplitURI(uri string) (Profile, error) {
	p := Profile{Scheme: "bolt"}
	rest := uri
	if name, after, found := strings.Cut(uri, "://"); found {
		p.Scheme, rest = name, after
	}
	// A user or password with an unescaped / or ? would end up in path or query, and from there in errors and logs.
	if end := strings.IndexAny(rest, "/?"); end >= 0 && strings.Contains(rest[end:], "@") {
		return Profile{}, &ArgumentError{Argument: "uri",
			Message: "user and password must be percent-encoded (/ is %2F, ? is %3F), and so must an @ after the " +
				"host (%40)"}
	}
	rest, query, _ := strings.Cut(rest, "?")
	p.Query = query
	authority, path, found := strings.Cut(rest, "/")
	if found {
		p.Path = "/" + path
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, password, _ := strings.Cut(authority[:at], ":")
		authority = authority[at+1:]
		var ok1, ok2 bool
		var secret string
		p.User, ok1 = percentDecode(user)
		secret, ok2 = percentDecode(password)
		p.Password = Secret(secret)
		if !ok1 || !ok2 {
			return Profile{}, &ArgumentError{Argument: "uri",
				Message: "user and password must be percent-encoded correctly"}
		}
	}
	host, port, err := SplitAddress(authority)
	if err != nil {
		return Profile{}, err
	}
	p.Host, p.Port = host, port
	return p, nil
}

// quotedScheme quotes a scheme for an error, unless it may be part of a password.
func quotedScheme(name string) string {
	if len(name) > 20 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789+.-") != "" {
		return ""
	}
	return " " + strconv.Quote(name)
}

// Normalize fills in what is absent and returns the canonical form, in which equal profiles compare equal. It returns
// an [*ArgumentError] for an invalid profile.
func (p Profile) Normalize() (Profile, error) {
	p.Scheme = strings.ToLower(p.Scheme)
	switch p.Scheme {
	case "":
		p.Scheme = "bolt"
	case "http+s":
		p.Scheme = "https"
	}
	kind, known := schemes[p.Scheme]
	if !known {
		return Profile{}, &ArgumentError{Argument: "scheme",
			Message: "unknown scheme" + quotedScheme(p.Scheme) + "; known are " + schemeNames}
	}
	if p.Host == "" {
		p.Host = "localhost"
	}
	p.Host = strings.ToLower(p.Host)
	if strings.ContainsAny(p.Host, " /?#@") {
		return Profile{}, &ArgumentError{Argument: "host", Message: "it is not a host name or address"}
	}
	if p.Port == 0 {
		p.Port = kind.port
	}
	if p.Port < 1 || p.Port > 65535 {
		return Profile{}, &ArgumentError{Argument: "port", Message: "it is not a number between 1 and 65535"}
	}
	if p.Path == "/" {
		p.Path = ""
	}
	if p.Path != "" && kind.protocol == ProtocolBolt {
		return Profile{}, &ArgumentError{Argument: "path", Message: "a " + p.Scheme + " address has no path"}
	}
	query, err := canonicalQuery(p.Query)
	if err != nil {
		return Profile{}, err
	}
	if query != "" && !kind.routing {
		return Profile{}, &ArgumentError{Argument: "query", Message: "a routing context needs a neo4j scheme, not " +
			p.Scheme}
	}
	p.Query = query
	if p.Password != "" && p.User == "" {
		return Profile{}, &ArgumentError{Argument: "user", Message: "there is a password but no user"}
	}
	return p, nil
}

// Protocol is the protocol of the scheme.
func (p Profile) Protocol() Protocol { return schemes[p.Scheme].protocol }

// Secure reports whether the connection is encrypted.
func (p Profile) Secure() bool { return schemes[p.Scheme].secure }

// Verify reports whether the server's certificate is checked: not for +ssc schemes, and not without TLS.
func (p Profile) Verify() bool { return schemes[p.Scheme].verify }

// Routing reports whether the server is asked for a routing table.
func (p Profile) Routing() bool { return schemes[p.Scheme].routing }

// Address is "host:port", with brackets around an IPv6 host.
func (p Profile) Address() string { return JoinAddress(p.Host, p.Port) }

// WithAddress returns the profile with another "host:port".
func (p Profile) WithAddress(address string) (Profile, error) {
	host, port, err := SplitAddress(address)
	if err != nil {
		return Profile{}, err
	}
	p.Host, p.Port = host, port
	return p.Normalize()
}

// URI returns the profile as a URI without user and password.
func (p Profile) URI() string {
	uri := p.Scheme + "://" + p.Address() + p.Path
	if p.Query != "" {
		uri += "?" + p.Query
	}
	return uri
}

// String returns the profile as a URI with its user but without its password.
func (p Profile) String() string {
	uri := p.URI()
	if p.User == "" {
		return uri
	}
	return strings.Replace(uri, "://", "://"+PercentEncode(p.User)+"@", 1)
}

// GoString is String in quotes, so that no format prints the password.
func (p Profile) GoString() string { return strconv.Quote(p.String()) }

// MarshalText is String, so that no encoder prints the password.
func (p Profile) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// RoutingContext is the query as a map.
func (p Profile) RoutingContext() map[string]string {
	routing := map[string]string{}
	for pair := range strings.SplitSeq(p.Query, "&") {
		if key, value, found := strings.Cut(pair, "="); found {
			k, _ := percentDecode(key)
			v, _ := percentDecode(value)
			routing[k] = v
		}
	}
	return routing
}

// Auth returns the token for the profile's user and password: basic, or none without a user.
func (p Profile) Auth() Auth {
	if p.User == "" {
		return Auth{Scheme: "none"}
	}
	return Auth{Scheme: "basic", Principal: p.User, Credentials: p.Password}
}

// JoinAddress returns "host:port", with brackets around an IPv6 host.
func JoinAddress(host string, port int) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + strconv.Itoa(port)
}

// SplitAddress splits "host:port" or "[v6]:port". A missing port is 0.
func SplitAddress(address string) (host string, port int, err error) {
	wrong := &ArgumentError{Argument: "address", Message: "it is not host:port"}
	host = address
	portText := ""
	hasPort := false
	if strings.HasPrefix(address, "[") {
		end := strings.IndexByte(address, ']')
		if end < 0 {
			return "", 0, wrong
		}
		host = address[1:end]
		rest := address[end+1:]
		if rest != "" && rest[0] != ':' {
			return "", 0, wrong
		}
		if rest != "" {
			portText, hasPort = rest[1:], true
		}
	} else if colon := strings.LastIndexByte(address, ':'); colon >= 0 {
		if strings.IndexByte(address, ':') != colon {
			return "", 0, &ArgumentError{Argument: "address",
				Message: "an IPv6 address needs brackets, as in [::1]:7687"}
		}
		host, portText, hasPort = address[:colon], address[colon+1:], true
	}
	if hasPort {
		port, err = strconv.Atoi(portText)
		if err != nil || port < 1 || port > 65535 || portText[0] == '+' {
			return "", 0, &ArgumentError{Argument: "port", Message: "it is not a number between 1 and 65535"}
		}
	}
	return host, port, nil
}

func canonicalQuery(query string) (string, error) {
	if query == "" {
		return "", nil
	}
	seen := map[string]bool{}
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		key, value, found := strings.Cut(pair, "=")
		k, ok1 := percentDecode(key)
		v, ok2 := percentDecode(value)
		if !found || k == "" || !ok1 || !ok2 || seen[k] {
			return "", &ArgumentError{Argument: "query",
				Message: "a routing context is key=value&key=value with each key once"}
		}
		seen[k] = true
		pairs = append(pairs, PercentEncode(k)+"="+PercentEncode(v))
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&"), nil
}

func percentDecode(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 {
		return s, true
	}
	decoded := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			decoded = append(decoded, s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			return "", false
		}
		decoded = append(decoded, byte(n))
		i += 2
	}
	return string(decoded), utf8.Valid(decoded)
}

// PercentEncode encodes a text for a URI (RFC 3986, section 2.1). It leaves RFC 3986's unreserved characters as they
// are.
func PercentEncode(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
