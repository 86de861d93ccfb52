package dial

import (
	"testing"

	"go.uber.org/goleak"
)

// The goroutine that handles JavaScript's events in a browser is the runtime's.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}
