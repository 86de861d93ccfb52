// Command tables writes the figures of bench/results into docs/performance.md, between the lines <!-- NAME.json --> and
// <!-- end -->.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/webbolt/webbolt/bench/report"
)

func main() {
	document := flag.String("document", "docs/performance.md", "what to write into")
	results := flag.String("results", "bench/results", "where the figures are")
	flag.Parse()
	if err := run(*document, *results); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const end = "<!-- end -->"

func run(document, results string) error {
	text, err := os.ReadFile(document)
	if err != nil {
		return err
	}
	var out strings.Builder
	inside := false
	for line := range strings.Lines(string(text)) {
		name, opens := strings.CutPrefix(strings.TrimSpace(line), "<!-- ")
		name, opens = strings.TrimSuffix(name, " -->"), opens && strings.HasSuffix(name, ".json -->")
		switch {
		case opens:
			inside = true
			written, err := tables(filepath.Join(results, name))
			if err != nil {
				return err
			}
			out.WriteString(line + "\n" + written + "\n")
		case strings.TrimSpace(line) == end:
			inside = false
			out.WriteString(line)
		case !inside:
			out.WriteString(line)
		}
	}
	if inside {
		return errors.New(document + ": there is no " + end)
	}
	return os.WriteFile(document, []byte(out.String()), 0o644)
}

type file struct {
	Machine struct {
		report.Machine
		Browser string `json:"browser"`
	} `json:"machine"`
	Results []report.Result `json:"results"`
}

// tables makes the tables of one file: each of our figures beside each peer's.
func tables(name string) (string, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "Not measured yet.\n", nil
	}
	if err != nil {
		return "", err
	}
	var f file
	if err := json.Unmarshal(text, &f); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s, %d processors (%s), %s, %s.\n\n", f.Machine.OS, f.Machine.CPUs, f.Machine.CPU,
		f.Machine.Go+f.Machine.Browser, f.Machine.Date)
	out.WriteString("| source | load | figure | webbolt | peer | ratio |\n|---|---|---|---|---|---|\n")
	for _, ours := range f.Results {
		if ours.Subject != "webbolt" {
			continue
		}
		for _, peer := range f.Results {
			if name, is := peerName(ours, peer); is {
				fmt.Fprintf(&out, "| %s | %s | %s | %s | %s: %s | %s |\n", ours.Source, ours.Load,
					ours.Metric+", "+ours.Unit, spread(ours), name, spread(peer), ratio(ours, peer))
			}
		}
	}
	return out.String(), nil
}

// peerName is what to call a peer's figure beside ours: one on the same source, or what neo4j-driver does with nothing
// in between.
func peerName(ours, peer report.Result) (name string, is bool) {
	if peer.Subject == ours.Subject || peer.Load != ours.Load || peer.Metric != ours.Metric {
		return "", false
	}
	if peer.Source == ours.Source {
		return peer.Subject, true
	}
	server, direct := strings.CutSuffix(peer.Source, " direct")
	return peer.Subject + " direct", direct && peer.Subject == "neo4j-driver" &&
		strings.HasPrefix(ours.Source, server+" ")
}

func spread(r report.Result) string {
	return short(r.Median) + " (" + short(r.Min) + " to " + short(r.Max) + ")"
}

func short(v float64) string {
	if v >= 1000 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

func ratio(ours, peer report.Result) string {
	if peer.Median == 0 {
		return "–"
	}
	return strconv.FormatFloat(ours.Median/peer.Median, 'f', 2, 64)
}
