package wire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMessageNames(t *testing.T) {
	tags := map[string]byte{}
	for tag := range 256 {
		if name := MessageName(byte(tag)); name != "" {
			require.NotContains(t, tags, name)
			tags[name] = byte(tag)
		}
	}
	require.Len(t, tags, 17)
	require.Equal(t, MessageRun, tags["RUN"])
	require.Equal(t, MessageFailure, tags["FAILURE"])
}

func TestSameMachine(t *testing.T) {
	for _, host := range []string{"localhost", "a.localhost", "127.0.0.1", "127.1.2.3", "::1"} {
		require.True(t, SameMachine(host), host)
	}
	for _, host := range []string{"", "localhost.example.org", "127.example.org", "127.0.0.1.example.org", "127.0.0",
		"128.0.0.1", "notlocalhost", "::2"} {
		require.False(t, SameMachine(host), host)
	}
}

func TestFeaturesByVersion(t *testing.T) {
	for f := range Feature(len(features)) {
		require.NotZero(t, f.Since(), "feature %d has no first version", f)
		require.False(t, f.In(Version{Major: 3}))
		require.Equal(t, f != FeatureUTCPatch, f.In(Versions[0]))
	}
	require.True(t, FeatureUTCPatch.In(Version{Major: 4, Minor: 4}))
	require.False(t, FeatureUTCPatch.In(Version{Major: 5}))
	require.False(t, FeatureLogon.In(Version{Major: 5}))
	require.True(t, FeatureLogon.In(Version{Major: 5, Minor: 1}))
}
