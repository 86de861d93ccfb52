package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// settings are all settings as they are written; docs/relay.md describes them. Flags and environment set the same
// fields.
type settings struct {
	Listen         string              `yaml:"listen"`
	Admin          string              `yaml:"admin"`
	Upstreams      []string            `yaml:"upstreams"`
	Allow          []string            `yaml:"allow"`
	UpstreamCAs    string              `yaml:"upstream_cas"`
	HTTP           string              `yaml:"http"`
	Origins        []string            `yaml:"origins"`
	TrustedProxies []string            `yaml:"trusted_proxies"`
	Static         string              `yaml:"static"`
	ConnectSources []string            `yaml:"connect_sources"`
	TLS            tlsSettings         `yaml:"tls"`
	Lanes          laneSettings        `yaml:"lanes"`
	Log            logSettings         `yaml:"log"`
	Limits         limitSettings       `yaml:"limits"`
	Credentials    *credentialSettings `yaml:"credentials"`
}

type tlsSettings struct {
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
}

type laneSettings struct {
	Compression string `yaml:"compression"`
}

type logSettings struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}

// limitSettings are numbers, sizes as 64KiB, times as 30s, or none.
type limitSettings struct {
	Connections          string `yaml:"connections"`
	ConnectionsPerClient string `yaml:"connections_per_client"`
	Sockets              string `yaml:"sockets"`
	SocketsPerClient     string `yaml:"sockets_per_client"`
	Pending              string `yaml:"pending"`
	Frame                string `yaml:"frame"`
	Message              string `yaml:"message"`
	Unfinished           string `yaml:"unfinished"`
	UnfinishedPerClient  string `yaml:"unfinished_per_client"`
	Handshake            string `yaml:"handshake"`
	Connect              string `yaml:"connect"`
	Write                string `yaml:"write"`
	Ping                 string `yaml:"ping"`
	Sign                 string `yaml:"sign"`
	Idle                 string `yaml:"idle"`
	Life                 string `yaml:"life"`
	Drain                string `yaml:"drain"`
}

type credentialSettings struct {
	Recognise string                  `yaml:"recognise"`
	JWT       jwtSettings             `yaml:"jwt"`
	Users     map[string]userSettings `yaml:"users"`
}

type jwtSettings struct {
	Keys       string   `yaml:"keys"`
	Issuer     string   `yaml:"issuer"`
	Audience   string   `yaml:"audience"`
	UserClaim  string   `yaml:"user_claim"`
	Leeway     string   `yaml:"leeway"`
	Algorithms []string `yaml:"algorithms"`
}

type userSettings struct {
	Token      string   `yaml:"token"`
	TokenFile  string   `yaml:"token_file"`
	Scheme     string   `yaml:"scheme"`
	Principal  string   `yaml:"principal"`
	Secret     string   `yaml:"secret"`
	SecretFile string   `yaml:"secret_file"`
	Realm      string   `yaml:"realm"`
	ReadOnly   bool     `yaml:"read_only"`
	Databases  []string `yaml:"databases"`
	Timeout    string   `yaml:"timeout"`
	Queries    []string `yaml:"queries"`
	LoadCSV    bool     `yaml:"load_csv"`
	Administer bool     `yaml:"administer"`
	Procedures []string `yaml:"procedures"`
}

// source says where a setting comes from, for errors.
type source struct {
	name string            // the file's name
	tree *ast.File         // nil without a file
	set  map[string]string // paths that a flag or the environment set, with its name
}

// readFile reads a configuration file. Its errors name the line.
func readFile(name string) (*settings, *source, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	s := &settings{}
	from := &source{name: name, set: map[string]string{}}
	if from.tree, err = parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey()); err != nil {
		return nil, nil, from.yamlError(err)
	}
	return s, from, (&shape{from: from}).file(from.tree, s)
}

var quoted = regexp.MustCompile(`"(\\.|[^"\\])*"`)

// yamlError puts an error of the YAML library on one line, after file and line, without its quotation of the file.
func (s *source) yamlError(err error) error {
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", s.name, located.GetToken().Position.Line,
			quoted.ReplaceAllString(located.GetMessage(), "…"))
	}
	return fmt.Errorf("%s: %w", s.name, err)
}

// hiddenDot stands for a dot in a name that is part of a path.
const hiddenDot = "\x1f"

var index = regexp.MustCompile(`\[\d+\]$`)

// at adds the place of a setting to an error; path is for example "limits.idle" or "upstreams[0]".
func (s *source) at(path string, err error) error {
	whole := index.ReplaceAllString(path, "")
	if name := s.set[whole]; name != "" {
		return fmt.Errorf("%s: %w", name, err)
	}
	if line := s.line(path); line > 0 {
		return fmt.Errorf("%s:%d: %s: %w", s.name, line, strings.ReplaceAll(path, hiddenDot, "."), err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// line is the line of a setting in the file, or of its parent; 0 if there is none.
func (s *source) line(path string) int {
	for s.tree != nil && path != "" {
		found, err := pathOf(path)
		if err == nil {
			if node, err := found.FilterFile(s.tree); err == nil && node.GetToken() != nil {
				return node.GetToken().Position.Line
			}
		}
		if shorter := index.ReplaceAllString(path, ""); shorter != path {
			path = shorter
			continue
		}
		path = path[:max(0, strings.LastIndexByte(path, '.'))]
	}
	return 0
}

// pathOf makes a path of the YAML library.
func pathOf(path string) (*yaml.Path, error) {
	builder := (&yaml.PathBuilder{}).Root()
	for part := range strings.SplitSeq(path, ".") {
		name := index.ReplaceAllString(part, "")
		builder = builder.Child(strings.ReplaceAll(name, hiddenDot, "."))
		if position := index.FindString(part); position != "" {
			var n uint
			if _, err := fmt.Sscanf(position, "[%d]", &n); err != nil {
				return nil, err
			}
			builder = builder.Index(n)
		}
	}
	return builder.Build(), nil
}
