package bolt

import (
	"bytes"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// duplex is a stream whose other end has said everything already.
type duplex struct {
	io.Reader
	sent bytes.Buffer
}

func (d *duplex) Write(b []byte) (int, error) { return d.sent.Write(b) }

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	require.NoError(t, err)
	return b
}

const (
	offerAll = "6060B017 000001FF 00080805 00020404 00000003"
	// Neo4j 5.26 lists 4.0 to 4.4, 5.0 to 5.4 and 5.6 to 5.8.
	manifest526 = "000001FF 03 00040404 00040405 00020805 00"
)

func TestHandshake(t *testing.T) {
	for name, test := range map[string]struct {
		versions            []client.Version
		sent, answer, reply string
		chosen              client.Version
	}{
		"manifest of 5.26": {nil, offerAll, manifest526, "00000805 00", client.Version{Major: 5, Minor: 8}},
		"manifest with 6.1": {nil, offerAll, "000001FF 02 00020805 00010106 00", "00000106 00",
			client.Version{Major: 6, Minor: 1}},
		"manifest from tomorrow": {nil, offerAll, "000001FF 02 000E0F06 00030307 8101", "00000106 00",
			client.Version{Major: 6, Minor: 1}},
		"manifest around a gap": {nil, offerAll, "000001FF 01 00010505 00", "00000405 00",
			client.Version{Major: 5, Minor: 4}},
		"classic 4.4": {nil, offerAll, "00000404", "", client.Version{Major: 4, Minor: 4}},
		"classic 3":   {nil, offerAll, "00000003", "", client.Version{Major: 3}},
		"one version asked for": {[]client.Version{{Major: 5, Minor: 1}},
			"6060B017 00000105 00000000 00000000 00000000", "00000105", "", client.Version{Major: 5, Minor: 1}},
		"a range asked for": {[]client.Version{{Major: 4, Minor: 4}, {Major: 4, Minor: 3}, {Major: 3}},
			"6060B017 00010404 00000003 00000000 00000000", "00000304", "", client.Version{Major: 4, Minor: 3}},
		"all that servers without a manifest speak": {[]client.Version{{Major: 5, Minor: 8}, {Major: 5, Minor: 7},
			{Major: 5, Minor: 6}, {Major: 5, Minor: 4}, {Major: 5, Minor: 3}, {Major: 5, Minor: 2}, {Major: 5,
				Minor: 1},
			{Major: 5}, {Major: 4, Minor: 4}, {Major: 4, Minor: 3}, {Major: 4, Minor: 2}, {Major: 4,
				Minor: 1}, {Major: 3}},
			"6060B017 00080805 00020404 00000104 00000003", "00000104", "", client.Version{Major: 4, Minor: 1}},
		"versions out of a range": {[]client.Version{{Major: 4, Minor: 3}, {Major: 4, Minor: 4}},
			"6060B017 00000304 00000404 00000000 00000000", "00000404", "", client.Version{Major: 4, Minor: 4}},
	} {
		t.Run(name, func(t *testing.T) {
			stream := &duplex{Reader: bytes.NewReader(unhex(t, test.answer))}
			chosen, err := negotiate(stream, test.versions)
			require.NoError(t, err)
			require.Equal(t, test.chosen, chosen)
			require.Equal(t, unhex(t, test.sent+test.reply), stream.sent.Bytes())
			answer := unhex(t, test.answer)
			for n := range answer {
				_, err := negotiate(&duplex{Reader: bytes.NewReader(answer[:n])}, test.versions)
				require.Error(t, err, "with %d bytes", n)
			}
		})
	}
}

func TestHandshakeRefusesWhatWasNotOffered(t *testing.T) {
	for _, answer := range []string{"00000105", "000001FF", "00000000", "01000404", "48545450"} {
		_, err := negotiate(&duplex{Reader: bytes.NewReader(unhex(t, answer))}, []client.Version{{Major: 4, Minor: 4}})
		require.ErrorAs(t, err, new(*client.ConnectionUnavailable))
	}
}

func TestFeatures(t *testing.T) {
	require.True(t, slices.IsSortedFunc(wire.Versions, func(
		a, b client.Version) int {
		return int(b.Major)<<8 + int(b.Minor) - int(a.Major)<<8 - int(a.Minor)
	}))
	require.False(t, wire.FeatureUTCPatch.In(client.Version{Major: 4, Minor: 2}))
	require.True(t, wire.FeatureUTCPatch.In(client.Version{Major: 4, Minor: 3}))
	require.True(t, wire.FeatureUTCPatch.In(client.Version{Major: 4, Minor: 4}))
	require.False(t, wire.FeatureUTCPatch.In(client.Version{Major: 5}))
	require.False(t, wire.FeatureLogon.In(client.Version{Major: 5}))
	require.True(t, wire.FeatureLogon.In(client.Version{Major: 5, Minor: 1}))
	require.True(t, wire.FeatureLogon.In(client.Version{Major: 6}))
}

func FuzzHandshake(f *testing.F) {
	f.Add(unhex(f, manifest526))
	f.Add([]byte("HTTP/1.1 400 Bad Request"))
	f.Add([]byte{0, 0, 4, 4})
	f.Fuzz(func(t *testing.T, answer []byte) {
		chosen, err := negotiate(&duplex{Reader: bytes.NewReader(answer)}, nil)
		if err == nil {
			require.Contains(t, wire.Versions, chosen)
		}
	})
}
