//go:build unix

// Package tools_test tests the scripts of this folder.
package tools_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// machine is a computer as setup.sh sees it: a tree of the project, and a PATH
// that has only what the test puts there, beside the shell's usual tools.
type machine struct {
	t        *testing.T
	tree     string
	commands string
	asked    string // file with what apt-get, npm and go were asked
	env      []string
}

// Stand-ins for the commands that setup.sh calls.
const (
	note = `echo "${0##*/} $*" >>"$ASKED"` + "\n"

	// apt-get as it is where nothing can be installed
	idleApt = note

	// apt-get that installs, but not the packages in REFUSED
	apt = note + `
put() { printf '#!/bin/sh\n' >"$COMMANDS/$1"; chmod +x "$COMMANDS/$1"; }
for package; do
	case " $REFUSED " in *" $package "*) echo "E: no $package" >&2; exit 100 ;; esac
done
case " $* " in *" install "*) ;; *) exit 0 ;; esac
for package; do
	case $package in
	webkit2gtk-driver) put WebKitWebDriver ;;
	xvfb) put Xvfb ;;
	maven) put mvn ;;
	python3-pip) put pip3 ;;
	chromium | firefox-esr | nginx | caddy | debootstrap) put "$package" ;;
	esac
done
`
	goTool = note + `
case "$1 $*" in
install*) tool=${2%@*}; printf '#!/bin/sh\n' >"$GOBIN/${tool##*/}"; chmod +x "$GOBIN/${tool##*/}" ;;
run*-needs*)
	type mvn >/dev/null 2>&1 || echo mvn
	type pip3 >/dev/null 2>&1 || echo pip ;;
esac
`
	npm  = `echo "npm $* in ${PWD##*/}" >>"$ASKED"; mkdir -p node_modules` + "\n"
	node = "echo v20.1.0\n"
	root = "echo 0\n"
	user = "echo 1000\n"
)

func newMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{t: t, tree: t.TempDir(), commands: t.TempDir()}
	m.asked = filepath.Join(t.TempDir(), "asked")
	script, err := os.ReadFile("setup.sh")
	require.NoError(t, err)
	files := map[string]string{
		"tools/setup.sh":                       string(script),
		".tools/bin/.placeholder":              "",
		"internal/neo4jtest/withneo4j/main.go": "",
	}
	for _, folder := range npmParts {
		files[folder+"/package-lock.json"] = "{}"
	}
	for name, text := range files {
		file := filepath.Join(m.tree, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o755))
	}
	for _, tool := range []string{"bash", "sh", "dirname", "mktemp", "tail", "rm", "mkdir", "touch", "chmod"} {
		path, err := exec.LookPath(tool)
		require.NoError(t, err)
		require.NoError(t, os.Symlink(path, filepath.Join(m.commands, tool)))
	}
	for name, text := range map[string]string{"apt-get": apt, "go": goTool, "npm": npm, "node": node, "id": root} {
		m.put(name, text)
	}
	return m
}

func (m *machine) put(name, script string) {
	m.t.Helper()
	file := filepath.Join(m.commands, name)
	require.NoError(m.t, os.WriteFile(file, []byte("#!/bin/sh\n"+script), 0o755))
}

func (m *machine) lacks(name string) {
	m.t.Helper()
	require.NoError(m.t, os.Remove(filepath.Join(m.commands, name)))
}

// setup runs setup.sh, and returns whether it succeeded, what it said, and what
// was asked of apt-get, npm and go, a line each.
func (m *machine) setup(arguments ...string) (ok bool, said string, asked []string) {
	m.t.Helper()
	require.NoError(m.t, os.WriteFile(m.asked, nil, 0o644))
	cmd := exec.Command(filepath.Join(m.commands, "bash"), append([]string{"tools/setup.sh"}, arguments...)...)
	cmd.Dir = m.tree
	cmd.Env = append([]string{"PATH=" + m.commands, "COMMANDS=" + m.commands, "ASKED=" + m.asked,
		"SETUP_ROOT=" + m.tree, "TMPDIR=" + m.tree, "CI="}, m.env...)
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	err := cmd.Run()
	text, readErr := os.ReadFile(m.asked)
	require.NoError(m.t, readErr)
	return err == nil, both.String(), strings.Split(strings.TrimSpace(string(text)), "\n")
}

// packages are those that apt-get was asked to install.
func packages(asked []string) (names []string) {
	for _, line := range asked {
		if _, list, found := strings.Cut(line, " --no-install-recommends "); found &&
			strings.HasPrefix(line, "apt-get ") {
			names = append(names, strings.Fields(list)...)
		}
	}
	return names
}

// debianParts are the parts with the Debian packages that they install, and
// what is missing without them.
var debianParts = map[string]struct {
	packages []string
	missing  []string
}{
	"chromium": {[]string{"chromium"}, []string{"Chromium or Google Chrome is missing"}},
	"firefox":  {[]string{"firefox-esr"}, []string{"Firefox is missing"}},
	"browsers": {[]string{"chromium", "firefox-esr"},
		[]string{"Chromium or Google Chrome is missing", "Firefox is missing"}},
	"webkit":      {[]string{"webkit2gtk-driver", "xvfb"}, []string{"WebKit's driver is missing", "Xvfb is missing"}},
	"debootstrap": {[]string{"debootstrap"}, []string{"debootstrap is missing"}},
	"proxies":     {[]string{"nginx", "caddy"}, []string{"nginx is missing", "Caddy is missing"}},
	"java":        {[]string{"maven", "python3-pip"}, []string{"Apache Maven is missing", "pip is missing"}},
}

