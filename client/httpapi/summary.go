package httpapi

import (
	"slices"
	"strings"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
)

// aboutRequest begins the codes of notifications about the HTTP request, which do not concern the author of the query.
const aboutRequest = "Neo.ClientNotification.Request."

// notificationsOf reads notifications, without those about the HTTP request.
func notificationsOf(list []any) []client.Notification {
	return slices.DeleteFunc(facts.Notifications(list), func(
		n client.Notification) bool {
		return strings.HasPrefix(n.Code, aboutRequest)
	})
}

// filtered leaves out what a filter excludes. Neo4j 5.26 and earlier have no filter over HTTP, so the client filters
// for all versions.
func filtered(all []client.Notification, f client.NotificationFilter) []client.Notification {
	if f.IsZero() {
		return all
	}
	return slices.DeleteFunc(all, func(n client.Notification) bool {
		return f.MinimumSeverity == "OFF" || f.MinimumSeverity == "WARNING" && n.Severity != "WARNING" ||
			slices.Contains(f.DisabledCategories, n.Category)
	})
}
