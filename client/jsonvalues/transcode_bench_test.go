package jsonvalues

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// benchRows is how many rows an answer of the benchmarks has.
const benchRows = 10_000

// queryAnswer is an answer of the Query API, of which row gives each row.
func queryAnswer(fields string, rows int, row func(i int) string) []byte {
	var b strings.Builder
	b.WriteString(`{"data":{"fields":[` + fields + `],"values":[`)
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(row(i))
	}
	b.WriteString(`]},"counters":{"containsUpdates":false},"bookmarks":["FB:x"]}`)
	return []byte(b.String())
}

func joltAnswer(fields string, rows int, row func(i int) string) []byte {
	var b strings.Builder
	b.WriteString(`{"header":{"fields":[` + fields + "]}}\n")
	for i := range rows {
		b.WriteString(`{"data":` + row(i) + "}\n")
	}
	b.WriteString("{\"summary\":{}}\n{\"info\":{}}\n")
	return []byte(b.String())
}

func typedIntegers(i int) string {
	one := func(n int) string { return `{"$type":"Integer","_value":"` + strconv.Itoa(n) + `"}` }
	return "[" + one(i) + "," + one(2*i) + "," + one(1000003*i) + "]"
}

func typedNodeRow(i int) string {
	return `[{"$type":"Node","_value":{"_element_id":"4:bd4e7ed5-2f78-4ae6-b3e2-5d6cd00c466b:` + strconv.Itoa(i) +
		`","_labels":["Person"],"_properties":{` +
		`"name":{"$type":"String","_value":"Person ` + strconv.Itoa(i) + `"},"age":{"$type":"Integer","_value":"42"},` +
		`"score":{"$type":"Float","_value":"1.5"},"active":{"$type":"Boolean","_value":true}}}}]`
}

func typedListRow(i int) string {
	one := func(n int) string {
		return `{"$type":"List","_value":[{"$type":"Integer","_value":"` + strconv.Itoa(n) + `"}]}`
	}
	return `[{"$type":"List","_value":[` + one(i) + "," + one(i+1) + "," + one(i+2) + `]}]`
}

func typedDateRow(i int) string {
	return `[{"$type":"Date","_value":"2026-08-` + strconv.Itoa(10+i%20) +
		`"},{"$type":"LocalDateTime","_value":"2026-08-01T12:00:` + strconv.Itoa(10+i%50) + `"}]`
}

func typedPathRow(i int) string {
	node := func(i int) string { return strings.TrimSuffix(strings.TrimPrefix(typedNodeRow(i), "["), "]") }
	id := func(i int) string { return "4:bd4e7ed5-2f78-4ae6-b3e2-5d6cd00c466b:" + strconv.Itoa(i) }
	return `[{"$type":"Path","_value":[` + node(i) + `,{"$type":"Relationship","_value":{"_element_id":"5:` + id(i) +
		`","_start_node_element_id":"` + id(i) +
		`","_end_node_element_id":"` + id(i+1) +
		`","_type":"KNOWS","_properties":{"since":{"$type":"Integer","_value":"2020"}}}},` + node(i+1) + `]}]`
}

func joltIntegers(i int) string {
	return "[" + strconv.Itoa(i) + "," + strconv.Itoa(2*i) + `,{"Z":"` + strconv.Itoa(1000003*i) + `"}]`
}

func joltNodeRow(i int) string {
	return `[{"()":["4:bd4e7ed5-2f78-4ae6-b3e2-5d6cd00c466b:` + strconv.Itoa(i) + `",["Person"],{"name":"Person ` +
		strconv.Itoa(i) +
		`","age":42,"score":{"R":"1.5"},"active":true}]}]`
}

// BenchmarkTranscode reads whole answers in pieces of 64 KiB, as they come from a network.
func BenchmarkTranscode(b *testing.B) {
	query := func() layout { return &queryLayout{} }
	jolt := func() layout { return joltLayout{} }
	for _, bench := range []struct {
		name   string
		answer []byte
		form   func() layout
	}{
		{"typed/integers", queryAnswer(`"a","b","c"`, benchRows, typedIntegers), query},
		{"typed/nodes", queryAnswer(`"n"`, benchRows, typedNodeRow), query},
		{"typed/lists", queryAnswer(`"l"`, benchRows, typedListRow), query},
		{"typed/dates", queryAnswer(`"d","t"`, benchRows, typedDateRow), query},
		{"typed/paths", queryAnswer(`"p"`, benchRows, typedPathRow), query},
		{"jolt/integers", joltAnswer(`"a","b","c"`, benchRows, joltIntegers), jolt},
		{"jolt/nodes", joltAnswer(`"n"`, benchRows, joltNodeRow), jolt},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.answer)))
			b.ReportAllocs()
			for b.Loop() {
				rows, err := transcodeAll(newAnswer(bench.form()), bench.answer, 64<<10)
				require.NoError(b, err)
				require.Equal(b, benchRows, rows)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
		})
	}
}

// transcodeAll feeds an answer in pieces and returns how many rows came out.
func transcodeAll(r *Answer, answer []byte, piece int) (rows int, err error) {
	for len(answer) > 0 && !r.Whole {
		n := min(piece, len(answer))
		if err := r.Feed(func(in []byte) ([]byte, error) { return append(in, answer[:n]...), nil }); err != nil {
			return rows, err
		}
		answer = answer[n:]
		if err := r.Read(); err != nil {
			return rows, err
		}
		if len(r.rows) > 0 {
			rows += len(r.Drain().Records)
		}
	}
	if !r.Whole {
		return rows, io.ErrUnexpectedEOF
	}
	return rows, nil
}

// BenchmarkStandardLibrary decodes the same answers with encoding/json, into any and token by token, to compare with.
func BenchmarkStandardLibrary(b *testing.B) {
	for _, bench := range []struct {
		name   string
		answer []byte
	}{
		{"integers", queryAnswer(`"a","b","c"`, benchRows, typedIntegers)},
		{"nodes", queryAnswer(`"n"`, benchRows, typedNodeRow)},
	} {
		b.Run("unmarshal/"+bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.answer)))
			b.ReportAllocs()
			for b.Loop() {
				var v any
				require.NoError(b, json.Unmarshal(bench.answer, &v))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
		})
		b.Run("tokens/"+bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.answer)))
			b.ReportAllocs()
			for b.Loop() {
				d := json.NewDecoder(strings.NewReader(string(bench.answer)))
				for {
					if _, err := d.Token(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
		})
	}
}
