package rowblock

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the vectors' blocks anew; look at the difference before you keep it")

const vectorsFile = "../../web/test/vectors/rowblock.json"

// vector is records, the blocks they become, and the rows that JavaScript reads from these.
type vector struct {
	Name    string          `json:"name"`
	Fields  int             `json:"fields"`
	Limit   int             `json:"limit"`
	Records []string        `json:"records"`
	Rows    json.RawMessage `json:"rows"`
	Blocks  []string        `json:"blocks"`
}

// TestVectors holds the writer to the blocks that web/test/unit/rowblock.spec.ts reads.
func TestVectors(t *testing.T) {
	data, err := os.ReadFile(vectorsFile)
	require.NoError(t, err)
	var vectors []vector
	require.NoError(t, json.Unmarshal(data, &vectors))
	require.NotEmpty(t, vectors)
	for i, v := range vectors {
		var records [][]byte
		for _, record := range v.Records {
			raw, err := hex.DecodeString(record)
			require.NoError(t, err)
			records = append(records, raw)
		}
		_, blocks := write(t, NewWriter(v.Fields, v.Limit), batchOf(records...))
		var written []string
		for _, block := range blocks {
			written = append(written, hex.EncodeToString(block))
		}
		if *update {
			vectors[i].Blocks = written
			continue
		}
		require.Equal(t, v.Blocks, written, v.Name)
	}
	if *update {
		data, err := json.MarshalIndent(vectors, "", " ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(vectorsFile, append(data, '\n'), 0o644))
	}
}
