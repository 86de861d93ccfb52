//go:build unix

package neo4jtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// ErrNoMaven is part of the error when the mvn command is missing.
var ErrNoMaven = errors.New("no Maven")

const dependencyPlugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"

const pomText = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>webbolt</groupId><artifactId>neo4j-for-tests</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId><version>%[1]s</version></dependency>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>%[1]s</version></dependency>
  </dependencies>
</project>
`

// Fetch makes sure that a fitting Java is there and the server's jars are in the
// local Maven repository, and returns the class path. The first call for a version
// downloads about 120 MB; later ones only look whether the files are still there. Concurrent calls,
// of other processes too, wait for each other, because Maven's repository does
// not stand two writers. Fetch needs the mvn command, but only when something
// is missing.
func Fetch(ctx context.Context, version Version, progress io.Writer) (string, error) {
	r, err := releaseOf(version)
	if err != nil {
		return "", err
	}
	java, err := ensureJDK(ctx, version, r, progress)
	if err != nil {
		return "", err
	}
	list, err := classPathFile(version)
	if err != nil {
		return "", err
	}
	folder := filepath.Dir(list)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	unlock, err := lock(ctx, filepath.Join(filepath.Dir(folder), "lock"), progress)
	if err != nil {
		return "", err
	}
	defer unlock()

	if classPath := complete(list); classPath != "" {
		return classPath, nil
	}
	if err := resolve(ctx, version, java, folder, list, progress); err != nil {
		return "", fmt.Errorf("fetching Neo4j %s: %w", version, err)
	}
	classPath := complete(list)
	if classPath == "" {
		return "", fmt.Errorf("fetching Neo4j %s: Maven ended well, but %s does not list jars that exist", version,
			list)
	}
	return classPath, nil
}

// CacheDir is the folder, in the user's cache folder, that holds what webbolt
// keeps between runs.
func CacheDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding a folder for downloads: %w", err)
	}
	return filepath.Join(cache, "webbolt"), nil
}

// complete is the class path in the file, or "" if one of its jars is missing.
func complete(list string) string {
	text, err := os.ReadFile(list)
	if err != nil {
		return ""
	}
	classPath := strings.TrimSpace(string(text))
	for _, jar := range filepath.SplitList(classPath) {
		if _, err := os.Stat(jar); err != nil {
			return ""
		}
	}
	return classPath
}

// resolve makes Maven download the jars and write the class path to list.
func resolve(ctx context.Context, version Version, java jdk, folder, list string, progress io.Writer) error {
	mvn, err := exec.LookPath(Maven)
	if err != nil {
		return fmt.Errorf("%w: the mvn command is not there; install Apache Maven 3.6.3 or later "+
			"(on Debian: apt-get install maven)", ErrNoMaven)
	}
	pom := filepath.Join(folder, "pom.xml")
	if err := os.WriteFile(pom, fmt.Appendf(nil, pomText, version), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(progress, "neo4j %s: fetching the server's jars with Maven (about 120 MB, once)\n", version)
	fresh := list + ".new"
	cmd := exec.CommandContext(ctx, mvn, "-B", "-f", pom, dependencyPlugin+":build-classpath",
		"-DincludeScope=runtime", "-Dmdep.outputFile="+fresh)
	cmd.Env = mavenEnvironment(java)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	output, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	last := follow(output, version, progress)
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("mvn: %w; it said:\n%s%s", err, last, adviceFor(last))
	}
	return os.Rename(fresh, list)
}

// follow reads Maven's output to its end, reports now and then how many files
// have come, and returns the last lines that tell something.
func follow(output io.Reader, version Version, progress io.Writer) string {
	const keep = 12
	var last []string
	files, reported := 0, time.Now()
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if strings.Contains(line, "Downloading from") {
			continue
		}
		if strings.Contains(line, "Downloaded from") {
			files++
			if time.Since(reported) > 5*time.Second {
				reported = time.Now()
				fmt.Fprintf(progress, "neo4j %s: %d files fetched\n", version, files)
			}
			continue
		}
		if !tells(line) {
			continue
		}
		if last = append(last, line); len(last) > keep {
			last = last[1:]
		}
	}
	_, _ = io.Copy(io.Discard, output) // a line past the limit ends the scan early
	return strings.Join(last, "\n")
}
