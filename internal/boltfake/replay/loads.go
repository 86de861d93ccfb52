package replay

import (
	"strconv"
	"strings"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// Load is records of one kind. They repeat after a while.
type Load struct {
	Name   string
	Fields []string

	begun   []byte // the answer to RUN
	records []byte // RECORD messages, in chunks
	ends    []int  // where each ends in records
}

// Loads are what the server can send.
var Loads = []*Load{
	newLoad("integers", []string{"a", "b", "c"}, 4096, integers),
	newLoad("scalars", []string{"id", "name", "score", "active", "since", "city"}, 4096, scalars),
	newLoad("nodes", []string{"n"}, 2048, func(b []byte, i int) []byte { return node(b, i) }),
	newLoad("paths", []string{"p"}, 512, path),
	newLoad("strings", []string{"text"}, 4, megabyte),
	newLoad("one", []string{"x"}, 1, func(b []byte, _ int) []byte { return packstream.AppendInt(b, 1) }),
}

// chunkSize is the largest chunk that Neo4j sends.
const chunkSize = 8192

// newLoad makes so many records of the given fields by value, which appends the fields of the i-th.
func newLoad(name string, fields []string, distinct int, values func(b []byte, i int) []byte) *Load {
	l := &Load{Name: name, Fields: fields, begun: success(map[string]any{"fields": fields, "t_first": 0, "qid": 0})}
	for i := range distinct {
		body := packstream.AppendListHeader(packstream.AppendStructHeader(nil, wire.MessageRecord, 1), len(fields))
		l.records = appendChunked(l.records, values(body, i))
		l.ends = append(l.ends, len(l.records))
	}
	return l
}

// Records are the load's RECORD messages, in chunks, and how many they are. They must not be changed.
func (l *Load) Records() (messages []byte, n int) { return l.records, len(l.ends) }

func appendChunked(b, body []byte) []byte {
	for len(body) > 0 {
		n := min(len(body), chunkSize)
		b = append(b, byte(n>>8), byte(n))
		b = append(b, body[:n]...)
		body = body[n:]
	}
	return append(b, 0, 0)
}

// slice returns the bytes of up to n records from the at-th on, and how many they are: up to where the records begin
// again.
func (l *Load) slice(at, n int) ([]byte, int) {
	at %= len(l.ends)
	n = min(n, len(l.ends)-at)
	start := 0
	if at > 0 {
		start = l.ends[at-1]
	}
	return l.records[start:l.ends[at+n-1]], n
}

func integers(b []byte, i int) []byte {
	b = packstream.AppendInt(b, int64(i))
	b = packstream.AppendInt(b, int64(i)*1_000_003)
	return packstream.AppendInt(b, int64(i%100))
}

var cities = [...]string{"Malmö", "Oslo", "東京", "Lisbon", "Quito", "Hobart", "Nairobi"}

func scalars(b []byte, i int) []byte {
	b = packstream.AppendInt(b, int64(i))
	b = packstream.AppendString(b, "name number "+strconv.Itoa(i))
	b = packstream.AppendFloat(b, float64(i)*1.5)
	b = packstream.AppendBool(b, i%2 == 0)
	b = packstream.AppendInt(b, 1_700_000_000_000+int64(i))
	return packstream.AppendString(b, cities[i%len(cities)])
}

func node(b []byte, i int) []byte {
	b = packstream.AppendStructHeader(b, 'N', 4)
	b = packstream.AppendInt(b, int64(i))
	b = appendTexts(b, "Person", "Employee")
	b = packstream.AppendMapHeader(b, 5)
	b = packstream.AppendString(packstream.AppendString(b, "name"), "name number "+strconv.Itoa(i))
	b = packstream.AppendInt(packstream.AppendString(b, "born"), int64(1950+i%60))
	b = packstream.AppendFloat(packstream.AppendString(b, "score"), float64(i)/7)
	b = packstream.AppendBool(packstream.AppendString(b, "active"), i%2 == 0)
	b = packstream.AppendString(packstream.AppendString(b, "city"), cities[i%len(cities)])
	return packstream.AppendString(b, "4:0123:"+strconv.Itoa(i))
}

// path is of three nodes and two relationships.
func path(b []byte, i int) []byte {
	b = packstream.AppendStructHeader(b, 'P', 3)
	b = packstream.AppendListHeader(b, 3)
	for j := range 3 {
		b = node(b, i+j)
	}
	b = packstream.AppendListHeader(b, 2)
	for j := range 2 {
		b = packstream.AppendStructHeader(b, 'r', 4)
		b = packstream.AppendInt(b, int64(i+j))
		b = packstream.AppendString(b, "KNOWS")
		b = packstream.AppendMapHeader(b, 1)
		b = packstream.AppendInt(packstream.AppendString(b, "since"), int64(2000+i%25))
		b = packstream.AppendString(b, "5:0123:"+strconv.Itoa(i+j))
	}
	b = packstream.AppendListHeader(b, 4)
	for _, index := range []int64{1, 1, 2, 2} {
		b = packstream.AppendInt(b, index)
	}
	return b
}

func megabyte(b []byte, i int) []byte {
	return packstream.AppendString(b, strings.Repeat(string(rune('a'+i))+"bcdefgh", 1<<17))
}

func appendTexts(b []byte, texts ...string) []byte {
	b = packstream.AppendListHeader(b, len(texts))
	for _, text := range texts {
		b = packstream.AppendString(b, text)
	}
	return b
}
