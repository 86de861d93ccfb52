package jsonvalues

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
)

// reader reads one value of a wire form.
type reader func(*cursor) error

// transcoded returns what a value becomes; a space follows it in the input, since a number ends only there.
func transcoded(read reader, text string) ([]byte, error) {
	c := cursor{in: []byte(text + " ")}
	if err := read(&c); err != nil {
		return nil, err
	}
	if c.space() != 0 {
		return nil, c.wrong("the end")
	}
	return c.out, nil
}

func unhex(t *testing.T, text string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	require.NoError(t, err)
	return b
}

// Each value of Bolt's table in typed JSON, in Jolt where that has it, and as PackStream.
var goldenValues = []struct {
	name, typed, jolt, packed string
	oneWay                    bool // it cannot be a parameter, or a parameter has another form
}{
	{"null", `{"$type":"Null","_value":null}`, `null`, "C0", false},
	{"true", `{"$type":"Boolean","_value":true}`, `true`, "C3", false},
	{"false", `{"$type":"Boolean","_value":false}`, `false`, "C2", false},
	{"zero", `{"$type":"Integer","_value":"0"}`, `0`, "00", false},
	{"minus 16", `{"$type":"Integer","_value":"-16"}`, `-16`, "F0", false},
	{"minus 17", `{"$type":"Integer","_value":"-17"}`, `-17`, "C8EF", false},
	{"32 bits", `{"$type":"Integer","_value":"2147483648"}`, `{"Z":"2147483648"}`, "CB 0000000080000000", false},
	{"least", `{"$type":"Integer","_value":"-9223372036854775808"}`, `{"Z":"-9223372036854775808"}`,
		"CB 8000000000000000", false},
	{"greatest", `{"$type":"Integer","_value":"9223372036854775807"}`, `{"Z":"9223372036854775807"}`,
		"CB 7FFFFFFFFFFFFFFF", false},
	{"18 digits", `{"$type":"Integer","_value":"-999999999999999999"}`, `{"Z":"-999999999999999999"}`,
		"CB F21F494C589C0001", false},
	{"float", `{"$type":"Float","_value":"1.5"}`, `{"R":"1.5"}`, "C1 3FF8000000000000", false},
	{"tenth", `{"$type":"Float","_value":"-0.1"}`, `{"R":"-0.1"}`, "C1 BFB999999999999A", false},
	{"minus zero", `{"$type":"Float","_value":"-0.0"}`, `{"R":"-0.0"}`, "C1 8000000000000000", true},
	{"exponent", `{"$type":"Float","_value":"1.0E300"}`, `{"R":"1.0E300"}`, "C1 7E37E43C8800759C", true},
	{"NaN", `{"$type":"Float","_value":"NaN"}`, `{"R":"NaN"}`, "C1 7FF8000000000001", true},
	{"infinity", `{"$type":"Float","_value":"-Infinity"}`, `{"R":"-Infinity"}`, "C1 FFF0000000000000", false},
	{"empty text", `{"$type":"String","_value":""}`, `""`, "80", false},
	{"text", `{"$type":"String","_value":"aé😀"}`, `"aé😀"`, "87 61 C3A9 F09F9880", false},
	{"escapes", `{"$type":"String","_value":"\"\\\u0001"}`, `"\"\\\u0001"`, "83 22 5C 01", false},
	{"more escapes", `{"$type":"String","_value":"\/\b\f\n\r\t\u00e9\uD83D\uDE00"}`, `"\/\b\f\n\r\t\u00e9\uD83D\uDE00"`,
		"8C 2F 08 0C 0A 0D 09 C3A9 F09F9880", true},
	{"half a pair", `{"$type":"String","_value":"\uD83Dx"}`, `"\uD83Dx"`, "84 EFBFBD 78", true},
	{"bytes", `{"$type":"Base64","_value":"AQID"}`, `{"#":"010203"}`, "CC03 010203", false},
	{"list", `{"$type":"List","_value":[{"$type":"Integer","_value":"1"},{"$type":"List","_value":[]}]}`, `[1,[]]`,
		"92 01 90", false},
	{"map", `{"$type":"Map","_value":{"$type":{"$type":"Integer","_value":"1"}}}`, `{"{}":{"$type":1}}`,
		"A1 85 2474797065 01", false},
	{"date", `{"$type":"Date","_value":"2020-01-02"}`, `{"T":"2020-01-02"}`, "B1 44 C9 4757", false},
	{"early date", `{"$type":"Date","_value":"-0001-03-01"}`, `{"T":"-0001-03-01"}`, "B1 44 CA FFF50426", false},
	{"late date", `{"$type":"Date","_value":"+99999-12-31"}`, `{"T":"+99999-12-31"}`, "B1 44 CA 02225631", false},
	{"local time", `{"$type":"LocalTime","_value":"12:34:56.00000001"}`, `{"T":"12:34:56.00000001"}`,
		"B1 74 CB 000029324BFD600A", false},
	{"time", `{"$type":"Time","_value":"00:00:01+01:00:30"}`, `{"T":"00:00:01+01:00:30"}`, "B2 54 CA 3B9ACA00 C9 0E2E",
		false},
	{"time in UTC", `{"$type":"Time","_value":"00:00:00Z"}`, `{"T":"00:00:00Z"}`, "B2 54 00 00", false},
	{"local date and time", `{"$type":"LocalDateTime","_value":"1969-12-31T23:59:59.5"}`,
		`{"T":"1969-12-31T23:59:59.5"}`, "B2 64 FF CA 1DCD6500", false},
	{"date and time", `{"$type":"OffsetDateTime","_value":"1970-01-01T00:00:00-02:00"}`,
		`{"T":"1970-01-01T00:00:00-02:00"}`, "B3 49 C9 1C20 00 C9 E3E0", false},
	{"date and time in a zone", `{"$type":"ZonedDateTime","_value":"1970-01-01T01:00:00+01:00[Europe/Paris]"}`,
		`{"T":"1970-01-01T01:00:00+01:00[Europe/Paris]"}`, "B3 69 00 00 8C 4575726F70652F5061726973", true},
	{"duration", `{"$type":"Duration","_value":"P1M2DT3S"}`, `{"T":"P1M2DT3S"}`, "B4 45 01 02 03 00", false},
	{"mixed duration", `{"$type":"Duration","_value":"P1Y-2M1W3DT4H-5M-0.5S"}`, `{"T":"P1Y-2M1W3DT4H-5M-0.5S"}`,
		"B4 45 0A 0A C9 3713 CA 1DCD6500", true},
	{"least duration", `{"$type":"Duration","_value":"P0M0DT-9223372036854775808S"}`,
		`{"T":"PT-2562047788015215H-30M-8S"}`, "B4 45 00 00 CB 8000000000000000 00", false},
	{"negative duration", `{"$type":"Duration","_value":"P0M0DT-0.999999999S"}`, `{"T":"PT-0.999999999S"}`,
		"B4 45 00 00 FF 01", false},
	{"point", `{"$type":"Point","_value":"SRID=7203;POINT (1.5 -2.5)"}`, `{"@":"SRID=7203;POINT(1.5 -2.5)"}`,
		"B3 58 C9 1C23 C1 3FF8000000000000 C1 C004000000000000", false},
	{"point in space", `{"$type":"Point","_value":"SRID=4979;POINT Z (1.5 2.5 3e-10)"}`,
		`{"@":"SRID=4979;POINT Z (1.5 2.5 3.0E-10)"}`,
		"B4 59 C9 1373 C1 3FF8000000000000 C1 4004000000000000 C1 3DF49DA7E361CE4C", true},
	{"vector", `{"$type":"Vector","_value":{"coordinatesType":"INT16","coordinates":["1","-2"]}}`, "",
		"B2 56 CC01 C9 CC04 0001 FFFE", false},
	{"vector of floats", `{"$type":"Vector","_value":{"coordinatesType":"FLOAT32","coordinates":["1.5","-0.25"]}}`, "",
		"B2 56 CC01 C6 CC08 3FC00000 BE800000", false},
	{"UUID", `{"$type":"UUID","_value":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"}`, "",
		"E0 6BA7B8109DAD11D180B400C04FD430C8", false},
	{"unsupported", `{"$type":"Unsupported","_value":"no"}`, "", "B4 3F 80 00 00 A1 87 6D657373616765 82 6E6F", true},
	{"node", `{"$type":"Node","_value":{"_element_id":"4:a:1","_labels":["A","B"],"_properties":{"k":{"$type":"Integer","_value":"1"}}}}`,
		`{"()":["4:a:1",["A","B"],{"k":1}]}`, "B4 4E C0 92 8141 8142 A1 816B 01 85 343A613A31", true},
	{"node, other order", ` { "_value" : { "_properties" : { } , "_labels" : [ ] , "_element_id" : "4:a:1" } , "$type" : "Node" } `,
		` { "()" : [ "4:a:1" , [ ] , { } ] } `, "B4 4E C0 90 A0 85 343A613A31", true},
	{"node with a number", "", `{"()":[7,[],{}]}`, "B4 4E 07 90 A0 81 37", true},
	{"relationship", `{"$type":"Relationship","_value":{"_element_id":"5:a:1","_start_node_element_id":"4:a:1","_end_node_element_id":"4:a:2","_type":"R","_properties":{}}}`,
		`{"->":["5:a:1","4:a:1","R","4:a:2",{}]}`, "B8 52 C0 C0 C0 8152 A0 85 353A613A31 85 343A613A31 85 343A613A32",
		true},
	{"relationship backwards", "", `{"<-":["5:a:1","4:a:2","R","4:a:1",{}]}`,
		"B8 52 C0 C0 C0 8152 A0 85 353A613A31 85 343A613A31 85 343A613A32", true},
	{"path of one node", `{"$type":"Path","_value":[{"$type":"Node","_value":{"_element_id":"4:a:1","_labels":[],"_properties":{}}}]}`,
		`{"..":[{"()":["4:a:1",[],{}]}]}`, "B3 50 91 B4 4E C0 90 A0 85 343A613A31 90 90", true},
}

