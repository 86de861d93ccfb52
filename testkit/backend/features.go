package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"
)

// features are what the client claims; README.md says why not the rest.
var features = []string{
	"Feature:API:BookmarkManager",
	"Feature:API:ConnectionAcquisitionTimeout",
	"Feature:API:Driver.ExecuteQuery",
	"Feature:API:Driver.ExecuteQuery:WithAuth",
	"Feature:API:Driver:GetServerInfo",
	"Feature:API:Driver.IsEncrypted",
	"Feature:API:Driver.SupportsSessionAuth",
	"Feature:API:Driver.VerifyAuthentication",
	"Feature:API:Session:AuthConfig",
	"Feature:Auth:Managed",
	"Backend:MockTime",
	"Backend:RTFetch",
	"Backend:RTForceUpdate",
	"AuthorizationExpiredTreatment",
	"Feature:API:Driver:NotificationsConfig",
	"Feature:API:Driver.VerifyConnectivity",
	"Feature:API:Liveness.Check",
	"Feature:API:Result.List",
	"Feature:API:Result.Peek",
	"Feature:API:RetryableExceptions",
	"Feature:API:SSLClientCertificate",
	"Feature:API:SSLConfig",
	"Feature:API:Session:NotificationsConfig",
	"Feature:API:Summary:GqlStatusObjects",
	"Feature:API:Type.Spatial",
	"Feature:API:Type.Temporal",
	"Feature:Auth:Bearer",
	"Feature:Auth:Custom",
	"Feature:Auth:Kerberos",
	"Feature:Bolt:3.0", "Feature:Bolt:4.1", "Feature:Bolt:4.2", "Feature:Bolt:4.3", "Feature:Bolt:4.4",
	"Feature:Bolt:5.0", "Feature:Bolt:5.1", "Feature:Bolt:5.2", "Feature:Bolt:5.3", "Feature:Bolt:5.4",
	"Feature:Bolt:5.5", "Feature:Bolt:5.6",
	"Feature:Bolt:5.7",
	"Feature:Bolt:Patch:UTC",
	"Feature:Impersonation",
	"Feature:TLS:1.2", "Feature:TLS:1.3",

	"Optimization:AuthPipelining",
	"Optimization:ConnectionReuse",
	"Optimization:EagerTransactionBegin",
	"Optimization:ExecuteQueryPipelining",
	"Optimization:ImplicitDefaultArguments",
	"Optimization:MinimalBookmarksSet",
	"Optimization:MinimalResets",
	"Optimization:PullPipelining",
	"Detail:ClosedDriverIsEncrypted",
	"Detail:DefaultSecurityConfigValueEquality",

	"ConfHint:connection.recv_timeout_seconds",
}

// skipped are tests of behaviour that the client has on purpose in another way, by a pattern of their names.
var skipped = []struct{ pattern, why string }{
	{`iteration\.test_result_scope`, "results stay valid; what has not arrived when their transaction ends gives an error that says so"},
	{`test_does_not_encompass_router_|test_router_handshake_has_own_timeout_`, "AcquireTimeout is for all of a borrow, a routing table included"},
	{`test_unmanaged_tx_raises_tx_closed_exec|test_should_not_rollback_a_rollbacked_tx`, "to roll back what has ended without effect is no error"},
	{`test_should_request_rt_from_all_initial_routers_until_successful`, "host names are the system's to resolve"},
	{`test_invalid_query_type`, "a query type that is not known is given as the server names it"},
	{`test_explicit_config_and_scheme_config`, "the suite has no name for its error with go"},
}

// newestBolt is a test that fails with any server whose Bolt is newer than what the suite knows of it.
const newestBolt = "test_protocol_version_information"

func startTest(_ context.Context, _ *frontend, d data) (string, any, error) {
	name := d.text("testName")
	for _, s := range skipped {
		if regexp.MustCompile(s.pattern).MatchString(name) {
			return "SkipTest", data{"reason": s.why}, nil
		}
	}
	if strings.Contains(name, newestBolt) && !strings.HasPrefix(os.Getenv("TEST_NEO4J_VERSION"), "4.") {
		return "SkipTest", data{"reason": "the suite expects Bolt 5.6 of this server, which speaks 5.7, too"}, nil
	}
	if regexp.MustCompile(`test_should_echo_all_timezone_ids|test_date_time_cypher_created_tz_id`).MatchString(name) {
		return "RunSubTests", nil, nil
	}
	return "RunTest", nil, nil
}

// startSubTest leaves zones out that this machine's zone data do not have, or have with another offset.
func startSubTest(_ context.Context, _ *frontend, d data) (string, any, error) {
	arguments := d.object("subtestArguments")
	fields := arguments.object("dt").object("data")
	name := cmp.Or(arguments.text("tz_id"), fields.text("timezone_id"))
	if name == "" {
		return "RunTest", nil, nil
	}
	if _, err := time.LoadLocation(name); err != nil {
		return "SkipTest", data{"reason": fmt.Sprintf("no such zone here: %v", err)}, nil
	}
	if fields == nil {
		return "RunTest", nil, nil
	}
	if _, err := dateTimeOf(fields); err != nil {
		return "SkipTest", data{"reason": err.Error()}, nil
	}
	return "RunTest", nil, nil
}
