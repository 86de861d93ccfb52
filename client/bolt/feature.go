package bolt

import "github.com/webbolt/webbolt/client"

// feature is something that some versions of Bolt have and others have not.
type feature uint8

const (
	featurePullN         feature = iota // PULL and DISCARD say how many records, and of which query
	featureDatabases                    // RUN and BEGIN name a database
	featureHelloRouting                 // HELLO carries the routing context
	featureRoute                        // the ROUTE message
	featureUTCPatch                     // patch_bolt asks for date-times in UTC
	featureRouteExtra                   // ROUTE takes a map in the place of the database name
	featureImpersonation                // RUN, BEGIN and ROUTE take a user to act as
	featureUTC                          // date-times are in UTC
	featureLogon                        // LOGON and LOGOFF; HELLO carries no token
	featureNotifications                // notification filters
	featureBoltAgent                    // HELLO carries bolt_agent
	featureTelemetry                    // the TELEMETRY message
	featureGQLStatuses                  // results carry GQL statuses, and filters say classifications, not categories
	featureVectors                      // the Vector structure
	featureUUIDs                        // the UUID structure
)

// lifetime is the first version that has a feature and, where a later one has not, the last.
type lifetime struct {
	since, until client.Version
}

var features = [...]lifetime{
	featurePullN:         {since: client.Version{Major: 4}},
	featureDatabases:     {since: client.Version{Major: 4}},
	featureHelloRouting:  {since: client.Version{Major: 4, Minor: 1}},
	featureRoute:         {since: client.Version{Major: 4, Minor: 3}},
	featureUTCPatch:      {since: client.Version{Major: 4, Minor: 3}, until: client.Version{Major: 4, Minor: 4}},
	featureRouteExtra:    {since: client.Version{Major: 4, Minor: 4}},
	featureImpersonation: {since: client.Version{Major: 4, Minor: 4}},
	featureUTC:           {since: client.Version{Major: 5}},
	featureLogon:         {since: client.Version{Major: 5, Minor: 1}},
	featureNotifications: {since: client.Version{Major: 5, Minor: 2}},
	featureBoltAgent:     {since: client.Version{Major: 5, Minor: 3}},
	featureTelemetry:     {since: client.Version{Major: 5, Minor: 4}},
	featureGQLStatuses:   {since: client.Version{Major: 5, Minor: 5}},
	featureVectors:       {since: client.Version{Major: 6}},
	featureUUIDs:         {since: client.Version{Major: 6, Minor: 1}},
}

// In reports whether version v has the feature.
func (f feature) In(v client.Version) bool {
	life := features[f]
	if !v.AtLeast(life.since.Major, life.since.Minor) {
		return false
	}
	return life.until == client.Version{} || life.until.AtLeast(v.Major, v.Minor)
}

// Versions are the versions of Bolt that this package speaks, newest first.
var Versions = []client.Version{
	{Major: 6, Minor: 1}, {Major: 6},
	{Major: 5, Minor: 8}, {Major: 5, Minor: 7}, {Major: 5, Minor: 6},
	{Major: 5, Minor: 4}, {Major: 5, Minor: 3}, {Major: 5, Minor: 2}, {Major: 5, Minor: 1}, {Major: 5},
	{Major: 4, Minor: 4}, {Major: 4, Minor: 3}, {Major: 4, Minor: 2}, {Major: 4, Minor: 1}, {Major: 4},
	{Major: 3},
}
