//go:build unix

package neo4jtest

import (
	"os"
	"strings"
)

// trustStores are the files in which Linux distributions keep the authorities
// that the machine trusts, in Java's own format: Debian and Arch, Fedora, SUSE.
// Their authorities include what an administrator added, such as a company's
// proxy. A Java that is no package of the system does not read them by itself.
var trustStores = []string{
	"/etc/ssl/certs/java/cacerts",
	"/etc/pki/ca-trust/extracted/java/cacerts",
	"/var/lib/ca-certificates/java-cacerts",
}

const trustStoreOption = "-Djavax.net.ssl.trustStore="

// mavenEnvironment is the environment for a mvn that runs on java. It trusts the
// authorities that the machine trusts, unless MAVEN_OPTS names others.
func mavenEnvironment(java jdk) []string {
	environment := append(os.Environ(), "JAVA_HOME="+java.home)
	options := os.Getenv("MAVEN_OPTS")
	if strings.Contains(options, trustStoreOption) {
		return environment
	}
	for _, store := range trustStores {
		if info, err := os.Stat(store); err == nil && info.Size() > 0 {
			return append(environment, "MAVEN_OPTS="+strings.TrimSpace(options+" "+trustStoreOption+store))
		}
	}
	return environment
}

// tells reports whether a line of Maven's output says what went wrong, or at
// least may do so.
func tells(line string) bool {
	text := strings.TrimSpace(strings.TrimPrefix(line, "[ERROR]"))
	for _, filler := range []string{
		"[INFO]", "WARNING:", "To see the full stack", "Re-run Maven", "For more information", "[Help ",
	} {
		if strings.HasPrefix(text, filler) {
			return false
		}
	}
	return strings.Trim(text, "\x1b[0m") != ""
}

// adviceFor says what to do about an error of Maven's, where that is known.
func adviceFor(output string) string {
	if strings.Contains(output, "PKIX path building failed") {
		return "\nJava does not trust the certificate: if your network has an authority of its own, put it into a " +
			"Java trust store and set MAVEN_OPTS=" + trustStoreOption + "FILE"
	}
	return ""
}
