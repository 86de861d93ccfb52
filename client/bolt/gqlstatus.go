package bolt

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
)

// readStatuses reads the entry statuses (Bolt 5.5 and later). It also gives those that are notifications as
// notifications.
func readStatuses(list []any) (statuses []client.GQLStatus, notifications []client.Notification) {
	notifications = []client.Notification{} // empty, not nil: it is known that there are no others
	for _, entry := range list {
		m, ok := entry.(map[string]any)
		if !ok {
			continue
		}
		sent, _ := m["diagnostic_record"].(map[string]any)
		status := client.GQLStatus{Status: facts.Text(m, "gql_status"),
			Description: facts.Text(m, "status_description"), Diagnostic: client.DiagnosticRecord(sent)}
		status.Severity = facts.Text(sent, "_severity")
		status.Classification = facts.Text(sent, "_classification")
		status.Position = facts.Position(sent["_position"])
		code := facts.Text(m, "neo4j_code")
		status.IsNotification = code != ""
		if status.IsNotification {
			notifications = append(notifications, client.Notification{
				Code:        code,
				Title:       facts.Text(m, "title"),
				Description: facts.Text(m, "description"),
				Severity:    status.Severity,
				Category:    status.Classification,
				Position:    status.Position,
			})
		}
		statuses = append(statuses, status)
	}
	return statuses, notifications
}
