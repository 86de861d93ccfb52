//go:build unix

package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// tap follows the TAP of Node's test runner (node --test --test-reporter=tap).
type tap struct {
	suites    []string // open suites, outermost first
	last      *tapResult
	reading   bool
	diagnosis []string // the YAML block after the last result, as far as it is read
	comments  []string // what the tests themselves printed, the last lines of it
}

// tapResult is the line "ok 1 - name", whose kind and time follow in a YAML block.
type tapResult struct {
	ok, skipped  bool
	name, reason string
	depth        int
}

var (
	tapLine    = regexp.MustCompile(`^( *)(ok|not ok) \d+ - (.*?)(?: # (SKIP|TODO)(?: (.*))?)?$`)
	tapCloses  = regexp.MustCompile(`^# (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)$`)
	tapSubtest = regexp.MustCompile(`^( *)# Subtest: (.*)$`)
	tapPlan    = regexp.MustCompile(`^ *1\.\.\d+$`)
)

const (
	tapIndent    = 4
	deepestShown = 2   // suites within deeper ones end unseen
	commentsKept = 200 // lines
)

// handle reports whether the line belongs to TAP.
func (s *tap) handle(p *part, line string) bool {
	if s.reading {
		s.block(p, line)
		return true
	}
	if s.last != nil && strings.TrimSpace(line) == "---" {
		s.reading = true
		return true
	}
	if found := tapSubtest.FindStringSubmatch(line); found != nil {
		depth := len(found[1]) / tapIndent
		s.suites = append(s.suites[:min(depth, len(s.suites))], found[2])
		return true
	}
	if found := tapLine.FindStringSubmatch(line); found != nil {
		s.last = &tapResult{ok: found[2] == "ok", skipped: found[4] == "SKIP", name: found[3], reason: found[5],
			depth: len(found[1]) / tapIndent}
		return true
	}
	if found := tapCloses.FindStringSubmatch(line); found != nil {
		p.closing = append(p.closing, line)
		return true
	}
	if strings.HasPrefix(strings.TrimLeft(line, " "), "# ") {
		s.comments = append(s.comments, line)
		s.comments = s.comments[max(0, len(s.comments)-commentsKept):]
		return true
	}
	return line == "TAP version 13" || tapPlan.MatchString(line)
}

// finish shows what the tests printed, if some failed.
func (s *tap) finish(p *part) {
	if p.counts.failed > 0 && len(s.comments) > 0 {
		p.screen.line(p.name, "what the tests printed last:\n"+strings.Join(s.comments, "\n"))
	}
}

// block reads a line of the YAML block after a result, of which the end tells what kind of result it was.
func (s *tap) block(p *part, line string) {
	if strings.TrimSpace(line) != "..." {
		s.diagnosis = append(s.diagnosis, line)
		return
	}
	result, suite, ofSubtests, took := s.last, false, false, ""
	for _, said := range s.diagnosis {
		said = strings.TrimSpace(said)
		suite = suite || said == "type: 'suite'"
		ofSubtests = ofSubtests || said == "failureType: 'subtestsFailed'"
		if ms, found := strings.CutPrefix(said, "duration_ms: "); found && took == "" {
			number, _ := strconv.ParseFloat(ms, 64)
			took = fmt.Sprintf("%.1fs", number/1000)
		}
	}
	name := strings.Join(append(slices.Clone(s.suites[:min(result.depth, len(s.suites))]), result.name), " > ")
	switch {
	case result.skipped && suite:
		p.skip(name+" (all its tests)", result.reason)
	case result.skipped:
		p.skip(name, result.reason)
	case !result.ok && !ofSubtests:
		p.fail(name)
		p.screen.line(p.name, "FAIL "+name+"\n"+strings.Join(s.diagnosis, "\n"))
	case suite && result.depth <= deepestShown:
		p.screen.line(p.name, fmt.Sprintf("%s\t%s\t%s", verdict(result.ok), name, took))
	case !suite && result.ok:
		p.pass()
	}
	s.last, s.reading, s.diagnosis = nil, false, nil
}

func verdict(ok bool) string {
	if ok {
		return "ok  "
	}
	return "FAIL"
}
