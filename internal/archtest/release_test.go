package archtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
)

// The npm package has the version that Go programs, the relay and user agents tell.
func TestOneRelease(t *testing.T) {
	for _, name := range []string{"web/package.json", "web/package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(root(t), name))
		require.NoError(t, err)
		var manifest struct{ Version string }
		require.NoError(t, json.Unmarshal(text, &manifest))
		require.Equal(t, wire.Release, manifest.Version, "%s and client/wire/release.go must agree", name)
	}
}