func TestGoldenValues(t *testing.T) {
	for _, golden := range goldenValues {
		packed := unhex(t, golden.packed)
		for name, form := range map[string]struct {
			read reader
			text string
		}{"typed": {(*cursor).typed, golden.typed}, "jolt": {(*cursor).jolt, golden.jolt}} {
			if form.text == "" {
				continue
			}
			t.Run(golden.name+"/"+name, func(t *testing.T) {
				got, err := transcoded(form.read, form.text)
				require.NoError(t, err)
				require.Equal(t, hex.EncodeToString(packed), hex.EncodeToString(got))
				got, err = transcoded(form.read, form.text+strings.Repeat(" ", 80)) // enough space for the fast paths
				require.NoError(t, err)
				require.Equal(t, hex.EncodeToString(packed), hex.EncodeToString(got), "with room")
				for end := range strings.TrimRight(form.text, " ") {
					c := cursor{in: []byte(form.text[:end])}
					require.Equal(t, ErrShort, form.read(&c), "cut at %d", end)
				}
				r := packstream.NewReader(got)
				require.NoError(t, r.Skip())
				require.Zero(t, r.Len())
			})
		}
	}
}

// A path names each node and relationship once; the sign of an index says which way a relationship goes.
func TestPath(t *testing.T) {
	const node = `{"()":["%",[],{}]}`
	one, two := strings.ReplaceAll(node, "%", "a"), strings.ReplaceAll(node, "%", "b")
	text := `{"..":[` + one + `,{"->":["r","a","R","b",{}]},` + two + `,{"<-":["s","b","S","a",{}]},` + one +
		`,{"->":["r","a","R","b",{}]},` + two +
		`,{"->":["t","b","T","b",{}]},` + two + `]}`
	got, err := transcoded((*cursor).jolt, text)
	require.NoError(t, err)
	require.Equal(t, unhex(t, "B3 50"+
		"92 B4 4E C0 90 A0 8161 B4 4E C0 90 A0 8162"+
		"93 B4 72 C0 8152 A0 8172 B4 72 C0 8153 A0 8173 B4 72 C0 8154 A0 8174"+
		"98 01 01 FE 00 01 01 03 01"), got)
}

