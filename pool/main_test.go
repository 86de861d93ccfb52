package pool

import (
	"testing"

	"go.uber.org/goleak"
)

// In a browser the runtime's event handler is a goroutine of its own.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}
