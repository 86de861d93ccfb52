//go:build unix

package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
)

// helloSize is the length of a Bolt handshake, with which every connection begins, because the relay passes nothing
// else.
const helloSize = 20

// helloFor is a handshake in whose last slots the source reads how many MiB to send; with 0 it echoes.
func helloFor(mebibytes int) []byte {
	hello := make([]byte, helloSize)
	copy(hello, "\x60\x60\xB0\x17\x00\x08\x08\x05")
	binary.BigEndian.PutUint32(hello[16:], uint32(mebibytes))
	return hello
}

// serveSource is the server behind the subjects, in a process of its own. It ends with its standard input.
func serveSource() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("listening on", listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	for {
		conn, err := listener.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go serve(conn)
	}
}

func serve(conn net.Conn) {
	defer conn.Close()
	hello := make([]byte, helloSize)
	if _, err := io.ReadFull(conn, hello); err != nil {
		return
	}
	size := int(binary.BigEndian.Uint32(hello[16:]))
	if _, err := conn.Write(hello); err != nil {
		return
	}
	if size > 0 {
		chunk := make([]byte, 64<<10)
		for range size << 20 / len(chunk) {
			if _, err := conn.Write(chunk); err != nil {
				return
			}
		}
	}
	buffer := make([]byte, 512)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		if _, err := conn.Write(buffer[:n]); err != nil {
			return
		}
	}
}
