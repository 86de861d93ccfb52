//go:build linux

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// record is one run of a group of tests against a backend.
type record struct {
	Backend  string
	Group    string
	Server   string `json:",omitempty"` // version of Neo4j, of the group neo4j
	Outcomes outcomes
}

// count is of one folder's tests; of all, without a folder.
type count struct {
	folder                  string
	passed, failed, skipped int
}

func (c count) ran() int { return c.passed + c.failed + c.skipped }

// counts are of all tests first, then by folder.
func (r record) counts() []count {
	byFolder := map[string]*count{"": {}}
	for name, o := range r.Outcomes {
		parts := strings.Split(name, ".")
		folder := strings.Join(parts[1:min(2, len(parts)-1)], ".")
		if byFolder[folder] == nil {
			byFolder[folder] = &count{folder: folder}
		}
		for _, c := range []*count{byFolder[""], byFolder[folder]} {
			switch o.Result {
			case passed:
				c.passed++
			case failed:
				c.failed++
			default:
				c.skipped++
			}
		}
	}
	var counts []count
	for _, folder := range slices.Sorted(maps.Keys(byFolder)) {
		counts = append(counts, *byFolder[folder])
	}
	return counts
}

func (r record) failed() (names []string) {
	for name, o := range r.Outcomes {
		if o.Result == failed {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// title names the group in the table.
func (r record) title() string {
	if r.Server != "" {
		return r.Group + " on " + r.Server
	}
	return r.Group
}

// writeResults writes the table of runs whose outcomes are in files.
func writeResults(file string, from []string) error {
	var records []record
	for _, name := range from {
		encoded, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var r record
		if err := json.Unmarshal(encoded, &r); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		records = append(records, r)
	}
	slices.SortStableFunc(records, func(a, b record) int { return cmp.Compare(order(a), order(b)) })
	var b strings.Builder
	b.WriteString("# Results of Neo4j's driver test suite\n\n" +
		"Written by `make conformance` ([how](README.md)). A test that the suite imports into several modules counts\n" +
		"once.\n\n| tests | backend | distinct | passed | failed | skipped |\n|---|---|---|---|---|---|\n")
	for _, r := range records {
		writeRow(&b, r.title(), r.Backend, r.counts()[0])
	}
	writeFolders(&b, records)
	for _, r := range records {
		writeFailed(&b, r)
	}
	for _, r := range records {
		if r.Backend == "webbolt" {
			writeSkipped(&b, r)
		}
	}
	return os.WriteFile(file, []byte(b.String()), 0o644)
}

// order puts groups one after the other, and in each this client first.
func order(r record) string {
	rank := map[string]string{"stub": "0", "tls": "1", "neo4j": "2"}[r.Group]
	if r.Backend == "webbolt" {
		return rank + r.Server + "-"
	}
	return rank + r.Server + "/" + r.Backend
}

func writeRow(b *strings.Builder, title, backend string, c count) {
	fmt.Fprintf(b, "| %s | %s | %d | %d | %d | %d |\n", title, backend, c.ran(), c.passed, c.failed, c.skipped)
}

// writeFolders tells of the stub tests folder by folder.
func writeFolders(b *strings.Builder, records []record) {
	b.WriteString("\n## Stub tests by folder\n\n| folder | backend | distinct | passed | failed | skipped |\n" +
		"|---|---|---|---|---|---|\n")
	type row struct {
		backend string
		count
	}
	var rows []row
	for _, r := range records {
		if r.Group != "stub" {
			continue
		}
		for _, c := range r.counts()[1:] {
			rows = append(rows, row{r.Backend, c})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.folder, b.folder) })
	for _, r := range rows {
		writeRow(b, r.folder, r.backend, r.count)
	}
}

func writeFailed(b *strings.Builder, r record) {
	names := r.failed()
	if len(names) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## What fails: %s, %s\n\n```\n", r.title(), r.Backend)
	for _, name := range names {
		b.WriteString(name + "\n")
	}
	b.WriteString("```\n")
}

func writeSkipped(b *strings.Builder, r record) {
	reasons := map[string]int{}
	for _, o := range r.Outcomes {
		if o.Result == skipped {
			reasons[o.Why]++
		}
	}
	writeLeftOut(b, r)
	if len(reasons) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## What is skipped: %s, %s\n\n| tests | why |\n|---|---|\n", r.title(), r.Backend)
	for _, why := range slices.SortedFunc(maps.Keys(reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(reasons[b], reasons[a]), cmp.Compare(a, b))
	}) {
		fmt.Fprintf(b, "| %d | %s |\n", reasons[why], strings.ReplaceAll(why, "|", `\|`))
	}
}

// writeLeftOut names tests that passed without some of their cases.
func writeLeftOut(b *strings.Builder, r record) {
	var rows []string
	for name, o := range r.Outcomes {
		if o.LeftOut > 0 {
			rows = append(rows, fmt.Sprintf("| %d | %s |\n", o.LeftOut, name))
		}
	}
	if len(rows) == 0 {
		return
	}
	slices.Sort(rows)
	fmt.Fprintf(b, "\n## What passed without some of its cases: %s, %s\n\n| cases skipped | test |\n|---|---|\n%s",
		r.title(), r.Backend, strings.Join(rows, ""))
}
