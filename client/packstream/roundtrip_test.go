package packstream_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
)

// randomValue makes a value of any type, with sizes around the borders of the markers.
func randomValue(random *rand.Rand, depth int) any {
	kinds := 10
	if depth == 0 {
		kinds = 7
	}
	sizes := []int{0, 1, 15, 16, 17, 255, 256}
	size := sizes[random.IntN(len(sizes))]
	switch random.IntN(kinds) {
	case 0:
		return nil
	case 1:
		return random.IntN(2) == 0
	case 2:
		return int64(random.Uint64()) >> random.IntN(64)
	case 3:
		return random.NormFloat64()
	case 4:
		text := make([]rune, size)
		for i := range text {
			text[i] = rune(random.IntN(0xD800))
		}
		return string(text)
	case 5:
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		return data
	case 6:
		var id packstream.UUID
		for i := range id {
			id[i] = byte(random.Uint32())
		}
		return id
	case 7:
		return randomList(random, depth, size/8)
	case 8:
		m := map[string]any{}
		for range size / 8 {
			m[string(rune(random.IntN(0xD800)))] = randomValue(random, depth-1)
		}
		return m
	}
	return packstream.Structure{Tag: byte(random.Uint32()), Fields: randomList(random, depth, size%16)}
}

func randomList(random *rand.Rand, depth, n int) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = randomValue(random, depth-1)
	}
	return list
}

func TestRoundTrips(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 3000 {
		v := randomValue(random, 3)
		b, err := packstream.Append(nil, v)
		require.NoError(t, err)
		r := packstream.NewReader(b)
		same, err := r.Any()
		require.NoError(t, err)
		require.True(t, equal(v, same), "value %d: %#v became %#v", i, v, same)
		require.Zero(t, r.Len())
	}
}

func TestIntegersRoundTrip(t *testing.T) {
	for shift := range 64 {
		for _, near := range []int64{-2, -1, 0, 1, 2} {
			for _, v := range []int64{1<<shift + near, -1<<shift + near} {
				b := packstream.AppendInt(nil, v)
				r := packstream.NewReader(b)
				same, err := r.Int()
				require.NoError(t, err)
				require.Equal(t, v, same)
				require.Zero(t, r.Len())
			}
		}
	}
}

func TestPlaceInTheData(t *testing.T) {
	data := unhex(t, "92 8161 C9 1234")
	r := packstream.NewReader(data)
	require.Equal(t, 6, r.Len()+r.Offset())
	_, err := r.ListHeader()
	require.NoError(t, err)
	require.Equal(t, 1, r.Offset())
	ahead := r // goes its own way
	require.NoError(t, ahead.Skip())
	require.Equal(t, 3, ahead.Offset())
	require.Equal(t, 1, r.Offset())
	text, err := r.StringBytes()
	require.NoError(t, err)
	require.Equal(t, 1, cap(text), "appending to what was read must not change the data")
	_, err = r.String()
	require.EqualError(t, err, "packstream at byte 3: a value of another type was expected here")
	require.Same(t, &data[0], &r.Data()[0])
}
