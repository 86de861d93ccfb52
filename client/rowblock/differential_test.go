package rowblock

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

// TestBlocksHoldWhatValuesReads compares the way through blocks with the direct one.
func TestBlocksHoldWhatValuesReads(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 1))
	for range 100 {
		fields := 1 + random.IntN(4)
		kinds := make([]int, fields) // most columns have values of one kind
		for i := range kinds {
			kinds[i] = random.IntN(kindsOfValues + 1)
		}
		var records [][]byte
		for range 1 + random.IntN(40) {
			record := packstream.AppendListHeader(nil, fields)
			for _, kind := range kinds {
				if kind == kindsOfValues || random.IntN(50) == 0 {
					kind = random.IntN(kindsOfValues)
				}
				record = appendRandom(record, random, kind, 0)
			}
			records = append(records, record)
		}
		rows, _ := write(t, NewWriter(fields, 2000), batchOf(records...))
		require.Len(t, rows, len(records))
		for i := range records {
			require.Equal(t, readAll(t, records[i]), readAll(t, rows[i]))
		}
	}
}

func TestBlocksHoldEveryKindOfValue(t *testing.T) {
	record := everything()
	rows, _ := write(t, NewWriter(int(record[1]), 0), batchOf(record, record))
	for _, row := range rows {
		require.Equal(t, readAll(t, record), readAll(t, row))
	}
}

func readAll(t testing.TB, record []byte) []any {
	reader := packstream.NewReader(record)
	list, err := values.ReadList(&reader, nil)
	require.NoError(t, err)
	return list
}

const kindsOfValues = 14

func appendRandom(b []byte, r *rand.Rand, kind, depth int) []byte {
	inner := func(b []byte) []byte {
		if depth > 3 {
			return packstream.AppendInt(b, 1)
		}
		return appendRandom(b, r, r.IntN(kindsOfValues), depth+1)
	}
	switch kind {
	case 0:
		return packstream.AppendInt(b, int64(r.Uint64())>>r.IntN(64))
	case 1:
		return packstream.AppendFloat(b, r.NormFloat64())
	case 2:
		return packstream.AppendString(b, randomText(r, 40))
	case 3:
		return packstream.AppendBool(b, r.IntN(2) == 0)
	case 4:
		return packstream.AppendNull(b)
	case 5:
		return packstream.AppendBytes(b, []byte(randomText(r, 10)))
	case 6:
		n := r.IntN(6)
		b = packstream.AppendListHeader(b, n)
		same := r.IntN(kindsOfValues + 6)
		for range n {
			if same < kindsOfValues {
				b = inner(b)
			} else {
				b = appendRandom(b, r, same%2, depth)
			}
		}
		return b
	case 7:
		return appendRandomMap(b, r, inner)
	case 8:
		return appendRandomNode(b, r, r.Int64N(1<<r.IntN(60)), inner)
	case 9:
		return appendRandomRelationship(b, r, inner)
	case 10:
		return appendRandomPath(b, r, inner)
	case 11:
		return appendRandomTemporal(b, r)
	case 12:
		b = packstream.AppendInt(packstream.AppendStructHeader(b, 'Y', 4), 9157)
		for range 3 {
			b = packstream.AppendFloat(b, r.NormFloat64())
		}
		return b
	default:
		return inner(packstream.AppendStructHeader(b, 'z', 1))
	}
}

var alphabet = []string{"a", "b", "é", "東", "😀", "name", "\x00", "long enough for a slice"}

func randomText(r *rand.Rand, most int) (text string) {
	for range r.IntN(most) {
		text += alphabet[r.IntN(len(alphabet))]
		if r.IntN(3) == 0 {
			break
		}
	}
	return text
}

func appendRandomMap(b []byte, r *rand.Rand, inner func([]byte) []byte) []byte {
	keys := []string{"name", "born", "a key that is longer than sixteen bytes", "ключ", "", "x", "fifteen bytes..",
		"sixteen bytes..."}
	n := r.IntN(len(keys))
	b = packstream.AppendMapHeader(b, n)
	for _, key := range keys[:n] {
		b = inner(packstream.AppendString(b, key))
	}
	return b
}

