//go:build !unix

package main

import "math"

// descriptorLimit is how many files this process may have open: here no number is known.
func descriptorLimit() int { return math.MaxInt32 }
