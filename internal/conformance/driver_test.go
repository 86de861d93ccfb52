//go:build !js

package conformance

import (
	"errors"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func openDriver(r *run) neo4j.DriverWithContext {
	driver, err := neo4j.NewDriverWithContext(r.Server.BoltURI(), neo4j.BasicAuth(r.Server.User, r.Server.Password, ""),
		func(c *config.Config) {
			c.MaxConnectionPoolSize = 1
			c.ConnectionAcquisitionTimeout, c.SocketConnectTimeout = patience, patience
		})
	require.NoError(r, err)
	return driver
}

// askDriver asks by neo4j-go-driver.
func askDriver(r *run, driver neo4j.DriverWithContext, q question) (a answer, err error) {
	session := driver.NewSession(r.ctx, neo4j.SessionConfig{})
	defer session.Close(r.ctx)
	var result neo4j.ResultWithContext
	if q.writes {
		tx, err := session.BeginTransaction(r.ctx)
		require.NoError(r, err)
		defer tx.Close(r.ctx)
		result, err = tx.Run(r.ctx, q.cypher, q.parameters)
		if err != nil {
			return a, err
		}
	} else if result, err = session.Run(r.ctx, q.cypher, q.parameters); err != nil {
		return a, err
	}
	if a.Keys, err = result.Keys(); err != nil {
		return a, err
	}
	for result.Next(r.ctx) {
		a.Rows = append(a.Rows, result.Record().Values)
	}
	if err := result.Err(); err != nil {
		return a, err
	}
	summary, err := result.Consume(r.ctx)
	if err != nil {
		return a, err
	}
	a.Counters, a.QueryType = driverCounters(summary.Counters()), summary.StatementType().String()
	a.Database, a.Agent = summary.Database().Name(), summary.Server().Agent()
	a.Bookmark = !q.writes && len(session.LastBookmarks()) > 0
	for _, n := range summary.Notifications() {
		a.Notifications = append(a.Notifications, client.Notification{
			Code: n.Code(), Title: n.Title(), Description: n.Description(),
			Severity: n.RawSeverityLevel(), Category: n.RawCategory(), Position: driverPosition(n.Position())})
	}
	for _, s := range summary.GqlStatusObjects() {
		a.Statuses = append(a.Statuses, client.GQLStatus{Status: s.GqlStatus(), Description: s.StatusDescription(),
			Diagnostic:     s.DiagnosticRecord(),
			Classification: s.RawClassification(), Severity: s.RawSeverity(), Position: driverPosition(s.Position()),
			IsNotification: s.IsNotification()})
	}
	a.Plan, a.Profile = driverPlan(summary.Plan()), driverProfile(summary.Profile())
	return a, nil
}

func driverCounters(c neo4j.Counters) client.Counters {
	return client.Counters{NodesCreated: int64(c.NodesCreated()), NodesDeleted: int64(c.NodesDeleted()),
		RelationshipsCreated: int64(c.RelationshipsCreated()), RelationshipsDeleted: int64(c.RelationshipsDeleted()),
		PropertiesSet: int64(c.PropertiesSet()), LabelsAdded: int64(c.LabelsAdded()),
		LabelsRemoved: int64(c.LabelsRemoved()),
		IndexesAdded:  int64(c.IndexesAdded()), IndexesRemoved: int64(c.IndexesRemoved()),
		ConstraintsAdded:   int64(c.ConstraintsAdded()),
		ConstraintsRemoved: int64(c.ConstraintsRemoved()), SystemUpdates: int64(c.SystemUpdates()),
		ContainsUpdates: c.ContainsUpdates(), ContainsSystemUpdates: c.ContainsSystemUpdates()}
}

func driverPosition(p neo4j.InputPosition) *client.Position {
	if p == nil {
		return nil
	}
	return &client.Position{Offset: p.Offset(), Line: p.Line(), Column: p.Column()}
}

func driverPlan(p neo4j.Plan) *client.Plan {
	if p == nil {
		return nil
	}
	plan := &client.Plan{Operator: p.Operator(), Identifiers: p.Identifiers(), Arguments: p.Arguments()}
	for _, child := range p.Children() {
		plan.Children = append(plan.Children, driverPlan(child))
	}
	return plan
}

func driverProfile(p neo4j.ProfiledPlan) *client.Plan {
	if p == nil {
		return nil
	}
	plan := &client.Plan{Operator: p.Operator(), Identifiers: p.Identifiers(), Arguments: p.Arguments(),
		DBHits: p.DbHits(), Rows: p.Records()}
	for _, child := range p.Children() {
		plan.Children = append(plan.Children, driverProfile(child))
	}
	return plan
}

// driverFaults is a failure of the driver's, without what it makes up: codes of causes.
func driverFaults(r *run, err error) (faults []fault) {
	var failure *neo4j.Neo4jError
	if !errors.As(err, &failure) {
		require.NoError(r, err)
	}
	for code := failure.Code; failure != nil; code, failure = "", failure.GqlCause {
		faults = append(faults, fault{code, failure.Msg, failure.GqlStatus, failure.GqlStatusDescription})
	}
	return faults
}

// asTheDriverTells is an answer as neo4j-go-driver 5.28.4 gives it: it gives an operator's last child in the place of
// each.
func asTheDriverTells(a answer) answer {
	a.Plan, a.Profile = lastChildren(a.Plan), lastChildren(a.Profile)
	return a
}

func lastChildren(p *client.Plan) *client.Plan {
	if p == nil {
		return nil
	}
	plan := *p
	plan.Children = nil
	for range p.Children {
		plan.Children = append(plan.Children, lastChildren(p.Children[len(p.Children)-1]))
	}
	return &plan
}
