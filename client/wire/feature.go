package wire

// Feature is something that some versions of Bolt have and others have not.
type Feature uint8

// The features, oldest first.
const (
	FeaturePullN         Feature = iota // PULL and DISCARD say how many records, and of which query
	FeatureDatabases                    // RUN and BEGIN name a database
	FeatureHelloRouting                 // HELLO carries the routing context
	FeatureRoute                        // the ROUTE message
	FeatureUTCPatch                     // patch_bolt asks for date-times in UTC
	FeatureRouteExtra                   // ROUTE takes a map instead of the database name
	FeatureImpersonation                // RUN, BEGIN and ROUTE take a user to act as
	FeatureUTC                          // date-times are in UTC
	FeatureLogon                        // LOGON and LOGOFF; HELLO carries no token
	FeatureNotifications                // notification filters
	FeatureBoltAgent                    // HELLO carries bolt_agent
	FeatureTelemetry                    // the TELEMETRY message
	FeatureGQLStatuses                  // results carry GQL statuses, and filters say classifications, not categories
	FeatureGQLFailures                  // failures carry GQL statuses, and neo4j_code instead of code
	FeatureVectors                      // the Vector structure
	FeatureUUIDs                        // the UUID value
)

// lifetime is the first version that has a feature and, if later ones do not have it, the last.
type lifetime struct {
	since, until Version
}

var features = [...]lifetime{
	FeaturePullN:         {since: Version{Major: 4}},
	FeatureDatabases:     {since: Version{Major: 4}},
	FeatureHelloRouting:  {since: Version{Major: 4, Minor: 1}},
	FeatureRoute:         {since: Version{Major: 4, Minor: 3}},
	FeatureUTCPatch:      {since: Version{Major: 4, Minor: 3}, until: Version{Major: 4, Minor: 4}},
	FeatureRouteExtra:    {since: Version{Major: 4, Minor: 4}},
	FeatureImpersonation: {since: Version{Major: 4, Minor: 4}},
	FeatureUTC:           {since: Version{Major: 5}},
	FeatureLogon:         {since: Version{Major: 5, Minor: 1}},
	FeatureNotifications: {since: Version{Major: 5, Minor: 2}},
	FeatureBoltAgent:     {since: Version{Major: 5, Minor: 3}},
	FeatureTelemetry:     {since: Version{Major: 5, Minor: 4}},
	FeatureGQLStatuses:   {since: Version{Major: 5, Minor: 5}},
	FeatureGQLFailures:   {since: Version{Major: 5, Minor: 7}},
	FeatureVectors:       {since: Version{Major: 6}},
	FeatureUUIDs:         {since: Version{Major: 6, Minor: 1}},
}

// In reports whether version v has the feature.
func (f Feature) In(v Version) bool {
	life := features[f]
	if !v.AtLeast(life.since.Major, life.since.Minor) {
		return false
	}
	return life.until == Version{} || life.until.AtLeast(v.Major, v.Minor)
}

// Since is the first version that has the feature.
func (f Feature) Since() Version { return features[f].since }
