//go:build js && wasm

// Command wasm is webbolt's engine for JavaScript. Whoever starts it puts the host object (see package bridge) into
// globalThis.webboltHost first, and takes it away when the start has returned.
package main

import (
	"syscall/js"

	"github.com/webbolt/webbolt/bridge"
)

func main() {
	bridge.Serve(js.Global().Get("webboltHost"))
}
