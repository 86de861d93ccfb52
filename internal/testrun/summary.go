//go:build unix

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// summarize writes the outcome of the parts, and returns the sum.
func summarize(out io.Writer, parts []*part) counts {
	var total counts
	for _, p := range parts {
		writeSkipped(out, p)
	}
	for _, p := range parts {
		for _, name := range p.failed {
			fmt.Fprintf(out, "FAILED %s: %s\n", p.name, name)
		}
	}
	for _, p := range parts {
		if len(p.closing) > 0 {
			fmt.Fprintf(out, "\n-- %s\n%s\n", p.name, strings.Join(p.closing, "\n"))
		}
	}
	fmt.Fprintln(out)
	for _, p := range parts {
		outcome := p.counts.String()
		if p.counts == (counts{}) {
			outcome = "no fault"
		}
		fmt.Fprintf(out, "%-8s %6v  %s\n", p.name, p.took, outcome)
		total.add(p.counts)
	}
	fmt.Fprintf(out, "\n%v\n", total)
	return total
}

// writeSkipped writes each reason once, with how many tests gave it.
func writeSkipped(out io.Writer, p *part) {
	byReason := map[string][]string{}
	for _, skipped := range p.skipped {
		byReason[skipped.reason] = append(byReason[skipped.reason], skipped.name)
	}
	for _, reason := range slices.Sorted(maps.Keys(byReason)) {
		names := byReason[reason]
		more := ""
		if len(names) > 1 {
			more = fmt.Sprintf(" and %d more", len(names)-1)
		}
		fmt.Fprintf(out, "SKIPPED %s: %s%s: %s\n", p.name, names[0], more, reason)
	}
}
