package static

import (
	"slices"
	"strconv"
	"strings"
)

// coding is a compression of files.
type coding struct{ name, suffix string }

var codings = []coding{{"br", ".br"}, {"gzip", ".gz"}}

// acceptable returns the codings that an Accept-Encoding header allows (RFC 9110, section 12.5.3), ordered by the
// client's preference, and then by compression.
func acceptable(header []string) []coding {
	weights := map[string]float64{}
	for entry := range strings.SplitSeq(strings.Join(header, ","), ",") {
		name, parameters, _ := strings.Cut(entry, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		weight := 1.0
		if value, found := strings.CutPrefix(strings.ReplaceAll(parameters, " ", ""), "q="); found {
			var err error
			if weight, err = strconv.ParseFloat(value, 64); err != nil {
				weight = 0
			}
		}
		weights[name] = weight
	}
	weightOf := func(c coding) float64 {
		if weight, found := weights[c.name]; found {
			return weight
		}
		return weights["*"]
	}
	var list []coding
	for _, c := range codings {
		if weightOf(c) > 0 {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b coding) int {
		switch {
		case weightOf(a) > weightOf(b):
			return -1
		case weightOf(a) < weightOf(b):
			return 1
		}
		return 0
	})
	return list
}
