//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// event is a line of `go test -json`; see `go doc test2json` and `go help buildjson`.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Elapsed    float64
	Output     string
}

// goTest follows the events of go test.
type goTest struct {
	packages map[string]*goPackage
}

type goPackage struct {
	output  strings.Builder // of the package itself
	tests   map[string]*goResult
	counts  counts
	started bool
}

// goResult is a test that has not ended, and what is known of its subtests.
type goResult struct {
	output      strings.Builder
	hasSubtests bool
	failedBelow bool
}

func (g *goTest) of(name string) *goPackage {
	if g.packages == nil {
		g.packages = map[string]*goPackage{}
	}
	if g.packages[name] == nil {
		g.packages[name] = &goPackage{tests: map[string]*goResult{}}
	}
	return g.packages[name]
}

func (k *goPackage) test(name string) *goResult {
	if k.tests[name] == nil {
		k.tests[name] = &goResult{}
	}
	return k.tests[name]
}

// markParents marks the tests around a subtest. A name may have slashes of its own, so only tests that run count.
func (k *goPackage) markParents(name string, failed bool) {
	for i, letter := range name {
		if parent := k.tests[name[:i]]; letter == '/' && parent != nil {
			parent.hasSubtests = true
			parent.failedBelow = parent.failedBelow || failed
		}
	}
}

// handle reports whether the line was an event.
func (g *goTest) handle(p *part, line string) bool {
	if !strings.HasPrefix(line, `{"`) {
		return false
	}
	var e event
	if err := json.Unmarshal([]byte(line), &e); err != nil || e.Action == "" {
		return false
	}
	switch {
	case e.Action == "build-output":
		p.screen.line(p.name, e.Output)
	case e.Package == "":
	case e.Test != "":
		g.ofTest(p, &e)
	default:
		g.ofPackage(p, &e)
	}
	return true
}

func (g *goTest) ofTest(p *part, e *event) {
	k := g.of(e.Package)
	t := k.test(e.Test)
	switch e.Action {
	case "output":
		t.output.WriteString(e.Output)
		return
	case "pass", "fail", "skip":
	default:
		return
	}
	name := path.Base(e.Package) + " " + e.Test
	k.markParents(e.Test, e.Action == "fail")
	before := p.counts
	switch {
	case e.Action == "fail" && t.failedBelow: // a subtest has reported why
	case e.Action == "fail":
		p.fail(name)
		p.screen.line(p.name, fmt.Sprintf("FAIL %s\n%s", name, t.output.String()))
	case t.hasSubtests:
	case e.Action == "skip":
		p.skip(name, reasonOf(t.output.String()))
	default:
		p.pass()
	}
	k.counts.failed += p.counts.failed - before.failed
	delete(k.tests, e.Test)
}

func (g *goTest) ofPackage(p *part, e *event) {
	k := g.of(e.Package)
	switch e.Action {
	case "start":
		k.started = true
	case "output":
		k.output.WriteString(e.Output)
	case "pass", "fail", "skip":
		if e.Action == "fail" {
			g.packageFailed(p, e.Package, k)
		}
		for line := range strings.Lines(k.output.String()) {
			if closesPackage(line) {
				p.closing = append(p.closing, strings.TrimRight(line, "\n"))
				p.screen.line(p.name, line)
			}
		}
		delete(g.packages, e.Package)
	}
}

// packageFailed shows what the package and its unfinished tests printed. A package that fails without a failed test,
// because it does not build, panics or takes too long, counts as one.
func (g *goTest) packageFailed(p *part, name string, k *goPackage) {
	for _, test := range slices.Sorted(maps.Keys(k.tests)) {
		p.screen.line(p.name, fmt.Sprintf("UNFINISHED %s\n%s", test, k.tests[test].output.String()))
	}
	for line := range strings.Lines(k.output.String()) {
		if !closesPackage(line) {
			p.screen.line(p.name, line)
		}
	}
	if k.counts.failed == 0 {
		p.fail(path.Base(name))
	}
}

// running names the packages whose tests have begun.
func (g *goTest) running() string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(g.packages)) {
		if g.packages[name].started {
			names = append(names, path.Base(name))
		}
	}
	return strings.Join(names, ", ")
}

func closesPackage(line string) bool {
	start, _, found := strings.Cut(line, "\t")
	return found && (start == "ok  " || start == "FAIL" || start == "?   ")
}

var logLine = regexp.MustCompile(`(?m)^\s+\S+\.go:\d+: (.*)$`)

// reasonOf is what a skipped test said last.
func reasonOf(output string) string {
	if said := logLine.FindAllStringSubmatch(output, -1); len(said) > 0 {
		return said[len(said)-1][1]
	}
	return "no reason given"
}
