package packstream_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
)

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Each list announces as many values as there are bytes behind it, and begins with another such list. Were each
// announcement believed by itself, a message of a megabyte would take gigabytes.
func TestAnnouncementsInAnnouncementsClaimNothingTwice(t *testing.T) {
	const size = 1 << 20
	for _, marker := range []byte{0xD6, 0xDA} {
		data := make([]byte, 0, size)
		for len(data) < packstream.MaxDepth*6 {
			data = append(data, marker)
			rest := uint32(size - len(data) - 4)
			if marker == 0xDA {
				rest = rest/2 - 1
			}
			data = binary.BigEndian.AppendUint32(data, rest)
			if marker == 0xDA {
				data = append(data, 0x80) // a key
			}
		}
		data = append(data, bytes.Repeat([]byte{0xC0}, size-len(data))...)
		used := allocated(func() {
			r := packstream.NewReader(data)
			_, err := r.Any()
			require.ErrorIs(t, err, packstream.ErrTruncated)
		})
		require.Less(t, used, uint64(40*size), "marker %X", marker)
	}
}

func TestClaimsOfFourGigabytesAllocateNothing(t *testing.T) {
	for _, marker := range []byte{0xCE, 0xD2, 0xD6, 0xDA} {
		data := []byte{marker, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3}
		used := allocated(func() {
			r := packstream.NewReader(data)
			_, err := r.Any()
			require.ErrorIs(t, err, packstream.ErrTruncated)
		})
		require.Less(t, used, uint64(1<<20), "marker %X", marker)
	}
}

// A map of many equal keys is a small map.
func TestMapOfEqualKeysIsSmall(t *testing.T) {
	const pairs = 1 << 20
	data := packstream.AppendMapHeader(nil, pairs)
	for range pairs {
		data = append(data, 0x80, 0x01)
	}
	used := allocated(func() {
		r := packstream.NewReader(data)
		v, err := r.Any()
		require.NoError(t, err)
		require.Equal(t, map[string]any{"": int64(1)}, v)
	})
	require.Less(t, used, uint64(pairs))
}

func TestAppendLimits(t *testing.T) {
	cyclic := []any{nil}
	cyclic[0] = cyclic
	var unsupported *packstream.UnsupportedTypeError
	_, err := packstream.Append(nil, cyclic)
	require.ErrorAs(t, err, &unsupported)
	require.Contains(t, unsupported.Reason, "itself")

	deep := any(int64(1))
	for range packstream.MaxDepth {
		deep = []any{deep}
	}
	b, err := packstream.Append(nil, deep)
	require.NoError(t, err)
	r := packstream.NewReader(b)
	same, err := r.Any()
	require.NoError(t, err)
	require.Equal(t, deep, same)
	_, err = packstream.Append(nil, []any{deep})
	require.ErrorAs(t, err, &unsupported)

	_, err = packstream.Append(nil, []any{packstream.Raw{}})
	require.ErrorAs(t, err, &unsupported)
	require.Equal(t, "[0]", unsupported.Path)
	_, err = packstream.Append(nil, map[string]any{"s": packstream.Structure{Fields: make([]any, 16)}})
	require.ErrorAs(t, err, &unsupported)
	require.Equal(t, "s", unsupported.Path)
	require.EqualError(t, err, "packstream: the value at s cannot be encoded: it is a structure of more than 15 fields")

	require.Panics(t, func() { packstream.AppendStructHeader(nil, 'N', 16) })
	require.Panics(t, func() { packstream.AppendStructHeader(nil, 'N', -1) })
}

func TestFourGigabytesCannotBeAppended(t *testing.T) {
	if strconv.IntSize < 64 {
		t.Skip("nothing is that long here")
	}
	most := uint64(math.MaxUint32)
	require.Panics(t, func() { packstream.AppendListHeader(nil, int(most+1)) })
	require.Equal(t, []byte{0xD6, 0xFF, 0xFF, 0xFF, 0xFF}, packstream.AppendListHeader(nil, int(most)))
	require.Equal(t, []byte{0xDA, 0xFF, 0xFF, 0xFF, 0xFF}, packstream.AppendMapHeader(nil, int(most)))
}