func TestLongPath(t *testing.T) {
	var text strings.Builder
	text.WriteString(`{"..":[{"()":[0,[],{}]}`)
	const nodes = 300
	for i := 1; i < nodes; i++ {
		id := itoa(i)
		text.WriteString(`,{"->":[` + id + `,` + itoa(i-1) + `,"R",` + id + `,{}]},{"()":[` + id + `,[],{}]}`)
	}
	text.WriteString(`]}`)
	got, err := transcoded((*cursor).jolt, text.String())
	require.NoError(t, err)
	r := packstream.NewReader(got)
	_, _, err = r.StructHeader()
	require.NoError(t, err)
	n, err := r.ListHeader()
	require.NoError(t, err)
	require.Equal(t, nodes, n)
}

func TestMalformedValues(t *testing.T) {
	for _, text := range []string{
		`{"$type":"Integer","_value":"9223372036854775808"}`, `{"$type":"Integer","_value":"-9223372036854775809"}`,
		`{"$type":"Integer","_value":""}`,
		`{"$type":"Integer","_value":"1.5"}`, `{"$type":"Integer","_value":"99999999999999999999"}`,
		`{"$type":"Integer","_value":1}`,
		`{"$type":"Float","_value":"x"}`, `{"$type":"Float","_value":""}`, `{"$type":"Boolean","_value":maybe}`,
		`{"$type":"Null","_value":nil }`,
		`{"$type":"String","_value":"\x"}`, `{"$type":"String","_value":"\u12g4"}`,
		"{\"$type\":\"String\",\"_value\":\"a\nb\"}",
		`{"$type":"Base64","_value":"?"}`, `{"$type":"Nonsense","_value":"1"}`, `{"$type":"Integer"}`, `{"_value":"1"}`,
		`[]`, `1`, `{}`,
		`{"$type":"List","_value":[,]}`, `{"$type":"List","_value":[{"$type":"Null","_value":null}}`,
		`{"$type":"Map","_value":{"a"}}`,
		`{"$type":"Date","_value":"2020-13-01"}`, `{"$type":"Date","_value":"2020-1-1"}`,
		`{"$type":"Date","_value":""}`, `{"$type":"Date","_value":"2020-01-01x"}`,
		`{"$type":"Time","_value":"25:00:00Z"}`, `{"$type":"Time","_value":"12:60:00Z"}`,
		`{"$type":"Time","_value":"12:00:00.Z"}`,
		`{"$type":"ZonedDateTime","_value":"2020-01-01T00:00:00Z[]"}`,
		`{"$type":"ZonedDateTime","_value":"2020-01-01T00:00:00Z[x"}`,
		`{"$type":"Duration","_value":"P"}`, `{"$type":"Duration","_value":"P1"}`, `{"$type":"Duration","_value":"PT"}`,
		`{"$type":"Duration","_value":"P1.5M"}`,
		`{"$type":"Duration","_value":"PT9223372036854775808S"}`, `{"$type":"Duration","_value":"PT1H1D"}`,
		`{"$type":"Duration","_value":"PT-9223372036854775808.5S"}`,
		`{"$type":"Point","_value":"POINT (1 2)"}`, `{"$type":"Point","_value":"SRID=1;POINT (1)"}`,
		`{"$type":"Point","_value":"SRID=x;POINT (1 2)"}`,
		`{"$type":"Point","_value":"SRID=1;POINT (a b)"}`,
		`{"$type":"Vector","_value":{"coordinatesType":"INT8","coordinates":["128"]}}`,
		`{"$type":"Vector","_value":{"coordinatesType":"INT9","coordinates":[]}}`,
		`{"$type":"UUID","_value":"6ba7b810-9dad-11d1-80b4-00c04fd430cx"}`,
		`{"$type":"UUID","_value":"6ba7b8109dad11d180b400c04fd430c8"}`,
		`{"$type":"Node","_value":{"_element_id":"a","_labels":[]}}`,
		`{"$type":"Relationship","_value":{}}`, `{"$type":"Path","_value":[]}`, `{"$type":"Path","_value":[1,2]}`,
	} {
		_, err := transcoded((*cursor).typed, text+strings.Repeat(" ", 80))
		var syntax *syntaxError
		require.ErrorAs(t, err, &syntax, text)
	}
	for _, text := range []string{`{"Z":"x"}`, `{"R":"x"}`, `{"Q":"x"}`, `{"#":"0"}`, `{"T":"x"}`, `{"@":"x"}`, `{}`,
		`tru `, `{"()":[1,[]]}`, `{"()":["a",[1],{}]}`,
		`{"->":[1,2]}`, `{"..":[1]}`, `{"..":[{"()":[1,[],{}]},{"()":[1,[],{}]},{"()":[1,[],{}]}]}`, `[1 2]`,
		`99999999999999999999`, `1.2.3`, `-`, `+1`} {
		_, err := transcoded((*cursor).jolt, text)
		var syntax *syntaxError
		require.ErrorAs(t, err, &syntax, text)
	}
}

