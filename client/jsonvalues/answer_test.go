package jsonvalues

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
)

const sampleQueryAnswer = `{"data":{"fields":["a","b"],"values":[[{"$type":"Integer","_value":"1"},{"$type":"String","_value":"x\"]}y"}],` +
	`[{"$type":"Null","_value":null},{"$type":"Node","_value":{"_element_id":"4:a:1","_labels":["A"],"_properties":{"k":{"$type":"List","_value":` +
	`[{"$type":"Float","_value":"1.5"}]}}}}],[{"$type":"Date","_value":"2020-01-02"},{"$type":"Map","_value":{"k":{"$type":"Boolean","_value":true}}}]]},` +
	`"notifications":[{"code":"Neo.X","position":{"offset":1,"line":2,"column":3}}],"counters":{"containsUpdates":true,"nodesCreated":2},` +
	`"profiledQueryPlan":{"operatorType":"P","arguments":{"Rows":{"$type":"Integer","_value":"64"},"time":{"$type":"Float","_value":"0.5"}},"children":[]},` +
	`"bookmarks":["FB:a"],"transaction":{"id":"a","expires":"x"}}`

const sampleJoltAnswer = `{"header":{"fields":["a","b"]}}
{"data":[1,"x\"]}y"]}
{"data":[null,{"()":["4:a:1",["A"],{"k":[{"R":"1.5"}]}]}]}
{"data":[{"T":"2020-01-02"},{"{}":{"k":true}}]}
{"summary":{"stats":{"nodes_created":2},"plan":{"root":{"operatorType":"P","EstimatedRows":{"R":"1.0"},"children":[]}}}}
{"info":{"lastBookmarks":["FB:a"],"notifications":[]}}
`

var sampleAnswers = []struct {
	name string
	text string
	form func() layout
}{
	{"typed", sampleQueryAnswer, func() layout { return &queryLayout{} }},
	{"typed with white space", spaced(sampleQueryAnswer), func() layout { return &queryLayout{} }},
	{"jolt", sampleJoltAnswer, func() layout { return joltLayout{} }},
}

// spaced is the same JSON with white space wherever it is allowed.
func spaced(text string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(text), " ", "\t"); err != nil {
		panic(err)
	}
	return b.String()
}

// answerOf reads an answer in pieces of the given sizes, over and over, and returns its rows as bytes.
func answerOf(form layout, text string, sizes ...int) (r *Answer, rows [][]byte, err error) {
	return readAll(newAnswer(form), text, sizes...)
}

func readAll(r *Answer, text string, sizes ...int) (_ *Answer, rows [][]byte, err error) {
	for i := 0; len(text) > 0; i++ {
		n := min(sizes[i%len(sizes)], len(text))
		err := r.Feed(func(in []byte) ([]byte, error) { return append(in, text[:n]...), nil })
		if err == nil {
			err = r.Read()
		}
		if err != nil {
			return r, rows, err
		}
		batch := r.Drain()
		for _, span := range batch.Records {
			rows = append(rows, batch.Data[span.Start:span.End])
		}
		text = text[n:]
	}
	return r, rows, nil
}

// An answer may arrive in any pieces.
func TestAnswerInPieces(t *testing.T) {
	for _, sample := range sampleAnswers {
		t.Run(sample.name, func(t *testing.T) {
			whole, want, err := answerOf(sample.form(), sample.text, len(sample.text))
			require.NoError(t, err)
			require.True(t, whole.Whole)
			require.Len(t, want, 3)
			require.Equal(t, []string{"a", "b"}, whole.Fields)
			for size := 1; size < len(sample.text); size++ {
				r, rows, err := answerOf(sample.form(), sample.text, size)
				require.NoError(t, err, size)
				require.True(t, r.Whole, size)
				require.Equal(t, want, rows, size)
				require.Equal(t, whole.Meta, r.Meta, size)
			}
			for first := 1; first < len(sample.text); first++ {
				r, rows, err := answerOf(sample.form(), sample.text, first, len(sample.text)-first)
				require.NoError(t, err, first)
				require.True(t, r.Whole, first)
				require.Equal(t, want, rows, first)
			}
		})
	}
}

