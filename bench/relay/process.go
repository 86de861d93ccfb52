//go:build unix

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of times in /proc on Linux.
const clockTick = 10 * time.Millisecond

// eachOf calls visit with the folder in /proc of every process of a group, and its fields of stat from the state on.
func eachOf(group int, visit func(folder string, fields []string) error) error {
	processes, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(processes) == 0 {
		return errors.New("processes are measured on Linux only")
	}
	for _, stat := range processes {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		if fields := strings.Fields(rest); len(fields) > 12 && fields[2] == strconv.Itoa(group) {
			if err := visit(filepath.Dir(stat), fields); err != nil {
				return err
			}
		}
	}
	return nil
}

// memory is what a process group holds, in KiB, with what is shared counted once.
func memory(group int) (kib float64, err error) {
	err = eachOf(group, func(folder string, _ []string) error {
		rollup, err := os.ReadFile(filepath.Join(folder, "smaps_rollup"))
		if err != nil {
			return nil // it has ended
		}
		for line := range strings.Lines(string(rollup)) {
			if value, found := strings.CutPrefix(line, "Pss:"); found {
				n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
				kib += n
				return err
			}
		}
		return nil
	})
	return kib, err
}

// processorTime is what the processes of the subject have used so far.
func (p path) processorTime() (used time.Duration, err error) {
	if p.process == nil {
		return 0, nil
	}
	err = eachOf(p.process.Process.Pid, func(_ string, fields []string) error {
		for _, text := range fields[11:13] { // utime, stime
			n, err := strconv.Atoi(text)
			if err != nil {
				return err
			}
			used += time.Duration(n) * clockTick
		}
		return nil
	})
	return used, err
}
