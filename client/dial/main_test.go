package dial

import (
	"testing"

	"go.uber.org/goleak"
)

// In a browser the runtime has a goroutine for JavaScript's events.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}
