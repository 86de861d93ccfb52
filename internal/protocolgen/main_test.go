package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	require.NoError(t, run(true))
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"URI": "uri", "QueryID": "queryId", "GQLStatuses": "gqlStatuses", "CPUTime": "cpuTime", "DBHits": "dbHits",
		"MaxAge": "maxAge", "OtherTTL": "otherTtl",
	} {
		require.Equal(t, want, lowerCamel(name))
	}
	for name, want := range map[string]string{
		"ConnectionOpen": "connection.open", "ConnectorInUse": "connector.inUse", "PoolSetMaxSize": "pool.setMaxSize",
		"ResultQueryID": "result.queryId",
		"Release":       "release",
	} {
		require.Equal(t, want, wireName(name))
	}
}
