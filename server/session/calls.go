package session

import (
	"slices"
	"strings"

	"github.com/webbolt/webbolt/server/cypher"
)

// call is the name of a procedure or function that is being read, as dbms.components.
type call struct {
	parts   []cypher.Token
	byName  bool // CALL is before it
	unclear bool // it is longer than any that is known
}

// Bounds of the names that are compared.
const longestCall, mostParts = 200, 16

// calls refuses procedures and functions that are not known to stay within the frame. A name without a dot is one of
// the language.
func (c *checker) calls(t cypher.Token, _ string) *Refusal {
	isName := t.Kind == cypher.Word || t.Kind == cypher.Name
	behindDot := c.isSymbol(c.last, '.')
	if len(c.call.parts) == 0 || isName != behindDot || !isName && !c.isSymbol(t, '.') { // the name is at its end
		isCall := c.call.byName || c.isSymbol(t, '(')
		if isCall && (len(c.call.parts) > 1 || c.call.unclear) && !c.rules.mayCall(c.called()) {
			return forbid("call", "the relay does not allow this procedure or function, unless its operator names it")
		}
		c.call = call{parts: c.call.parts[:0], byName: c.previous == "CALL"}
	}
	if isName {
		if len(c.call.parts) == mostParts || t.End-t.Start > longestCall {
			c.call.unclear = true
		} else {
			c.call.parts = append(c.call.parts, t)
		}
	}
	return nil
}

// called is the name of what is called, in lower case, or "" if it is none that could be known.
func (c *checker) called() string {
	if c.call.unclear {
		return ""
	}
	names := make([]string, len(c.call.parts))
	for i, t := range c.call.parts {
		names[i] = strings.ToLower(c.reader.Text(t))
		if t.Kind == cypher.Name {
			names[i] = names[i][1 : len(names[i])-1]
			if strings.ContainsAny(names[i], ".`") {
				return ""
			}
		}
	}
	return strings.Join(names, ".")
}

// mayCall reports whether a procedure or function may be called.
func (r *Rules) mayCall(name string) bool {
	fits := func(pattern string) bool {
		pattern = strings.ToLower(pattern)
		if prefix, isPrefix := strings.CutSuffix(pattern, "*"); isPrefix {
			return strings.HasPrefix(name, prefix)
		}
		return name == pattern
	}
	return name != "" && (slices.ContainsFunc(harmlessCalls, fits) ||
		r.Administer && slices.ContainsFunc(administrativeCalls, fits) || slices.ContainsFunc(r.Procedures, fits))
}

// harmlessCalls are the procedures and functions of Neo4j 4.4 to 2026 that tell of, or change, nothing but the
// session's database (changes are refused by the server in read-only sessions), in lower case.
var harmlessCalls = strings.Fields(`
	date.* datetime.* duration.* localdatetime.* localtime.* point.* time.* vector.*
	db.awaitindex db.awaitindexes db.constraints db.create.* db.createindex db.createlabel db.createproperty
	db.createrelationshiptype db.createuniquepropertyconstraint db.index.fulltext.* db.index.vector.* db.indexdetails
	db.indexes db.info db.labels db.ping db.propertykeys db.relationshiptypes db.schema.* db.schemastatements
	dbms.cluster.routing.getroutingtable dbms.components dbms.functions dbms.info dbms.listcapabilities dbms.procedures
	dbms.routing.getroutingtable dbms.showcurrentuser tx.getmetadata tx.setmetadata`)

// administrativeCalls are those that Rules.Administer adds: they tell of other users of the account and end their
// work, and tell of the server.
var administrativeCalls = strings.Fields(`
	dbms.cluster.overview dbms.killconnection dbms.killconnections dbms.killqueries dbms.killquery
	dbms.killtransaction dbms.killtransactions dbms.listactivelocks dbms.listconfig
	dbms.listconnections dbms.listqueries dbms.listtransactions dbms.queryjmx`)
