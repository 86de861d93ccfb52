package bolt

import (
	"maps"
	"slices"

	"github.com/webbolt/webbolt/client"
)

// flow is what a result was like, for the statuses that a server before Neo4j 5.23 does not send.
type flow uint8

const (
	flowRecords flow = iota // records came
	flowEmpty               // there are fields, but no record came
	flowOmitted             // there are no fields
	flowUnknown             // records were dropped, so it is not known whether there were any
)

func (s *source) flow() flow {
	switch {
	case s.received:
		return flowRecords
	case len(s.keys) == 0:
		return flowOmitted
	case s.dropping:
		return flowUnknown
	}
	return flowEmpty
}

// conclusions are the GQL statuses (ISO/IEC 39075) that a result ends with.
var conclusions = [...]struct{ status, description string }{
	flowRecords: {"00000", "note: successful completion"},
	flowEmpty:   {"02000", "note: no data"},
	flowOmitted: {"00001", "note: successful completion - omitted result"},
	flowUnknown: {"02N42", "note: no data - unknown subcondition"},
}

// newDiagnostic has the entries that every diagnostic record has where a server sends nothing else.
func newDiagnostic() map[string]any {
	return map[string]any{"OPERATION": "", "OPERATION_CODE": "0", "CURRENT_SCHEMA": "/"}
}

// diagnosticOf is a diagnostic record as sent, with what a server leaves out.
func diagnosticOf(sent map[string]any) map[string]any {
	diagnostic := newDiagnostic()
	maps.Copy(diagnostic, sent)
	return diagnostic
}

// makeStatuses makes GQL statuses of what a server before Bolt 5.5 sends.
func makeStatuses(notifications []client.Notification, flow flow) []client.GQLStatus {
	statuses := []client.GQLStatus{{
		Status:      conclusions[flow].status,
		Description: conclusions[flow].description,
		Diagnostic:  newDiagnostic(),
	}}
	for _, n := range notifications {
		status := client.GQLStatus{
			Status:         "03N42",
			Description:    n.Description,
			Diagnostic:     newDiagnostic(),
			Classification: n.Category,
			Severity:       n.Severity,
			Position:       n.Position,
			IsNotification: true,
		}
		unknown := "info: unknown notification"
		if n.Severity == "WARNING" {
			status.Status, unknown = "01N42", "warn: unknown warning"
		}
		if status.Description == "" {
			status.Description = unknown
		}
		if n.Severity != "" {
			status.Diagnostic["_severity"] = n.Severity
		}
		if n.Category != "" {
			status.Diagnostic["_classification"] = n.Category
		}
		if p := n.Position; p != nil {
			status.Diagnostic["_position"] = map[string]any{"offset": int64(p.Offset), "line": int64(p.Line), "column": int64(p.Column)}
		}
		statuses = append(statuses, status)
	}
	slices.SortStableFunc(statuses, func(a, b client.GQLStatus) int { return precedence(a.Status) - precedence(b.Status) })
	return statuses
}

// precedence orders statuses by their class: no data, warning, success, information.
func precedence(status string) int {
	const order = "02 01 00 03 "
	for i := 0; i < len(order); i += 3 {
		if len(status) >= 2 && order[i:i+2] == status[:2] {
			return i
		}
	}
	return len(order)
}

// readStatuses reads the entry statuses (Bolt 5.5 and later), and gives those that are notifications as such, too.
func readStatuses(list []any) (statuses []client.GQLStatus, notifications []client.Notification) {
	for _, entry := range list {
		m, ok := entry.(map[string]any)
		if !ok {
			continue
		}
		sent, _ := m["diagnostic_record"].(map[string]any)
		status := client.GQLStatus{Status: text(m, "gql_status"), Description: text(m, "status_description"), Diagnostic: diagnosticOf(sent)}
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