// An answer that is cut short never counts as complete, and the rows before the cut are read.
func TestAnswerCutShort(t *testing.T) {
	for _, sample := range sampleAnswers {
		t.Run(sample.name, func(t *testing.T) {
			_, want, err := answerOf(sample.form(), sample.text, len(sample.text))
			require.NoError(t, err)
			for end := range strings.TrimSpace(sample.text) {
				r, rows, err := answerOf(sample.form(), sample.text[:end], max(end, 1))
				require.NoError(t, err, end)
				require.False(t, r.Whole, end)
				require.Equal(t, want[:len(rows)], append([][]byte{}, rows...), end)
			}
		})
	}
}

func TestMalformedAnswers(t *testing.T) {
	query := func() layout { return &queryLayout{} }
	jolt := func() layout { return joltLayout{} }
	for _, c := range []struct {
		text string
		form func() layout
	}{
		{`[]`, query}, {`{]`, query}, {`{,`, query}, {`{"a":1,}`, query}, {`{"a" 1}`, query}, {`{"a":1 "b":2}`, query},
		{`{"data":{"values":{}}}`, query},
		{`{"data":{"fields":["a"],"values":[1]}}`, query}, {`{"data":{"fields":["a"],"values":[,]}}`, query},
		{`{"data":{"fields":["a"],"values":[[{}]]}}`, query},
		{`{"data":{"fields":["a"],"values":[[{"$type":"Null","_value":null}],]}}`, query},
		{`{"data":{"fields":["a"],}}`, query},
		{`<html></html>`, query}, {`"x"`, query}, {`{"data":{"fields":[}}`, query}, {`{1:2}`, query},
		{`[]`, jolt}, {`{"data":{"values":[[]]}}`, query}, {`{"data":[1]}`, jolt},
		{`{"header":{"fields":["a"]}}{"data":1}`, jolt}, {`{"header":{"fields":["a"]}}{"data":[1] "x"}`, jolt},
		{`{"header":}`, jolt}, {`<html>`, jolt}, {`{"info":{},}`, jolt}, {`{}`, jolt},
	} {
		_, _, err := answerOf(c.form(), c.text+strings.Repeat(" ", 50), 1<<20)
		var syntax *syntaxError
		require.ErrorAs(t, err, &syntax, c.text)
		_, _, err = answerOf(c.form(), c.text+strings.Repeat(" ", 50), 1)
		require.ErrorAs(t, err, &syntax, c.text)
	}
}

// Neo4j closes its brackets when it fails in the middle of a row, and then says why. Such a row is not a record.
func TestTornRow(t *testing.T) {
	r, rows, err := answerOf(&queryLayout{},
		`{"data":{"fields":["a","b"],"values":[[{"$type":"Null","_value":null},{"$type":"Null","_value":null}],`+
			`[{"$type":"Null","_value":null}]]},"errors":[{"code":"Neo.X","message":"m"}]}`, 1<<10)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.True(t, r.Torn)
	require.True(t, r.Whole)
	require.Equal(t, []any{map[string]any{"code": "Neo.X", "message": "m"}}, r.Meta["errors"])
}

// A row that comes in many pieces is searched once, not once for each piece.
func TestRowInManyPieces(t *testing.T) {
	const elements = 20000
	text := `{"data":{"fields":["a"],"values":[[{"$type":"List","_value":[` +
		strings.TrimSuffix(strings.Repeat(`{"$type":"Integer","_value":"1"},`, elements), ",") + `]}]]}}`
	counting := &countingForm{queryLayout: &queryLayout{}}
	r, rows, err := answerOf(counting, text, 100)
	require.NoError(t, err)
	require.True(t, r.Whole)
	require.Len(t, rows, 1)
	require.Less(t, counting.parts, 50, "parts that were tried")
}

// Endless input is refused: a part without an end, and more records at once than spans can describe.
func TestAnswerTooLong(t *testing.T) {
	limited := func(form layout) *Answer {
		r := newAnswer(form)
		r.MaxPart = 1000
		return r
	}
	long := strings.Repeat("x", 2000)
	for _, text := range []string{
		`{"data":{"fields":["a"],"values":[[{"$type":"String","_value":"` + long,
		`{"data":{"fields":["a"],"values":[[{"$type":"String","_value":"` + long + `"}]`,
		`{"notifications":["` + long,
		`{"` + long,
		`{"data":{"fields":["a"],"values":[` + strings.Repeat(
			`[{"$type":"String","_value":"twenty letters, or so"}],`, 100),
	} {
		_, _, err := readAll(limited(&queryLayout{}), text, 3000)
		require.ErrorIs(t, err, ErrTooLong, text[:40])
		_, _, err = readAll(limited(joltLayout{}), `{"header":{"fields":["a"]}}{"data":["`+long, 100)
		require.ErrorIs(t, err, ErrTooLong)
	}
	_, rows, err := readAll(limited(&queryLayout{}), queryAnswerOf(100), 500)
	require.NoError(t, err, "an answer may be longer than its parts")
	require.Len(t, rows, 100)
}