// Values nested deeper than packstream reads are refused, in every form.
func TestTooDeep(t *testing.T) {
	const deep = 5000
	for _, text := range []string{
		strings.Repeat(`[`, deep) + strings.Repeat(`]`, deep),
		strings.Repeat(`{"{}":{"a":`, deep) + "1" + strings.Repeat(`}}`, deep),
	} {
		_, err := transcoded((*cursor).jolt, text)
		require.ErrorContains(t, err, "deep")
	}
	_, err := transcoded((*cursor).typed, strings.Repeat(`{"$type":"List","_value":[`, deep)+strings.Repeat(`]}`, deep))
	require.ErrorContains(t, err, "deep")
	text := strings.Repeat(`[`, maxDepth) + strings.Repeat(`]`, maxDepth)
	got, err := transcoded((*cursor).jolt, text)
	require.NoError(t, err)
	r := packstream.NewReader(got)
	require.NoError(t, r.Skip())
}

// Unknown members are skipped at any depth, without reading anything twice: that would take 2^200 steps here.
func TestUnknownMembers(t *testing.T) {
	const deep = 200
	text := strings.Repeat(`{"$type":"List","_value":[`, deep) + strings.Repeat(`],"other":{"a":[1]}}`, deep)
	got, err := transcoded((*cursor).typed, text+strings.Repeat(" ", 80))
	require.NoError(t, err)
	require.Equal(t, append(bytes.Repeat([]byte{0x91}, deep-1), 0x90), got)
	node := `{"$type":"Node","_value":{"_element_id":"4:a:1","_labels":[],"_properties":{},"_other":[{}]},"other":1}`
	got, err = transcoded((*cursor).typed, node+strings.Repeat(" ", 80))
	require.NoError(t, err)
	plain, err := transcoded((*cursor).typed, strings.NewReplacer(`,"_other":[{}]`, "", `,"other":1`, "").Replace(node))
	require.NoError(t, err)
	require.Equal(t, plain, got)
}

// Lists and maps are moved when their header is longer than a byte.
func TestLongLists(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 255, 256, 65535, 65536} {
		got, err := transcoded((*cursor).jolt, "["+strings.TrimSuffix(strings.Repeat(`"a",`, n), ",")+"]")
		require.NoError(t, err)
		want := packstream.AppendListHeader(nil, n)
		for range n {
			want = packstream.AppendString(want, "a")
		}
		require.Equal(t, want, got, n)
	}
	for _, n := range []int{15, 16, 300, 70000} {
		var text strings.Builder
		want := packstream.AppendMapHeader(nil, n)
		for i := range n {
			text.WriteString(`,"` + itoa(i) + `":1`)
			want = packstream.AppendInt(packstream.AppendString(want, itoa(i)), 1)
		}
		got, err := transcoded((*cursor).jolt, `{"{}":{`+text.String()[1:]+`}}`)
		require.NoError(t, err)
		require.Equal(t, want, got, n)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
