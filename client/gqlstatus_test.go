package client_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func TestStatusesOf(t *testing.T) {
	for conclusion, status := range map[client.Conclusion]string{
		client.ConclusionOf(1, true, true): "00000", client.ConclusionOf(1, false, false): "02000",
		client.ConclusionOf(0, false, true): "00001", client.ConclusionOf(1, false, true): "02N42",
	} {
		statuses := client.StatusesOf(nil, conclusion)
		require.Len(t, statuses, 1)
		require.Equal(t, status, statuses[0].Status)
		require.Equal(t, map[string]any{"OPERATION": "", "OPERATION_CODE": "0", "CURRENT_SCHEMA": "/"},
			statuses[0].Diagnostic)
	}
	notifications := []client.Notification{
		{Code: "c1", Description: "slow", Severity: "INFORMATION", Category: "PERFORMANCE",
			Position: &client.Position{Offset: 1, Line: 2, Column: 3}},
		{Code: "c2", Severity: "WARNING"},
	}
	statuses := client.StatusesOf(notifications, client.ConclusionRecords)
	require.Equal(t, []string{"01N42", "00000", "03N42"}, []string{
		statuses[0].Status, statuses[1].Status, statuses[2].Status})
	require.Equal(t, "warn: unknown warning", statuses[0].Description)
	require.Equal(t, "slow", statuses[2].Description)
	require.Equal(t, map[string]any{
		"OPERATION": "", "OPERATION_CODE": "0", "CURRENT_SCHEMA": "/", "_severity": "INFORMATION",
		"_classification": "PERFORMANCE",
		"_position":       map[string]any{"offset": int64(1), "line": int64(2), "column": int64(3)},
	}, statuses[2].Diagnostic)
	require.Equal(t, "02000", client.StatusesOf(notifications, client.ConclusionEmpty)[0].Status,
		"no data comes before a warning")
}
func TestOnlySuccess(t *testing.T) {
	success := func() []client.GQLStatus { return client.StatusesOf(nil, client.ConclusionRecords) }
	require.True(t, client.OnlySuccess(success()))
	require.False(t, client.OnlySuccess(nil))
	require.False(t, client.OnlySuccess(append(success(), success()...)))
	for _, conclusion := range []client.Conclusion{client.ConclusionEmpty, client.ConclusionOmitted,
		client.ConclusionUnknown} {
		require.False(t, client.OnlySuccess(client.StatusesOf(nil, conclusion)))
	}
	for name, change := range map[string]func(s *client.GQLStatus){
		"description":    func(s *client.GQLStatus) { s.Description = "else" },
		"diagnostic":     func(s *client.GQLStatus) { s.Diagnostic["CURRENT_SCHEMA"] = "/else" },
		"more of it":     func(s *client.GQLStatus) { s.Diagnostic["_severity"] = "" },
		"classification": func(s *client.GQLStatus) { s.Classification = "HINT" },
		"severity":       func(s *client.GQLStatus) { s.Severity = "WARNING" },
		"position":       func(s *client.GQLStatus) { s.Position = &client.Position{} },
		"notification":   func(s *client.GQLStatus) { s.IsNotification = true },
	} {
		statuses := success()
		change(&statuses[0])
		require.False(t, client.OnlySuccess(statuses), name)
	}
}
