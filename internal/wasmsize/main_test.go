package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMeasure(t *testing.T) {
	module := append([]byte("\x00asm\x01\x00\x00\x00"),
		2, 1, 1, // one import
		10, 6, 2, 1, 0x0B, 2, 0, 0x0B, // two functions, of one byte and of two
		11, 3, 0, 0, 0, // data
		0, 22, 4, 'n', 'a', 'm', 'e', 1, 15, 2, 1, 5, 'a', '_', 'b', '.', 'C', 2, 5, 'r', 't', '.', '(', 'x')
	sizes, err := measure(module)
	require.NoError(t, err)
	require.Equal(t, map[string]int{"a_b": 1, "rt": 2, "(data)": 3}, sizes)
	for cut := range 40 {
		require.NotPanics(t, func() { _, _ = measure(module[:min(cut, len(module))]) })
	}
	_, err = measure(module[:19])
	require.ErrorContains(t, err, "-ldflags=-w")
}

func TestPackageOf(t *testing.T) {
	for name, want := range map[string]string{
		"github.com_webbolt_webbolt_client_bolt.__Connection_.Begin": "webbolt/client_bolt",
		"runtime.mallocgc": "runtime",
		"type:.eq.github.com_webbolt_webbolt_client.Profile": "webbolt/client", "main": "main",
	} {
		require.Equal(t, want, packageOf(name))
	}
}
