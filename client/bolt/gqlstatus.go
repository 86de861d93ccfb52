package bolt

import "github.com/webbolt/webbolt/client"

// readStatuses reads the entry statuses (Bolt 5.5 and later), and gives those that are notifications as such, too.
func readStatuses(list []any) (statuses []client.GQLStatus, notifications []client.Notification) {
	for _, entry := range list {
		m, ok := entry.(map[string]any)
		if !ok {
			continue
		}
		sent, _ := m["diagnostic_record"].(map[string]any)
		status := client.GQLStatus{Status: text(m, "gql_status"), Description: text(m, "status_description"), Diagnostic: client.DiagnosticRecord(sent)}
		status.Severity = text(sent, "_severity")
		status.Classification = text(sent, "_classification")
		status.Position = positionOf(sent["_position"])
		code := text(m, "neo4j_code")
		status.IsNotification = code != ""
		if status.IsNotification {
			notifications = append(notifications, client.Notification{
				Code:        code,
				Title:       text(m, "title"),
				Description: text(m, "description"),
				Severity:    status.Severity,
				Category:    status.Classification,
				Position:    status.Position,
			})
		}
		statuses = append(statuses, status)
	}
	return statuses, notifications
}

// readNotifications reads the entry notifications (before Bolt 5.5).
func readNotifications(list []any) (notifications []client.Notification) {
	for _, entry := range list {
		if m, ok := entry.(map[string]any); ok {
			notifications = append(notifications, client.Notification{
				Code:        text(m, "code"),
				Title:       text(m, "title"),
				Description: text(m, "description"),
				Severity:    text(m, "severity"),
				Category:    text(m, "category"),
				Position:    positionOf(m["position"]),
			})
		}
	}
	return notifications
}

func positionOf(value any) *client.Position {
	m, ok := value.(map[string]any)
	if !ok || len(m) == 0 {
		return nil
	}
	return &client.Position{Offset: int(integer(m, "offset")), Line: int(integer(m, "line")), Column: int(integer(m, "column"))}
}
