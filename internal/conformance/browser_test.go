//go:build js

package conformance_test

import (
	_ "time/tzdata" // a browser has no list of time zones that Go could read
)
