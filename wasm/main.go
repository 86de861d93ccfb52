//go:build js && wasm

// Command wasm is webbolt's engine for JavaScript. The program that starts it sets globalThis.webboltHost to the host
// object (see package bridge) first, and deletes it after the start.
package main

import (
	"syscall/js"

	"github.com/webbolt/webbolt/bridge"
)

func main() {
	bridge.Serve(js.Global().Get("webboltHost"))
}
