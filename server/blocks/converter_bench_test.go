package blocks

import (
	"io"
	"testing"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/boltfake/replay"
)

// discarding is a page that takes everything.
type discarding struct{ io.Writer }

func (discarding) Flush() error { return nil }
func (discarding) Interrupt()   {}

// BenchmarkConverter has records of each kind come in pieces as large as the relay's buffer, and leave on a lane.
func BenchmarkConverter(b *testing.B) {
	for _, load := range replay.Loads {
		b.Run(load.Name, func(b *testing.B) {
			records, n := load.Records()
			c := NewConverter(io.Discard, Stats{})
			c.Connect(passing{})
			if _, err := c.OpenLane(1, discarding{io.Discard}); err != nil {
				b.Fatal(err)
			}
			c.UseLane(1)
			more := chunked(wire.MessageSuccess, dict{"has_more": true})
			b.SetBytes(int64(len(records)))
			rows := 0
			for b.Loop() {
				if err := c.FromPage(pull(1)); err != nil {
					b.Fatal(err)
				}
				for at := 0; at < len(records); at += maxFrame {
					if _, err := c.Write(records[at:min(at+maxFrame, len(records))]); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := c.Write(more); err != nil {
					b.Fatal(err)
				}
				rows += n
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
		})
	}
}

type passing struct{}

func (passing) FromPage([]byte) error { return nil }
