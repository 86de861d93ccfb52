//go:build unix

package neo4jtest

import (
	"errors"
	"fmt"
	"strings"
)

// release is what one line of Neo4j releases needs in order to run.
type release struct {
	mainClass        string
	minJDK, maxJDK   int  // maxJDK 0: no upper limit is known
	connectorsOfFour bool // settings are named as in 4.x
	javaAdvice       string
}

// What to say where no Java fits. Debian 12 has no Java that runs 2026.08, and
// Debian 13 none that runs 4.4.
const (
	adviseJava17 = "Debian 12: apt-get install openjdk-17-jre-headless; elsewhere Temurin 17"
	adviseJava21 = "Debian 13: apt-get install openjdk-21-jre-headless; elsewhere Temurin 21 or later"
)

// runsOn reports whether the release runs on this major version of Java.
func (r release) runsOn(major int) bool {
	return major >= r.minJDK && (r.maxJDK == 0 || major <= r.maxJDK)
}

// ErrUnknownVersion is part of the error about a version that Start cannot start.
var ErrUnknownVersion = errors.New("neo4jtest: it is not known how to start Neo4j")

func releaseOf(version Version) (release, error) {
	major, _, _ := strings.Cut(string(version), ".")
	switch {
	case strings.HasPrefix(string(version), "4.4."):
		return release{"org.neo4j.server.CommunityEntryPoint", 11, 17, true, adviseJava17}, nil
	case strings.HasPrefix(string(version), "5.26."):
		return release{"org.neo4j.server.CommunityEntryPoint", 17, 21, false, adviseJava17}, nil
	case len(major) == 4:
		return release{"org.neo4j.server.Neo4jCommunity", 21, 0, false, adviseJava21}, nil
	}
	return release{}, fmt.Errorf("%w %q: take one of %q", ErrUnknownVersion, version, Versions)
}

// settings are the server's own, before those of Config.Settings.
func (r release) settings(c *Config, p ports) map[string]string {
	settings := map[string]string{
		"dbms.security.auth_enabled":     "true",
		"server.bolt.enabled":            "true",
		"server.bolt.listen_address":     p.bolt,
		"server.http.enabled":            "true",
		"server.http.listen_address":     p.http,
		"server.https.enabled":           "false",
		"server.memory.heap.max_size":    fmt.Sprintf("%dm", c.HeapMB),
		"server.memory.pagecache.size":   "64m",
		"db.tx_log.preallocate":          "false",
		"dbms.usage_report.enabled":      "false",
		"server.bolt.tls_level":          "DISABLED",
		"server.bolt.advertised_address": p.bolt,
		"server.http.advertised_address": p.http,
	}
	if c.TLS {
		settings["server.bolt.tls_level"] = "OPTIONAL"
		settings["server.https.enabled"] = "true"
		settings["server.https.listen_address"] = p.https
		settings["server.https.advertised_address"] = p.https
		for _, connector := range []string{"bolt", "https"} {
			policy := "dbms.ssl.policy." + connector
			settings[policy+".enabled"] = "true"
			settings[policy+".base_directory"] = "certificates/" + connector
			settings[policy+".client_auth"] = "NONE"
		}
	}
	if r.connectorsOfFour {
		settings = namedAsInFour(settings)
	}
	for name, value := range c.Settings {
		settings[name] = value
	}
	return settings
}

// namedAsInFour gives the settings the names that they have in 4.4.
func namedAsInFour(settings map[string]string) map[string]string {
	renamed := make(map[string]string, len(settings))
	for name, value := range settings {
		switch {
		case name == "dbms.usage_report.enabled":
			continue
		case strings.HasPrefix(name, "db."):
			name = "dbms." + strings.TrimPrefix(name, "db.")
		case strings.HasPrefix(name, "server.memory."):
			name = "dbms.memory." + strings.TrimPrefix(name, "server.memory.")
		case strings.HasPrefix(name, "server."):
			name = "dbms.connector." + strings.TrimPrefix(name, "server.")
		}
		renamed[name] = value
	}
	return renamed
}