func appendRandomNode(b []byte, r *rand.Rand, id int64, inner func([]byte) []byte) []byte {
	fields := 3 + r.IntN(2)
	b = packstream.AppendInt(packstream.AppendStructHeader(b, 'N', fields), id)
	labels := []string{"Person", "Städte", "A label of some length"}[:r.IntN(4)]
	b = packstream.AppendListHeader(b, len(labels))
	for _, label := range labels {
		b = packstream.AppendString(b, label)
	}
	b = appendRandomMap(b, r, inner)
	if fields == 4 {
		b = packstream.AppendString(b, randomElementID(r, "4", id))
	}
	return b
}

func randomElementID(r *rand.Rand, kind string, id int64) string {
	switch r.IntN(8) {
	case 0:
		return randomText(r, 5)
	case 1:
		return kind + ":other:" + decimal(id)
	}
	return kind + ":0f2a9b63-77cd-4bb6-a3ac-3b2d3e5f0a11:" + decimal(id)
}

func appendRandomRelationship(b []byte, r *rand.Rand, inner func([]byte) []byte) []byte {
	fields := 5 + 3*r.IntN(2)
	b = packstream.AppendStructHeader(b, 'R', fields)
	var ids [3]int64
	for i := range ids {
		ids[i] = r.Int64N(1 << r.IntN(62))
		b = packstream.AppendInt(b, ids[i])
	}
	b = appendRandomMap(packstream.AppendString(b, "KNOWS"), r, inner)
	for i := 0; i < 3 && fields == 8; i++ {
		b = packstream.AppendString(b, randomElementID(r, "54"[min(i, 1):min(i, 1)+1], ids[i]))
	}
	return b
}

func appendRandomPath(b []byte, r *rand.Rand, inner func([]byte) []byte) []byte {
	nodes := 1 + r.IntN(4)
	rels := r.IntN(4)
	b = packstream.AppendListHeader(packstream.AppendStructHeader(b, 'P', 3), nodes)
	for i := range nodes {
		b = appendRandomNode(b, r, int64(i*100), inner)
	}
	b = packstream.AppendListHeader(b, rels)
	for i := range rels {
		b = packstream.AppendInt(packstream.AppendStructHeader(b, 'r', 4), int64(i))
		b = appendRandomMap(packstream.AppendString(b, "R"), r, inner)
		b = packstream.AppendString(b, randomElementID(r, "5", int64(i)))
	}
	// Each relationship is passed once at most: one that lies between two pairs of nodes is no path.
	b = packstream.AppendListHeader(b, 2*rels)
	for i := range rels {
		b = packstream.AppendInt(b, int64(i+1)*(1-2*r.Int64N(2)))
		b = packstream.AppendInt(b, r.Int64N(int64(nodes)))
	}
	return b
}

func appendRandomTemporal(b []byte, r *rand.Rand) []byte {
	seconds, nanos, offset := r.Int64N(1<<33), r.Int64N(1e9), r.Int64N(60)*900-27000
	ints := func(tag byte, fields ...int64) []byte {
		b = packstream.AppendStructHeader(b, tag, len(fields))
		for _, v := range fields {
			b = packstream.AppendInt(b, v)
		}
		return b
	}
	switch r.IntN(8) {
	case 0:
		return ints('D', r.Int64N(100_000)-50_000)
	case 1:
		return ints('T', r.Int64N(86400e9), offset)
	case 2:
		return ints('t', r.Int64N(86400e9))
	case 3:
		return ints('d', seconds, nanos)
	case 4:
		return ints('I', seconds, nanos, offset)
	case 5:
		return ints('F', seconds, nanos, offset)
	case 6:
		return ints('E', r.Int64()-r.Int64(), r.Int64(), seconds, nanos)
	default:
		b = packstream.AppendStructHeader(b, "if"[r.IntN(2)], 3)
		b = packstream.AppendInt(packstream.AppendInt(b, seconds), nanos)
		return packstream.AppendString(b, "Europe/Stockholm")
	}
}
