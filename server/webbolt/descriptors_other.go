//go:build !unix

package main

import "math"

// descriptorLimit is how many files this process may open: on this system it is not known.
func descriptorLimit() int { return math.MaxInt32 }
