package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// program calls, recovers, collects garbage and grows its stack; its output shows that all of it works.
const program = `package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

type node struct{ next *node; text string }

func deep(n int, last *node) int {
	var local [16]node
	local[n%16] = node{last, fmt.Sprint(n)}
	if n == 0 {
		runtime.GC()
		return len(last.text)
	}
	return deep(n-1, &local[n%16]) + len(local[n%16].text)
}

func failing() (stack string) {
	defer func() {
		recover()
		stack = string(debug.Stack())
	}()
	var none *node
	return none.text
}

func main() {
	done := make(chan int)
	for range 3 {
		go func() { done <- deep(5000, nil0()) }()
	}
	fmt.Println(<-done, <-done, <-done)
	fmt.Println(strings.Contains(failing(), "main.failing"))
}

func nil0() *node { return &node{} }
`

func build(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	source, file := filepath.Join(folder, "main.go"), filepath.Join(folder, "main.wasm")
	require.NoError(t, os.WriteFile(source, []byte(program), 0o600))
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, source)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return file
}

func TestPackedProgramDoesTheSame(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node is not installed")
		}
		t.Skip("NOT TESTED: node is not installed")
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	start := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec_node.js")
	file := build(t)
	before, err := exec.Command(node, start, file).CombinedOutput()
	require.NoError(t, err, "%s", before)
	require.Contains(t, string(before), "true")
	require.NoError(t, packFile(file))
	after, err := exec.Command(node, start, file).CombinedOutput()
	require.NoError(t, err, "%s", after)
	require.Equal(t, string(before), string(after))

	packed, err := os.ReadFile(file)
	require.NoError(t, err)
	again, err := pack(packed)
	require.NoError(t, err)
	require.Equal(t, packed, again, "there is nothing left to do")
}

// small is a module with one byte of each of two places of memory.
var small = []byte("\x00asm\x01\x00\x00\x00" +
	"\x05\x03\x01\x00\x01" + // a memory of one page
	"\x0b\x10\x02" + "\x00\x41\x08\x0b\x03\x00\x01\x02" + "\x00\x41\x0d\x0b\x02\x03\x00")

func TestSegmentsThatLieCloseAreJoined(t *testing.T) {
	m, err := parseModule(small)
	require.NoError(t, err)
	image, err := m.image()
	require.NoError(t, err)
	require.Equal(t, []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 0}, image)
	require.Equal(t, small, m.encode())
	m.setImage(image)
	require.Equal(t, append(small[:13:13], "\x0b\x0b\x01\x00\x41\x09\x0b\x05\x01\x02\x00\x00\x03"...), m.encode())

	far := append(append([]byte{1}, make([]byte, splitAt)...), 2)
	require.Equal(t, []span{{0, 1}, {splitAt + 1, splitAt + 2}}, cut(far))
	require.Empty(t, cut(make([]byte, 3)))
}

func TestTruncatedModules(t *testing.T) {
	for length := range len(small) {
		if length == 8 || length == 13 {
			continue // whole sections
		}
		_, err := parseModule(small[:length])
		require.Error(t, err, "cut at %d", length)
	}
	_, err := pack(small)
	require.ErrorIs(t, err, errUnknownTable)
}

func TestSignedNumbers(t *testing.T) {
	for _, n := range []int64{0, 1, -1, 63, 64, -64, -65, 8191, 8192, 1<<31 - 1, -1 << 31} {
		r := &reader{rest: appendSigned(nil, n)}
		require.Equal(t, n, r.signed())
		require.Empty(t, r.rest)
	}
}

func FuzzPack(f *testing.F) {
	f.Add(small)
	table := append([]byte(tableMagic), make([]byte, 200)...)
	binary.LittleEndian.PutUint64(table[8:], 1)
	binary.LittleEndian.PutUint64(table[56:], headerSize)
	binary.LittleEndian.PutUint64(table[64:], headerSize+8)
	m := &module{sections: []section{{id: sectionData}}}
	m.setImage(table)
	f.Add(m.encode())
	f.Fuzz(func(t *testing.T, content []byte) {
		packed, err := pack(content)
		if err == nil && !bytes.HasPrefix(packed, []byte(preamble)) {
			t.Fatal("not a module")
		}
	})
}
