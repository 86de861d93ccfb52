package httpapi

import (
	"slices"
	"strings"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
)

// aboutRequest begins the codes of notifications about the API that carried the query, which says nothing to who wrote the query.
const aboutRequest = "Neo.ClientNotification.Request."

// notificationsOf reads notifications, but for those about the request.
func notificationsOf(list []any) []client.Notification {
	return slices.DeleteFunc(facts.Notifications(list), func(n client.Notification) bool { return strings.HasPrefix(n.Code, aboutRequest) })
}

// filtered leaves out what a filter does not want. HTTP has no such filter in 5.26 and before, so it is done here for all.
func filtered(all []client.Notification, f client.NotificationFilter) []client.Notification {
	if f.IsZero() {
		return all
	}
	return slices.DeleteFunc(all, func(n client.Notification) bool {
		return f.MinimumSeverity == "OFF" || f.MinimumSeverity == "WARNING" && n.Severity != "WARNING" || slices.Contains(f.DisabledCategories, n.Category)
	})
}
