package session

import (
	"slices"
	"strings"

	"github.com/webbolt/webbolt/server/cypher"
)

// checker checks a text against rules that frame a session. It knows words and their order, but no grammar: a word that
// could be a keyword counts as one.
type checker struct {
	rules  *Rules
	reader *cypher.Reader

	before, last cypher.Token // the two tokens before this one
	previous     string       // the keyword right before this token, in upper case, or ""
	opening      opening
	show         bool // behind SHOW, up to what is shown
	create       bool // behind CREATE and a word that may be the name of a path
	call         call
}

// check refuses a text that leaves the frame, and a text that the relay cannot read with certainty.
func (r *Rules) check(text string) *Refusal {
	c := &checker{rules: r, reader: cypher.NewReader(text)}
	for {
		token, err := c.reader.Next()
		if err != nil {
			return forbid("text", "the relay cannot read this query for sure: "+err.Error())
		}
		if refused := c.check(token); refused != nil {
			return refused
		}
		if token.Kind == cypher.End {
			return nil
		}
	}
}

func (c *checker) check(t cypher.Token) *Refusal {
	keyword := c.keyword(t)
	rules := [...]func(cypher.Token, string) *Refusal{c.one, c.graph, c.shows, c.commands, c.loads, c.calls, c.begins}
	for _, rule := range rules {
		if refused := rule(t, keyword); refused != nil {
			return refused
		}
	}
	c.before, c.last, c.previous = c.last, t, keyword
	return nil
}

// longestKeyword is the maximum length of a word that is compared with keywords.
const longestKeyword = 20

// keyword returns the token in upper case if it could be a keyword, and "" if not: the name of a property (n.use), of a
// label (n:Use) or of a parameter ($use) is none.
func (c *checker) keyword(t cypher.Token) string {
	if t.Kind != cypher.Word || t.End-t.Start > longestKeyword {
		return ""
	}
	owned := c.before.Kind == cypher.Word || c.before.Kind == cypher.Name || c.isSymbol(c.before, ')', ']', '}')
	switch {
	case c.isSymbol(c.last, '.') && owned:
		return "" // but behind a number it could belong to the version in CYPHER 5.USE
	case c.isSymbol(c.last, ':'), c.isSymbol(c.last, '$') && t.Joined:
		return ""
	}
	return cypher.Fold(c.reader.Text(t))
}

func (c *checker) isSymbol(t cypher.Token, symbols ...byte) bool {
	return t.Kind == cypher.Symbol && slices.Contains(symbols, c.reader.Text(t)[0])
}

// one refuses a second statement.
func (c *checker) one(t cypher.Token, _ string) *Refusal {
	if c.isSymbol(c.last, ';') && t.Kind != cypher.End {
		return forbid("text", "the relay takes one statement at a time")
	}
	return nil
}

// graph refuses USE, which selects another database than the session's. In a clause USE is followed by an expression.
func (c *checker) graph(t cypher.Token, _ string) *Refusal {
	if c.previous == "USE" && !c.isSymbol(t, ':', ',', ')', ']', '}', '=') {
		return forbid("use", "the relay does not allow USE; if it is a name here, put it in backticks")
	}
	return nil
}

// shownFreely is information about the data and the language; shown needs a permission or is in the system database.
var (
	shownFreely = words("INDEX INDEXES CONSTRAINT CONSTRAINTS FUNCTION FUNCTIONS PROCEDURE PROCEDURES")
	shownKinds  = words("ALL BUILT IN USER DEFINED BTREE RANGE TEXT POINT VECTOR FULLTEXT LOOKUP UNIQUE UNIQUENESS " +
		"NODE REL RELATIONSHIP KEY PROPERTY EXISTENCE EXIST EXISTS TYPE HOME DEFAULT")
	shownOfServer    = words("TRANSACTION TRANSACTIONS SETTING SETTINGS")
	shownOfDatabases = words("DATABASE DATABASES")
)

// shows refuses SHOW, except for what is known to stay within the frame. The system database answers most of it.
func (c *checker) shows(t cypher.Token, keyword string) *Refusal {
	if c.previous == "SHOW" && t.Kind == cypher.Word {
		c.show = true
	}
	if !c.show || shownKinds[keyword] {
		return nil
	}
	c.show = false
	switch {
	case shownFreely[keyword], shownOfServer[keyword] && c.rules.Administer:
		return nil
	case shownOfDatabases[keyword] && len(c.rules.Databases) == 0:
		return nil
	}
	return forbid("command", "the relay does not allow to SHOW this; if show is a name here, put it in backticks")
}

// commandWords begin a command if a word follows them.
var commandWords = words("ALTER CREATE DEALLOCATE DENY DISABLE DROP DRYRUN ENABLE GRANT REALLOCATE RENAME REVOKE " +
	"TERMINATE")

// schemaWords are what may be created and dropped besides nodes and relationships: they belong to the session's
// database.
var schemaWords = words("INDEX CONSTRAINT BTREE RANGE TEXT POINT VECTOR FULLTEXT LOOKUP UNIQUE")

// commands refuses commands of the system database, wherever they are sent, and commands that end the work of others.
func (c *checker) commands(t cypher.Token, keyword string) *Refusal {
	if c.create {
		c.create = false
		if c.isSymbol(t, '=') { // CREATE p = (…)
			return nil
		}
		return forbid("command", "the relay does not allow this command")
	}
	switch {
	case (c.previous == "START" || c.previous == "STOP") && (keyword == "DATABASE" || keyword == "SERVER"):
	case !commandWords[c.previous] || t.Kind != cypher.Word:
		return nil
	case (c.previous == "CREATE" || c.previous == "DROP") && schemaWords[keyword]:
		return nil
	case c.previous == "CREATE" && keyword == "SET": // MERGE … ON CREATE SET
		return nil
	case c.previous == "CREATE":
		c.create = true
		return nil
	case c.previous == "TERMINATE" && (keyword == "TRANSACTION" || keyword == "TRANSACTIONS") && c.rules.Administer:
		return nil
	}
	name := strings.ToLower(c.previous)
	return forbid("command", "the relay does not allow this command; if "+name+" is a name here, put it in backticks")
}

// loads refuses LOAD CSV, which reads files and addresses with the rights of the server.
func (c *checker) loads(_ cypher.Token, keyword string) *Refusal {
	if c.previous == "LOAD" && keyword == "CSV" && !c.rules.LoadCSV {
		return forbid("load_csv", "the relay does not allow LOAD CSV")
	}
	return nil
}

func words(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}