func TestEveryPartAsksForItsPackages(t *testing.T) {
	for part, c := range debianParts {
		t.Run(part, func(t *testing.T) {
			m := newMachine(t)
			ok, said, asked := m.setup(part)
			require.True(t, ok, said)
			require.Equal(t, c.packages, packages(asked), said)

			ok, said, asked = m.setup(part)
			require.True(t, ok, said)
			require.Empty(t, packages(asked), "what is there is not asked for again")
			require.Empty(t, said)
		})
	}
}

// An apt-get that says nothing and installs nothing does not pass for success.
func TestWhatIsStillMissingIsAnError(t *testing.T) {
	for part, c := range debianParts {
		for name, change := range map[string]func(*machine){
			"apt-get installs nothing": func(m *machine) { m.put("apt-get", idleApt) },
			"apt-get fails":            func(m *machine) { m.put("apt-get", "exit 100\n") },
			"there is no apt-get":      func(m *machine) { m.lacks("apt-get") },
			"not root":                 func(m *machine) { m.put("id", user) },
		} {
			t.Run(part+", "+name, func(t *testing.T) {
				m := newMachine(t)
				change(m)
				ok, said, asked := m.setup(part)
				require.False(t, ok, said)
				require.Contains(t, said, c.missing[0])
				require.Contains(t, said, "apt-get install "+c.packages[0])
				require.Equal(t, part == "java", strings.Contains(said, "NEO4J_URI="), said)
				if name == "not root" {
					require.Empty(t, packages(asked))
				}

				ok, said, _ = m.setup("-k", part)
				require.True(t, ok, said)
				for i, missing := range c.missing {
					require.Contains(t, said,
						missing+": install it (on Debian, as root: apt-get install "+c.packages[i]+")")
				}
				require.Contains(t, said, "GOING ON WITHOUT")

				m.env = []string{"CI=true"}
				ok, said, _ = m.setup("-k", part)
				require.False(t, ok, said)
				require.NotContains(t, said, "GOING ON WITHOUT")
			})
		}
	}
}

func TestPackagesThatOthersDoNotNeed(t *testing.T) {
	m := newMachine(t)
	m.env = []string{"REFUSED=caddy"}
	ok, said, asked := m.setup("-k", "proxies", "chromium")
	require.True(t, ok, said)
	wanted := []string{"nginx", "caddy", "chromium"}
	require.Equal(t, append(wanted, wanted...), packages(asked), "all at once, then each")
	require.Contains(t, said, "GOING ON WITHOUT Caddy")
	require.NotContains(t, said, "WITHOUT nginx")
	require.Contains(t, said, "E: no caddy")
}

func TestBrowsersOfOtherNames(t *testing.T) {
	for _, name := range []string{"google-chrome", "chromium-browser"} {
		m := newMachine(t)
		m.put(name, "")
		_, said, asked := m.setup("browsers")
		require.Equal(t, []string{"firefox-esr"}, packages(asked), said)
	}
}

func TestJavaIsAskedForTheServersThatAreWanted(t *testing.T) {
	m := newMachine(t)
	m.env = []string{"VERSIONS=5.26.30"}
	ok, said, asked := m.setup("java")
	require.True(t, ok, said)
	require.Contains(t, asked, "go run ./internal/neo4jtest/withneo4j -versions 5.26.30 -needs")
}

// npmParts are the parts that install the packages of a lock file, with its folder.
var npmParts = map[string]string{
	"npm": "web", "docs": "tools/typedoc", "bench": "bench/browser",
	"bundlers": "web/test/bundlers", "drop-in": "web/test/drop-in",
}

func TestNpmPackages(t *testing.T) {
	for part, folder := range npmParts {
		m := newMachine(t)
		ok, said, asked := m.setup(part)
		require.True(t, ok, said)
		require.Equal(t, []string{"npm ci --no-audit --no-fund --loglevel=error in " + filepath.Base(folder)}, asked)

		m = newMachine(t)
		m.lacks("npm")
		ok, said, _ = m.setup(part)
		require.False(t, ok)
		require.Contains(t, said, "npm is missing: install Node.js 20 or later, with npm")

		m = newMachine(t)
		m.put("node", "echo v18.20.4\n")
		ok, said, asked = m.setup("-k", part)
		require.False(t, ok)
		require.Contains(t, said, "Node.js 18.20.4 is too old: install Node.js 20 or later")
		require.Equal(t, []string{""}, asked)
	}
}

func TestGoTools(t *testing.T) {
	m := newMachine(t)
	ok, said, asked := m.setup("gotools")
	require.True(t, ok, said)
	require.Len(t, asked, 2)
	require.Regexp(t, `^go install honnef.co/go/tools/cmd/staticcheck@v\d`, asked[0])
	require.Regexp(t, `^go install github.com/agnivade/wasmbrowsertest@v\d`, asked[1])
	_, said, asked = m.setup("gotools")
	require.Equal(t, []string{""}, asked, said)

	m.lacks("go")
	ok, said, _ = m.setup("-k", "npm")
	require.False(t, ok)
	require.Contains(t, said, "go is missing: install Go")
}

func TestThereIsNoSuchPart(t *testing.T) {
	ok, said, _ := newMachine(t).setup("java", "browser")
	require.False(t, ok)
	require.Contains(t, said, "there is no part browser")
}
