package boltfake

import "fmt"

// T is what the package needs of a test; *testing.T has it.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Cleanup(func())
}

// Serve starts the server where there is no test, as for an example: what would fail the test panics. Call stop in the
// end.
func (s *Server) Serve() (address string, stop func()) {
	t := &standIn{}
	return s.Start(t), t.stop
}

// standIn stands in for a test.
type standIn struct{ cleanups []func() }

func (t *standIn) Helper()                           {}
func (t *standIn) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (t *standIn) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (t *standIn) Cleanup(f func())                  { t.cleanups = append(t.cleanups, f) }

func (t *standIn) stop() {
	for _, f := range t.cleanups {
		f()
	}
}
