package client

import (
	"maps"
	"slices"
)

// GQLStatus is one status object of a result (ISO/IEC 39075), as the server sent it, or made from its notifications and
// counters.
type GQLStatus struct {
	Status         string
	Description    string
	Diagnostic     map[string]any
	Classification string
	Severity       string
	Position       *Position
	IsNotification bool
}

// Conclusion says how a result ended. A client needs it to make the statuses that a server does not send.
type Conclusion uint8

// The conclusions of results.
const (
	ConclusionRecords Conclusion = iota // records came
	ConclusionEmpty                     // there are fields, but no record came
	ConclusionOmitted                   // there are no fields
	ConclusionUnknown                   // records were dropped, so it is unknown whether there were any
)

// ConclusionOf is the conclusion of a result with the given number of fields: received says that a record came, dropped
// that records were discarded.
func ConclusionOf(fields int, received, dropped bool) Conclusion {
	switch {
	case received:
		return ConclusionRecords
	case fields == 0:
		return ConclusionOmitted
	case dropped:
		return ConclusionUnknown
	}
	return ConclusionEmpty
}

// conclusions are the final statuses of results.
var conclusions = [...]struct{ status, description string }{
	ConclusionRecords: {"00000", "note: successful completion"},
	ConclusionEmpty:   {"02000", "note: no data"},
	ConclusionOmitted: {"00001", "note: successful completion - omitted result"},
	ConclusionUnknown: {"02N42", "note: no data - unknown subcondition"},
}

// GeneralError is the GQL status, and its description, of a failure from a server that sends none (Bolt before 5.7).
func GeneralError(message string) (status, description string) {
	return "50N42", "error: general processing exception - unexpected error. " + message
}

// OnlySuccess reports whether statuses say that records came, and nothing else.
func OnlySuccess(statuses []GQLStatus) bool {
	if len(statuses) != 1 {
		return false
	}
	s, usual := &statuses[0], &conclusions[ConclusionRecords]
	d := s.Diagnostic
	return s.Status == usual.status && s.Description == usual.description && !s.IsNotification && s.Position == nil &&
		s.Classification == "" && s.Severity == "" && len(d) == 3 && d["OPERATION"] == "" &&
		d["OPERATION_CODE"] == "0" && d["CURRENT_SCHEMA"] == "/"
}

// DiagnosticRecord is a diagnostic record as sent, completed by the mandatory entries that the server left out.
func DiagnosticRecord(sent map[string]any) map[string]any {
	diagnostic := map[string]any{"OPERATION": "", "OPERATION_CODE": "0", "CURRENT_SCHEMA": "/"}
	maps.Copy(diagnostic, sent)
	return diagnostic
}

// StatusesOf makes the GQL statuses of a result from a server that sends none (Bolt before 5.5, and HTTP): one for how
// it ended, and one for each notification, in the order that servers use. A notification's own status is unknown: it
// becomes 01N42 for a warning, else 03N42.
func StatusesOf(notifications []Notification, conclusion Conclusion) []GQLStatus {
	statuses := make([]GQLStatus, 1, 1+len(notifications))
	statuses[0] = GQLStatus{
		Status:      conclusions[conclusion].status,
		Description: conclusions[conclusion].description,
		Diagnostic:  DiagnosticRecord(nil),
	}
	for _, n := range notifications {
		statuses = append(statuses, n.status())
	}
	slices.SortStableFunc(statuses, func(a, b GQLStatus) int { return precedence(a.Status) - precedence(b.Status) })
	return statuses
}

// status converts the notification.
func (n Notification) status() GQLStatus {
	status := GQLStatus{
		Status:         "03N42",
		Description:    n.Description,
		Diagnostic:     DiagnosticRecord(nil),
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
		status.Diagnostic["_position"] = map[string]any{"offset": int64(p.Offset), "line": int64(p.Line),
			"column": int64(p.Column)}
	}
	return status
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
