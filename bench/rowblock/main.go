// Command rowblock measures how fast records become row blocks, natively and (built with GOOS=js) in WebAssembly. With
// a folder as its argument it also writes each load there, as records and as blocks, for decode.mjs to read.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/rowblock"
)

const rounds = 21

func main() {
	only := ""
	if len(os.Args) > 2 {
		only = os.Args[2]
	}
	for _, l := range loads {
		if only != "" && !strings.HasPrefix(l.name, only) {
			continue
		}
		if err := measure(l); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func measure(l load) error {
	batch := l.batch()
	w := rowblock.NewWriter(l.fields, 0)
	var times []time.Duration
	size, blocks := 0, 0
	var buffer []byte
	for range rounds {
		size, blocks = 0, 0
		start := time.Now()
		err := write(w, batch, func(flush func([]byte) []byte) error {
			buffer = flush(buffer[:0])
			size += len(buffer)
			blocks++
			return nil
		})
		if err != nil {
			return err
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	median, least := times[rounds/2], times[0]
	fmt.Printf("%-14s %8.1f ns/row (least %.1f)  %9.0f rows/s  %7.1f MB/s in  %5.1f B/row in  %5.1f B/row out  %d "+
		"blocks\n", l.name,
		float64(median.Nanoseconds())/float64(l.rows), float64(least.Nanoseconds())/float64(l.rows),
		float64(l.rows)/median.Seconds(), float64(len(batch.Data))/1e6/median.Seconds(),
		float64(len(batch.Data))/float64(l.rows), float64(size)/float64(l.rows), blocks)
	if len(os.Args) > 1 && os.Args[1] != "" {
		return save(l, batch, os.Args[1])
	}
	return nil
}

// write turns a batch into blocks.
func write(w *rowblock.Writer, batch client.Batch, take func(flush func([]byte) []byte) error) error {
	for from := 0; from < len(batch.Records); {
		n, err := w.Append(batch, from)
		if err != nil {
			return err
		}
		from += n
		if err := take(w.Flush); err != nil {
			return err
		}
	}
	return nil
}

// save writes the load as records and as blocks, each with its length before it.
func save(l load, batch client.Batch, folder string) error {
	var records, blocks []byte
	for _, span := range batch.Records {
		records = binary.LittleEndian.AppendUint32(records, span.End-span.Start)
		records = append(records, batch.Data[span.Start:span.End]...)
	}
	err := write(rowblock.NewWriter(l.fields, 0), batch, func(flush func([]byte) []byte) error {
		block := flush(nil)
		blocks = binary.LittleEndian.AppendUint32(blocks, uint32(len(block)))
		blocks = append(blocks, block...)
		return nil
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, l.name+".records"), records, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, l.name+".blocks"), blocks, 0o644)
}
