package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// option is a setting that flags and environment can make too. Credentials are not among them: other programs can see
// arguments and environment; the file can name files for them.
type option struct {
	path  string // in the file
	flag  string
	value string // placeholder for the value in the help
	help  string
	text  func(*settings) *string   // where it goes; or
	list  func(*settings) *[]string // for one that may be given several times
}

var options = []option{
	{path: "listen", flag: "listen", value: "ADDRESS", help: "where to listen (127.0.0.1:8080)",
		text: func(s *settings) *string { return &s.Listen }},
	{path: "admin", flag: "admin", value: "ADDRESS",
		help: "where to serve /metrics, /healthz and /readyz, apart from the public (off)",
		text: func(s *settings) *string { return &s.Admin }},
	{path: "upstreams", flag: "upstream", value: "URI",
		help: "a Bolt server, bolt://, bolt+s:// or bolt+ssc://; the first is the default",
		list: func(s *settings) *[]string { return &s.Upstreams }},
	{path: "allow", flag: "allow", value: "RULE", help: "further targets, as *.example.org:7687 or 10.0.0.0/8",
		list: func(s *settings) *[]string { return &s.Allow }},
	{path: "upstream_cas", flag: "upstream-cas", value: "FILE",
		help: "authorities (PEM) to trust for bolt+s instead of the system's",
		text: func(s *settings) *string { return &s.UpstreamCAs }},
	{path: "http", flag: "http", value: "URL", help: "the server's HTTP API, to be reached under /http/ (off)",
		text: func(s *settings) *string { return &s.HTTP }},
	{path: "origins", flag: "origin", value: "ORIGIN",
		help: "whose pages may connect, as https://app.example.org, or * (pages of localhost or an address, from here)",
		list: func(s *settings) *[]string { return &s.Origins }},
	{path: "trusted_proxies", flag: "trusted-proxy", value: "NETWORK",
		help: "whose X-Forwarded-For counts, as 10.0.0.0/8",
		list: func(s *settings) *[]string { return &s.TrustedProxies }},
	{path: "static", flag: "static", value: "DIR", help: "the page to serve (off)",
		text: func(s *settings) *string { return &s.Static }},
	{path: "connect_sources", flag: "connect-source", value: "SOURCE",
		help: "what the page may connect to beside this relay (Content-Security-Policy)",
		list: func(s *settings) *[]string { return &s.ConnectSources }},
	{path: "tls.certificate", flag: "tls-certificate", value: "FILE",
		help: "speak TLS with this certificate (PEM); read again when it changes",
		text: func(s *settings) *string { return &s.TLS.Certificate }},
	{path: "tls.key", flag: "tls-key", value: "FILE", help: "the certificate's key",
		text: func(s *settings) *string { return &s.TLS.Key }},
	{path: "lanes.compression", flag: "lane-compression", value: "WHEN",
		help: "compress lanes: on, off or auto, which is off for this machine and private networks (auto)",
		text: func(s *settings) *string { return &s.Lanes.Compression }},
	{path: "log.level", flag: "log-level", value: "LEVEL", help: "debug, info, warn or error (info)",
		text: func(s *settings) *string { return &s.Log.Level }},
	{path: "log.format", flag: "log-format", value: "FORMAT", help: "text or json (text)",
		text: func(s *settings) *string { return &s.Log.Format }},
	{path: "limits.connections", flag: "max-connections", value: "N", help: "connections at a time (4096)",
		text: func(s *settings) *string { return &s.Limits.Connections }},
	{path: "limits.connections_per_client", flag: "max-connections-per-client", value: "N",
		help: "the same of one address (256)",
		text: func(s *settings) *string { return &s.Limits.ConnectionsPerClient }},
	{path: "limits.sockets", flag: "max-sockets", value: "N",
		help: "sockets at a time, whatever they are for (twice max-connections)",
		text: func(s *settings) *string { return &s.Limits.Sockets }},
	{path: "limits.sockets_per_client", flag: "max-sockets-per-client", value: "N",
		help: "the same of one address (twice max-connections-per-client)",
		text: func(s *settings) *string { return &s.Limits.SocketsPerClient }},
	{path: "limits.pending", flag: "max-pending", value: "N",
		help: "sockets of which a whole request is still to come (512)",
		text: func(s *settings) *string { return &s.Limits.Pending }},
	{path: "limits.frame", flag: "max-frame", value: "SIZE", help: "of a WebSocket message of the page (1MiB)",
		text: func(s *settings) *string { return &s.Limits.Frame }},
	{path: "limits.message", flag: "max-message", value: "SIZE",
		help: "of a Bolt message of the page, and of an HTTP body (16MiB)",
		text: func(s *settings) *string { return &s.Limits.Message }},
	{path: "limits.unfinished", flag: "max-unfinished", value: "SIZE",
		help: "of all messages and bodies that are not complete (256MiB)",
		text: func(s *settings) *string { return &s.Limits.Unfinished }},
	{path: "limits.unfinished_per_client", flag: "max-unfinished-per-client", value: "SIZE",
		help: "the same of one address (64MiB)", text: func(
			s *settings) *string {
			return &s.Limits.UnfinishedPerClient
		}},
	{path: "limits.handshake", flag: "handshake-time", value: "TIME", help: "for request and handshake (10s)",
		text: func(s *settings) *string { return &s.Limits.Handshake }},
	{path: "limits.connect", flag: "connect-time", value: "TIME", help: "for reaching the upstream (10s)",
		text: func(s *settings) *string { return &s.Limits.Connect }},
	{path: "limits.write", flag: "write-time", value: "TIME", help: "for a client to take a frame (30s)",
		text: func(s *settings) *string { return &s.Limits.Write }},
	{path: "limits.ping", flag: "ping-time", value: "TIME", help: "between pings (30s)",
		text: func(s *settings) *string { return &s.Limits.Ping }},
	{path: "limits.sign", flag: "sign-time", value: "TIME",
		help: "between signs of life to a page that waits for an answer (10s)",
		text: func(s *settings) *string { return &s.Limits.Sign }},
	{path: "limits.idle", flag: "idle-time", value: "TIME", help: "without a byte until the connection ends (1h)",
		text: func(s *settings) *string { return &s.Limits.Idle }},
	{path: "limits.life", flag: "life-time", value: "TIME", help: "of a connection (none)",
		text: func(s *settings) *string { return &s.Limits.Life }},
	{path: "limits.drain", flag: "drain-time", value: "TIME", help: "for what is under way at SIGTERM (30s)",
		text: func(s *settings) *string { return &s.Limits.Drain }},
}

