//go:build unix

package main

import (
	"syscall"
	"time"
)

// cpuTime is what this process has used of the processors. Unlike the time that passes, it hardly depends on what else
// the machine does.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
