// Package report collects measurements of several subjects, taken in interleaved rounds, and writes them down: ratios
// first, then medians with their spread, and all of it as JSON.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Result is one subject's figure for one load.
type Result struct {
	Source  string  `json:"source"` // where the data comes from, such as "replay" or "5.26.30"
	Load    string  `json:"load"`   // what is done
	Metric  string  `json:"metric"` // what is measured
	Subject string  `json:"subject"`
	Median  float64 `json:"median"`
	Min     float64 `json:"min"`
	Max     float64 `json:"max"`
	Unit    string  `json:"unit"`
	Rounds  int     `json:"rounds"`
}

// Machine says where the figures come from.
type Machine struct {
	OS   string `json:"os"`
	CPU  string `json:"cpu"`
	CPUs int    `json:"cpus"`
	Go   string `json:"go"`
	Date string `json:"date"`
}

// Report is a run of a benchmark.
type Report struct {
	Machine Machine  `json:"machine"`
	Results []Result `json:"results"`

	samples map[key][]float64
	order   []key
	units   map[string]string
}

type key struct{ source, load, metric, subject string }

// New begins a report on this machine.
func New() *Report {
	return &Report{Machine: thisMachine(), samples: map[key][]float64{}, units: map[string]string{}}
}

func thisMachine() Machine {
	m := Machine{OS: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version(),
		Date: time.Now().UTC().Format(time.DateOnly)}
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
				m.CPU = strings.TrimSpace(value)
				break
			}
		}
	}
	return m
}

// Add adds one round's figure.
func (r *Report) Add(source, load, metric, subject, unit string, value float64) {
	k := key{source, load, metric, subject}
	if _, known := r.samples[k]; !known {
		r.order = append(r.order, k)
	}
	r.samples[k] = append(r.samples[k], value)
	r.units[metric] = unit
}

func (r *Report) finish() {
	r.Results = nil
	for _, k := range r.order {
		sorted := slices.Sorted(slices.Values(r.samples[k]))
		r.Results = append(r.Results, Result{Source: k.source, Load: k.load, Metric: k.metric, Subject: k.subject,
			Median: round(sorted[len(sorted)/2]), Min: round(sorted[0]), Max: round(sorted[len(sorted)-1]),
			Unit: r.units[k.metric], Rounds: len(sorted)})
	}
}

// round keeps four digits: more would be false precision.
func round(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return v
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

// Write writes the JSON file, making its folder, and prints the tables: for every load, each subject's median as a
// multiple of the peer's.
func (r *Report) Write(file string, out io.Writer, subject string) error {
	r.finish()
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		return err
	}
	r.print(out, subject)
	return nil
}

func (r *Report) print(out io.Writer, subject string) {
	fmt.Fprintf(out, "%s, %d CPUs (%s), %s\n\nratios of medians, %s to the others:\n", r.Machine.OS, r.Machine.CPUs,
		r.Machine.CPU, r.Machine.Go, subject)
	for _, ours := range r.Results {
		if ours.Subject != subject {
			continue
		}
		for _, peer := range r.Results {
			if peer.Subject != subject && peer.Source == ours.Source && peer.Load == ours.Load &&
				peer.Metric == ours.Metric && peer.Median != 0 {
				fmt.Fprintf(out, "  %-10s %-24s %-22s %6.2f x %s\n", ours.Source, ours.Load, ours.Metric,
					ours.Median/peer.Median, peer.Subject)
			}
		}
	}
	fmt.Fprintln(out, "\nmedian (min to max):")
	for _, result := range r.Results {
		fmt.Fprintf(out, "  %-10s %-24s %-22s %-14s %12.4g (%.4g to %.4g) %s, %d rounds\n",
			result.Source, result.Load, result.Metric, result.Subject, result.Median, result.Min, result.Max,
			result.Unit, result.Rounds)
	}
}
