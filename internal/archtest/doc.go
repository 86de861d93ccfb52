// Package archtest holds the rules about who may import what, and what may end
// up in the WebAssembly module, as tests.
package archtest