func queryAnswerOf(rows int) string { return string(queryAnswer(`"a","b","c"`, rows, typedIntegers)) }

type countingForm struct {
	*queryLayout
	parts int
}

func (f *countingForm) part(r *Answer) error {
	f.parts++
	return f.queryLayout.part(r)
}

// asAny reads JSON with encoding/json in the form that packstream gives values.
func asAny(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return converted(v)
}

var errNotComparable = errors.New("the two read this in different ways on purpose")

func converted(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		if !strings.ContainsAny(v.String(), ".eE") {
			n, err := strconv.ParseInt(v.String(), 10, 64)
			if err != nil {
				return nil, errNotComparable
			}
			return n, nil
		}
		f, err := v.Float64()
		if err != nil {
			return nil, errNotComparable
		}
		return f, nil
	case []any:
		for i := range v {
			if v[i], err = converted(v[i]); err != nil {
				return nil, err
			}
		}
		return v, nil
	case map[string]any:
		if _, typed := v["$type"]; typed {
			return nil, errNotComparable
		}
		for _, sigil := range sigils {
			if _, jolt := v[sigil[2:strings.Index(sigil, `":`)]]; jolt {
				return nil, errNotComparable
			}
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if v[key], err = converted(v[key]); err != nil {
				return nil, err
			}
		}
		return v, nil
	}
	return v, nil
}

// FuzzPlain compares with encoding/json: what it reads is read here too, with the same result.
func FuzzPlain(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",true,false,null,{}]}`, `[[[]]]`, `"\ud800"`,
		`1e400`, `9223372036854775808`, sampleQueryAnswer, ` [ 1 , 2 ] `} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := transcoded((*cursor).plain, string(text))
		want, wantErr := asAny(text)
		if wantErr != nil || bytes.ContainsFunc(text, func(r rune) bool { return r == '\uFFFD' }) {
			return // what is not JSON, or not UTF-8, may be read or not
		}
		if err != nil {
			var syntax *syntaxError
			require.ErrorAs(t, err, &syntax)
			if !strings.Contains(syntax.wanted, "deep") {
				require.NoError(t, err)
			}
			return
		}
		r := packstream.NewReader(got)
		v, err := r.Any()
		require.NoError(t, err)
		require.Equal(t, want, v)
	})
}

// FuzzAnswers feeds anything as an answer, whole and in pieces: there is no panic, both ways give the same, and each
// row is PackStream.
func FuzzAnswers(f *testing.F) {
	for _, sample := range sampleAnswers {
		f.Add([]byte(sample.text), 7)
	}
	for _, golden := range goldenValues {
		f.Add([]byte(`{"data":{"fields":["a"],"values":[[`+golden.typed+`]]}}`), 3)
		f.Add([]byte(`{"header":{"fields":["a"]}}{"data":[`+golden.jolt+`]}{"info":{}}`), 3)
	}
	f.Fuzz(func(t *testing.T, text []byte, size int) {
		if size < 1 || len(text) == 0 {
			return
		}
		for _, sample := range sampleAnswers {
			whole, rows, err := answerOf(sample.form(), string(text), len(text))
			pieces, piecesRows, piecesErr := answerOf(sample.form(), string(text), size)
			if err != nil || piecesErr != nil {
				// An error in a part is only found when the part is complete, and in pieces it may seem incomplete.
				require.False(t, err == nil && whole.Whole)
				require.False(t, piecesErr == nil && pieces.Whole)
				continue
			}
			require.Equal(t, whole.Whole, pieces.Whole)
			require.Equal(t, rows, piecesRows)
			for _, row := range rows {
				r := packstream.NewReader(row)
				require.NoError(t, r.Skip())
				require.Zero(t, r.Len())
			}
		}
	})
}
