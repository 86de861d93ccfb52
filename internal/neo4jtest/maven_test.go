//go:build unix

package neo4jtest

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeMaven is a mvn that notes its environment and then runs the script.
func fakeMaven(t *testing.T, commands, script string) (noted string) {
	t.Helper()
	noted = filepath.Join(t.TempDir(), "noted")
	text := "#!/bin/sh\nprintf '%s\\n' \"JAVA_HOME=$JAVA_HOME\" \"MAVEN_OPTS=$MAVEN_OPTS\" >" + noted + "\n" + script
	require.NoError(t, os.WriteFile(filepath.Join(commands, Maven), []byte(text), 0o755))
	return noted
}

// withTrustStores has the files stand for those of the system.
func withTrustStores(t *testing.T, files ...string) {
	t.Helper()
	usual := trustStores
	trustStores = files
	t.Cleanup(func() { trustStores = usual })
}

// A Java that pip fetched knows nothing of the authorities that the machine's
// administrator added, so Maven is told where they are.
func TestMavenTrustsWhatTheMachineTrusts(t *testing.T) {
	empty, full := filepath.Join(t.TempDir(), "empty"), filepath.Join(t.TempDir(), "full")
	require.NoError(t, os.WriteFile(empty, nil, 0o644))
	require.NoError(t, os.WriteFile(full, []byte("x"), 0o644))
	for name, c := range map[string]struct {
		stores       []string
		before, then string
	}{
		"the system's":         {[]string{"/nowhere/cacerts", empty, full}, "", trustStoreOption + full},
		"beside other options": {[]string{full}, "-Xmx1g", "-Xmx1g " + trustStoreOption + full},
		"the user's own":       {[]string{full}, trustStoreOption + "/mine", trustStoreOption + "/mine"},
		"none":                 {[]string{"/nowhere/cacerts"}, "-Xmx1g", "-Xmx1g"},
	} {
		t.Run(name, func(t *testing.T) {
			commands := bareMachine(t)
			home := fakeJDK(t, "25.0.2")
			t.Setenv("JAVA_HOME", home)
			t.Setenv("MAVEN_OPTS", c.before)
			withTrustStores(t, c.stores...)
			noted := fakeMaven(t, commands, "exit 1\n")
			_, err := Fetch(t.Context(), V2026, io.Discard)
			require.ErrorContains(t, err, "mvn: exit status 1")
			text, err := os.ReadFile(noted)
			require.NoError(t, err)
			require.Equal(t, "JAVA_HOME="+home+"\nMAVEN_OPTS="+c.then+"\n", string(text))
		})
	}
}

// Of what Maven says when it fails, its report of the run is left out.
func TestMavenThatFailsSaysWhy(t *testing.T) {
	commands := bareMachine(t)
	t.Setenv("JAVA_HOME", fakeJDK(t, "25.0.2"))
	fakeMaven(t, commands, `/bin/cat <<'END'
WARNING: A terminally deprecated method in sun.misc.Unsafe has been called
[INFO] Total time:  0.702 s
[ERROR] Failed to collect dependencies: PKIX path building failed: unable to find valid certification path -> [Help 1]
[ERROR] 
[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
[ERROR] [Help 1] http://cwiki.apache.org/confluence/display/MAVEN/DependencyResolutionException
`+"\x1b[0m\x1b[0m"+`
END
exit 1
`)
	_, err := Fetch(t.Context(), V2026, io.Discard)
	require.EqualError(t, err, "fetching Neo4j 2026.08.1: mvn: exit status 1; it said:\n"+
		"[ERROR] Failed to collect dependencies: PKIX path building failed: unable to find valid certification path "+
		"-> [Help 1]\n"+
		"Java does not trust the certificate: if your network has an authority of its own, put it into a Java trust "+
		"store and set MAVEN_OPTS=-Djavax.net.ssl.trustStore=FILE")
}
