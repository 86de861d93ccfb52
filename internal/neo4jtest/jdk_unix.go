//go:build unix

package neo4jtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrNoJDK is part of errors about a JDK that is missing or does not fit.
var ErrNoJDK = fmt.Errorf("no fitting JDK")

// jdk is an installed Java.
type jdk struct {
	home  string
	major int
}

func (j jdk) String() string { return fmt.Sprintf("%d (%s)", j.major, j.home) }

// systemJDKs are the folders in which packages of the system keep Java.
var systemJDKs = []string{"/usr/lib/jvm/*", "/Library/Java/JavaVirtualMachines/*/Contents/Home"}

// findJDK is the oldest installed Java that runs the release.
func findJDK(version Version, r release) (jdk, error) {
	found := installedJDKs()
	slices.SortStableFunc(found, func(a, b jdk) int { return a.major - b.major })
	for _, j := range found {
		if r.runsOn(j.major) {
			return j, nil
		}
	}
	wanted := fmt.Sprintf("%d or later", r.minJDK)
	if r.maxJDK != 0 {
		wanted = fmt.Sprintf("%d to %d", r.minJDK, r.maxJDK)
	}
	seen := "none was found"
	if len(found) > 0 {
		seen = fmt.Sprintf("found were %v", found)
	}
	return jdk{}, fmt.Errorf("%w: Neo4j %s runs on Java %s, and %s; install one (%s), or set JAVA_HOME to its folder",
		ErrNoJDK, version, wanted, seen, r.javaAdvice)
}

// installedJDKs looks where JDKs are usually kept: the environment, the folders
// of the system's packages, the java command, and what pip has fetched.
func installedJDKs() []jdk {
	homes := []string{os.Getenv("JAVA_HOME")}
	for _, pattern := range slices.Concat(systemJDKs, []string{
		filepath.Join(os.Getenv("HOME"), ".sdkman/candidates/java/*"),
		filepath.Join(os.Getenv("HOME"), ".jdks/*"),
	}) {
		matches, _ := filepath.Glob(pattern)
		homes = append(homes, matches...)
	}
	if command, err := exec.LookPath("java"); err == nil {
		if command, err = filepath.EvalSymlinks(command); err == nil {
			homes = append(homes, filepath.Dir(filepath.Dir(command)))
		}
	}
	if folder, err := wheelFolder(); err == nil {
		matches, _ := filepath.Glob(filepath.Join(folder, "[0-9]*"))
		homes = append(homes, matches...)
	}
	var found []jdk
	for _, home := range homes {
		if home, err := filepath.EvalSymlinks(home); err == nil {
			j := jdk{home: home, major: javaMajor(home)}
			if j.major > 0 && !slices.Contains(found, j) {
				found = append(found, j)
			}
		}
	}
	return found
}

// javaMajor reads the version from the file `release` that every JDK since 9
// has; 0 if the folder holds no such JDK.
func javaMajor(home string) int {
	if info, err := os.Stat(filepath.Join(home, "bin", "java")); err != nil || info.IsDir() {
		return 0
	}
	text, err := os.ReadFile(filepath.Join(home, "release"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "JAVA_VERSION="); ok {
			major, _, _ := strings.Cut(strings.Trim(value, "\"\r\n"), ".")
			n, _ := strconv.Atoi(major)
			return n
		}
	}
	return 0
}
