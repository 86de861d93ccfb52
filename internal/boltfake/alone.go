package boltfake

import "fmt"

// T has the methods of *testing.T that the package needs.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Cleanup(func())
}

// Serve starts the server without a test, for example for an Example function: it panics where a test would fail. Call
// stop at the end.
func (s *Server) Serve() (address string, stop func()) {
	t := &standIn{}
	return s.Start(t), t.stop
}

// standIn takes the place of a test.
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
