//go:build unix

package neo4jtest

import (
	"os/exec"
	"path/filepath"
)

// The commands with which [Fetch] fetches: the server's jars, and a Java.
const (
	Maven = "mvn"
	Pip   = "pip"
)

// Needs returns the missing commands that [Fetch] needs: Maven for jars that have not been fetched, Pip if no Java
// fits.
func Needs(version Version) (missing []string, err error) {
	r, err := releaseOf(version)
	if err != nil {
		return nil, err
	}
	list, err := classPathFile(version)
	if err != nil {
		return nil, err
	}
	if _, err := exec.LookPath(Maven); err != nil && complete(list) == "" {
		missing = append(missing, Maven)
	}
	if _, err := findJDK(version, r); err != nil {
		if _, err := findPip(); err != nil {
			missing = append(missing, Pip)
		}
	}
	return missing, nil
}

// classPathFile names the file in which Fetch keeps the class path.
func classPathFile(version Version) (string, error) {
	cache, err := CacheDir()
	return filepath.Join(cache, "neo4j", string(version), "classpath"), err
}
