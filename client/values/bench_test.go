package values_test

import (
	"strings"
	"testing"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

// records are what a server sends for a row of the kind.
var records = []struct {
	name string
	hex  string
}{
	{"ints", "93 C9 1234 CA 00123456 CB 0000123456789ABC"},
	{"mixed", "95 01 C9 1234 C1 3FF0000000000000 85 68656C6C6F D0 10 776F726C64776F726C64776F726C6421"},
	{"node", "91 B4 4E C9 1234 92 86 506572736F6E 85 4163746F72 A3 84 6E616D65 8C 4B65616E7520526565766573" +
		" 84 626F726E C9 07AC 86 726174696E67 C1 401C000000000000" +
		" D0 2B 343A61316232633364342D653566362D373839612D616263642D6566303132333435363738393A34363630"},
	{"path", "91 B3 50 92 B4 4E 01 91 8141 A1 8170 02 82 6531 B4 4E 02 90 A0 82 6532 91 B4 72 09 8154 A0 82 7239 92 " +
		"01 01"},
	{"list of 20", "91 D4 14" + strings.Repeat("C9 1234", 20)},
	{"dates", "92 B1 44 C9 4D10 B3 49 CA 66000000 00 C9 1C20"},
}

func BenchmarkReadList(b *testing.B) {
	for _, record := range records {
		data := unhex(b, record.hex)
		b.Run(record.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := packstream.NewReader(data)
				if _, err := values.ReadList(&r, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendMap(b *testing.B) {
	rows := make([]any, 100)
	for i := range rows {
		rows[i] = map[string]any{"id": i, "name": "somebody", "scores": []float64{1, 2, 3}}
	}
	parameters := map[string]any{"rows": rows}
	var buffer []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if buffer, err = values.AppendMap(buffer[:0], parameters, modern); err != nil {
			b.Fatal(err)
		}
	}
}
