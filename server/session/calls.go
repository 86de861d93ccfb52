package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/webbolt/webbolt/server/cypher"
)

// call is the name of a procedure or function that is being read, as dbms.components.
type call struct {
	parts   []cypher.Token
	byName  bool // CALL is before it
	unclear bool // it is longer than any known name
}

// Bounds of the names that are compared.
const longestCall, mostParts = 200, 16

// calls refuses procedures and functions that may leave the frame. A name without a dot belongs to the language.
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

// called is the name of the called procedure or function, in lower case, or "" if no known name has this form.
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
	return name != "" && (harmlessCalls.have(name) ||
		len(r.Databases) == 0 && callsNamingDatabases.have(name) ||
		r.Administer && administrativeCalls.have(name) ||
		slices.ContainsFunc(r.Procedures, func(pattern string) bool { return fits(name, strings.ToLower(pattern)) }))
}

// fits reports whether a name is the pattern, or begins with what is before its star.
func fits(name, pattern string) bool {
	prefix, isPrefix := strings.CutSuffix(pattern, "*")
	return name == pattern || isPrefix && strings.HasPrefix(name, prefix)
}

// CheckProcedure reports what is wrong with an entry of Rules.Procedures.
func CheckProcedure(pattern string) error {
	name := strings.TrimSuffix(pattern, "*")
	if pattern == "" || strings.ContainsAny(name, "*`( ") {
		return fmt.Errorf("%q is not a procedure or function, as gds.* or apoc.path.expand is", pattern)
	}
	return nil
}

// callSet holds names of procedures and functions, in lower case.
type callSet struct {
	names    map[string]bool
	prefixes []string // with their star
}

func calls(list string) callSet {
	set := callSet{names: map[string]bool{}}
	for pattern := range strings.FieldsSeq(list) {
		if strings.HasSuffix(pattern, "*") {
			set.prefixes = append(set.prefixes, pattern)
		} else {
			set.names[pattern] = true
		}
	}
	return set
}

func (s callSet) have(name string) bool {
	return s.names[name] || slices.ContainsFunc(s.prefixes, func(pattern string) bool { return fits(name, pattern) })
}

// harmlessCalls read or change only the session's database, on Neo4j 4.4 to 2026. In read-only sessions servers refuse
// those that change it.
var harmlessCalls = calls(`
	date.* datetime.* duration.* localdatetime.* localtime.* point.* time.* vector.*
	db.awaitindex db.awaitindexes db.constraints db.create.* db.createindex db.createlabel db.createproperty
	db.createrelationshiptype db.createuniquepropertyconstraint db.index.fulltext.* db.index.vector.* db.indexdetails
	db.indexes db.info db.labels db.ping db.propertykeys db.relationshiptypes db.schema.* db.schemastatements
	dbms.components dbms.functions dbms.info dbms.listcapabilities dbms.procedures dbms.showcurrentuser
	tx.getmetadata tx.setmetadata`)

// callsNamingDatabases take the name of a database and return information about it.
var callsNamingDatabases = calls("dbms.cluster.routing.getroutingtable dbms.routing.getroutingtable")

// administrativeCalls are added by Rules.Administer: they show other users of the account and the server, and can end
// those users' work.
var administrativeCalls = calls(`
	dbms.cluster.overview dbms.killconnection dbms.killconnections dbms.killqueries dbms.killquery
	dbms.killtransaction dbms.killtransactions dbms.listactivelocks dbms.listconfig dbms.listconnections
	dbms.listqueries dbms.listtransactions dbms.queryjmx`)
