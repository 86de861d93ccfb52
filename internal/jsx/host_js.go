package jsx

import (
	"syscall/js"
	"unsafe"
)

// host is what web/src/engine/wasm.ts gives the engine: functions that cost little to call. It is undefined in other
// programs, such as tests.
var host js.Value

// UseHost sets the host, an object with a function waker(id), which makes wakers. Call it before any other function of
// this package.
func UseHost(h js.Value) { host = h }

// wakers are what functions of the host call, by their ids.
var (
	wakers    = map[int32]func(){}
	lastWaker int32
)

// Waker is a function for JavaScript that wakes goroutines. A call of a js.Func needs a dozen calls from Go back to
// JavaScript, for arguments and result; with a host, a call of a waker needs none.
type Waker struct {
	Func js.Value
	id   int32   // with a host
	own  js.Func // without one
}

// NewWaker makes a function that calls wake, which must not block. Release it.
func NewWaker(wake func()) *Waker {
	if host.Type() == js.TypeObject {
		lastWaker++
		wakers[lastWaker] = wake
		return &Waker{Func: host.Call("waker", lastWaker), id: lastWaker}
	}
	own := js.FuncOf(func(js.Value, []js.Value) any {
		wake()
		return nil
	})
	return &Waker{Func: own.Value, own: own}
}

// Release ends the waker: to call its function does nothing afterwards.
func (w *Waker) Release() {
	if w.id != 0 {
		delete(wakers, w.id)
		return
	}
	w.own.Release()
}

// webboltWake is called by the host, which then runs the goroutines.
//
//lint:ignore U1000 the host calls it
//go:wasmexport webboltWake
func webboltWake(id int32) {
	if wake := wakers[id]; wake != nil {
		wake()
	}
}

// Address is where bytes are in the memory of the engine, for functions of the host that read or write them during one
// call.
func Address(b []byte) int { return int(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) }
