package rowblock

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

func TestMalformedRecordsAreErrors(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing":                          "",
		"no list":                          "01",
		"another number of values":         "920102",
		"bytes behind":                     "910102",
		"a byte that begins nothing":       "91C4",
		"a list longer than the record":    "91D6FFFFFFFF",
		"a map longer than the record":     "91DAFFFFFFFF",
		"a string longer than the record":  "91D2FFFFFFFF",
		"bytes longer than the record":     "91CEFFFFFFFF",
		"a key that is no string":          "91A10101",
		"a label that is no string":        "91B34E019101A0",
		"an identity that is no integer":   "91B34E816190A0",
		"a float for a temporal integer":   "91B144C13FF0000000000000",
		"a point of integers":              "91B358C91C230101",
		"a vector of unknown elements":     "91B256CC01AACC00",
		"a vector with half an element":    "91B256CC01C9CC0101",
		"a vector without a marker":        "91B256CC00CC00",
		"a path without nodes":             "91B350909090",
		"a path of something else":         "91B350910190 90",
		"a path with an odd index":         "91B35091B34E0190A0909101",
		"a path that leads nowhere":        "91B35091B34E0190A0909 20101",
		"a path by relationship 0":         "91B35091B34E0190A091B37201815 2A0920000",
		"an unsupported value without map": "91B43F8158060101",
		"a cut UUID":                       "91E0000102030405060708090A0B0C0D0E",
		"a zone that is no string":         "91B36901 0201",
		"nested deeper than it may be":     "91" + strings.Repeat("91", maxDepth+2) + "90",
		"structures nested too deep":       "91" + strings.Repeat("B101", maxDepth+2) + "90",
		"a path in properties, too deep":   "91" + strings.Repeat("91", maxDepth-1) + "B35091B34E0190A0909 0",
	} {
		data, err := hex.DecodeString(strings.ReplaceAll(raw, " ", ""))
		require.NoError(t, err, name)
		good := one([]byte{1})
		w := NewWriter(1, 0)
		n, err := w.Append(batchOf(good, data, good), 0)
		var malformed *MalformedError
		require.ErrorAs(t, err, &malformed, name)
		require.Equal(t, 1, malformed.Record, name)
		require.Equal(t, 1, n, name)
		again, repeated := w.Append(batchOf(good), 0)
		require.Zero(t, again)
		require.Equal(t, err, repeated)
		var reader blockReader
		require.Equal(t, [][]byte{good}, reader.read(t, w.Flush(nil)).rows(), name)
	}
}

func TestASpanOutsideItsDataIsAnError(t *testing.T) {
	for _, span := range []client.Span{{Start: 1, End: 0}, {Start: 0, End: 3}, {Start: 1 << 31, End: 1<<32 - 1}} {
		_, err := NewWriter(1, 0).Append(client.Batch{Data: []byte{0x91, 1}, Records: []client.Span{span}}, 0)
		require.Error(t, err)
	}
}

// everything is a record with a value of every kind.
func everything() []byte {
	node := "B44E05 9186506572736F6E A1846E616D6583416461 86343A64623A35"
	values := []string{
		"C0", "C2", "C3", "7F", "F0", "C880", "C97FFF", "CA7FFFFFFF", "CB7FFFFFFFFFFFFFFF", "C13FF8000000000000", "80",
		"8161", "D004F09F9880",
		"CC03010203", "90", "93010203", "92C1400000000000000001", "92C13FF0000000000000C13FF0000000000000",
		"9201CA7FFFFFFF", "9201C0", "A0",
		"A28161018162920102", node, "B34E0590A0", "B8520105068252 31A0 86353A64623A31 86343A64623A35 86343A64623A36",
		"B5520105068252 31A0",
		"B47201825231A086353A64623A31", "B3720182 5231A0",
		"B35092" + node + "B44E0690A086343A64623A36" + "91B47201825231A086353A64623A31" + "920101",
		"B350 91B34E0190A0 90 90",
		"B35091B34E0190A091B37201825231A094 01000100",
		"B144C94F00", "B254CB00002D79883D2000C90E10", "B174CB00002D79883D2000", "B264CA65000000 05",
		"B349CA6500000005C90E10", "B346CA6500000005C90E10",
		"B369CA6500000005 8C4575726F70652F5061726973", "B366CA65000000058C4575726F70652F5061726973", "B445010203 04",
		"B358C91C23C13FF0000000000000C14000000000000000",
		"B459C923C5C13FF0000000000000C14000000000000000C14008000000000000",
		"B256CC01C6CC083F80000040000000", "B256CC01C8CC020102", "E0000102030405060708090A0B0C0D0E0F",
		"B43F8141060 1A1876D657373616765826869",
		"B27A0182 6869", "B0 7A", "DC017A01", "DD00017A01", "B24E0102",
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(strings.Join(values, ""), " ", ""))
	if err != nil {
		panic(err)
	}
	return append([]byte{0xD4, byte(len(values))}, raw...)
}

func TestEveryTruncationIsAnError(t *testing.T) {
	record := everything()
	fields := int(record[1])
	w := NewWriter(fields, 0)
	_, err := w.Append(batchOf(record), 0)
	require.NoError(t, err)
	for n := range record {
		_, err := NewWriter(fields, 0).Append(batchOf(record[:n]), 0)
		var malformed *MalformedError
		require.ErrorAs(t, err, &malformed, "the first %d bytes", n)
		require.LessOrEqual(t, malformed.Offset, n)
	}
}

func FuzzAppend(f *testing.F) {
	f.Add(everything(), everything()[1])
	f.Add([]byte{0x93, 1, 2, 3}, byte(3))
	f.Add(one(packstream.AppendString(nil, "\xED\xA0\x80")), byte(1))
	f.Add([]byte{0x91, 0xB3, 'P', 0x91, 0xB3, 'N', 1, 0x90, 0xA0, 0x90, 0x90}, byte(1))
	f.Fuzz(func(t *testing.T, record []byte, fields byte) {
		w := NewWriter(int(fields), 128)
		good := packstream.AppendListHeader(nil, int(fields))
		for range fields {
			good = append(good, 1)
		}
		n, err := w.Append(batchOf(good, record, record), 0)
		require.NotZero(t, n)
		var reader blockReader
		rows := reader.read(t, w.Flush(nil)).rows()
		require.Len(t, rows, n)
		require.Equal(t, good, rows[0])
		if err != nil || n == 3 {
			return
		}
		// The block was full: what follows goes into the next one.
		rest, err := w.Append(batchOf(record, record), n-1)
		require.Len(t, reader.read(t, w.Flush(nil)).rows(), rest)
		if err == nil {
			require.NotZero(t, rest)
		}
	})
}
