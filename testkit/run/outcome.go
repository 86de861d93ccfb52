//go:build linux

package main

import "strings"

// outcome is how one test came out.
type outcome struct {
	Result  string // passed, failed or skipped
	Why     string `json:",omitempty"` // it was skipped
	LeftOut int    `json:",omitempty"` // how many cases (subtests) of a test that passed were skipped
}

// How a test comes out.
const (
	passed  = "passed"
	failed  = "failed"
	skipped = "skipped"
)

// outcomes are by the tests' full names.
type outcomes map[string]outcome

// add takes what a module's tests gave. The suite imports some tests into several modules; one that fails anywhere has
// failed.
func (all outcomes) add(found outcomes) {
	for name, o := range found {
		if o.Result == failed || all[name].Result == "" {
			all[name] = o
		}
	}
}

// outcomesIn reads what unittest prints with -v: "name (module.Class.name) ... ok", with the test's own output in
// between. Of a test's cases it prints the skipped and the failed ones, indented; with skipped ones there is no "ok".
func outcomesIn(output string) outcomes {
	found := outcomes{}
	current, leftOut := "", 0
	next := func(name string) {
		if current != "" && leftOut > 0 {
			found[current] = outcome{Result: passed, LeftOut: leftOut}
		}
		current, leftOut = name, 0
	}
	for line := range strings.Lines(output) {
		if _, rest, is := strings.Cut(line, " (tests."); is {
			if name, _, is := strings.Cut(rest, ")"); is && strings.HasPrefix(line, "test_") {
				next(name)
			}
		}
		if strings.HasPrefix(line, "Ran ") {
			next("")
		}
		if strings.HasPrefix(line, "  test_") && strings.Contains(line, " ... skipped ") {
			leftOut++
			continue
		}
		line = strings.TrimSpace(line)
		switch {
		case current == "":
		case line == "ok" || strings.HasSuffix(line, "... ok"):
			found[current], current = outcome{Result: passed}, ""
		case strings.Contains(line, "skipped '") || strings.Contains(line, `skipped "`):
			_, why, _ := strings.Cut(line, "skipped ")
			found[current], current = outcome{Result: skipped, Why: strings.Trim(why, "'\"")}, ""
		case line == "FAIL" || line == "ERROR" || strings.HasSuffix(line, "... FAIL") || strings.HasSuffix(line,
			"... ERROR"):
			found[current], current = outcome{Result: failed}, ""
		}
	}
	for line := range strings.Lines(output) { // also those of subtests
		for _, kind := range []string{"FAIL: ", "ERROR: "} {
			if rest, is := strings.CutPrefix(line, kind); is {
				if _, rest, is := strings.Cut(rest, "(tests."); is {
					name, _, _ := strings.Cut(rest, ")")
					found[name] = outcome{Result: failed}
				}
			}
		}
	}
	if current != "" {
		found[current] = outcome{Result: failed} // it did not come to its end
	}
	return found
}
