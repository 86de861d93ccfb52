package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// longestDiscovery bounds the server's discovery document, in bytes.
const longestDiscovery = 64 << 10

// paths are the addresses of the APIs in the discovery document, instead of the server's own.
var paths = map[string]string{
	"transaction": Prefix + "/db/{databaseName}/tx",
	"query":       Prefix + "/db/{databaseName}/query/v2",
}

// stripDiscovery keeps only the version and the list of APIs in the discovery document. The rest are addresses of the
// server, which pages need not know and cannot use behind a relay.
func stripDiscovery(r *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(r.Body, longestDiscovery))
	if err != nil {
		return err
	}
	if err := r.Body.Close(); err != nil {
		return err
	}
	var told map[string]any
	if err := json.Unmarshal(text, &told); err != nil {
		return fmt.Errorf("the server's discovery document is not what it should be: %w", err)
	}
	kept := map[string]any{}
	for _, name := range []string{"neo4j_version", "neo4j_edition"} {
		if told[name] != nil {
			kept[name] = told[name]
		}
	}
	for name, path := range paths {
		if told[name] != nil {
			kept[name] = path
		}
	}
	if text, err = json.Marshal(kept); err != nil {
		return err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	r.Header.Set("Content-Length", strconv.Itoa(len(text)))
	r.Header.Del("Content-Encoding")
	return nil
}