// environment is the name of the option's environment variable. Lists are separated by commas there.
func (o option) environment() string {
	return "WEBBOLT_" + strings.ToUpper(strings.ReplaceAll(o.flag, "-", "_"))
}

// given is the value of an option on the command line.
type given struct {
	option option
	values []string
}

func (g *given) String() string { return "" }

// Set implements [flag.Value].
func (g *given) Set(text string) error {
	switch {
	case text == "":
		return errEmpty
	case g.option.list == nil && g.values != nil:
		return errTwice
	}
	g.values = append(g.values, text)
	return nil
}

// configOption is the flag that names the file.
var configOption = option{flag: "config", value: "FILE", help: "settings (YAML); environment and flags win over it"}

// readSettings puts together file, environment (lines as of [os.Environ]) and flags; the later ones win.
func readSettings(arguments, environment []string, stderr io.Writer) (*settings, *source, error) {
	flags := flag.NewFlagSet("webbolt relay", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var values []*given
	for _, o := range append([]option{configOption}, options...) {
		g := &given{option: o}
		values = append(values, g)
		help := "`" + o.value + "` " + o.help
		if o.list != nil {
			help += "; may be repeated"
		}
		flags.Var(g, o.flag, help+" [$"+o.environment()+"]")
	}
	if err := flags.Parse(arguments); err != nil {
		if err == flag.ErrHelp {
			return nil, nil, err
		}
		return nil, nil, errUsage
	}
	if flags.NArg() > 0 {
		return nil, nil, fmt.Errorf("%q is no flag; see webbolt relay --help", flags.Arg(0))
	}
	variables, err := readEnvironment(environment)
	if err != nil {
		return nil, nil, err
	}
	s, from := &settings{}, &source{set: map[string]string{}}
	config, values := values[0], values[1:]
	if config.values == nil {
		config.values = variables[configOption.environment()]
	}
	if len(config.values) > 0 {
		if s, from, err = readFile(config.values[0]); err != nil {
			return nil, nil, err
		}
	}
	for _, g := range values {
		name := "--" + g.option.flag
		if g.values == nil {
			name, g.values = g.option.environment(), variables[g.option.environment()]
		}
		if g.values != nil {
			g.set(s)
			from.set[g.option.path] = name
		}
	}
	return s, from, nil
}

func (g *given) set(s *settings) {
	if g.option.list != nil {
		*g.option.list(s) = g.values
		return
	}
	*g.option.text(s) = g.values[0]
}
