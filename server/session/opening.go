package session

import "github.com/webbolt/webbolt/server/cypher"

// opening is the state of reading the beginning of a text: the options of CYPHER, EXPLAIN and PROFILE, then the first
// word of the statement.
type opening uint8

const (
	atBeginning opening = iota
	inOptions           // behind CYPHER
	atEquals            // behind an option's name
	atValue             // behind its equals sign
	begun
)

// openings are the words that begin a statement and whose effect the relay knows. USE and commands have rules of their
// own.
var openings = words("CALL CREATE DELETE DETACH DROP FILTER FINISH FOR FOREACH INSERT LET LIMIT LOAD MATCH MERGE " +
	"NODETACH OFFSET OPTIONAL ORDER REMOVE RETURN SET SHOW SKIP TERMINATE UNWIND USE USING WHEN WITH")

// begins refuses a statement that begins with a word that the relay does not know, because a newer server could read it
// as a command.
func (c *checker) begins(t cypher.Token, keyword string) *Refusal {
	was := c.opening
	switch {
	case was == begun, t.Kind == cypher.End:
	case was == atEquals && c.isSymbol(t, '='):
		c.opening = atValue
	case was == atValue && (t.Kind == cypher.Word || t.Kind == cypher.Number):
		c.opening = inOptions
	case was == atEquals, was == atValue:
		return notKnown()
	case keyword == "EXPLAIN", keyword == "PROFILE", keyword == "PLAN" && c.previous == "EXPLAIN":
		c.opening = atBeginning
	case keyword == "CYPHER":
		c.opening = inOptions
	case openings[keyword], c.isSymbol(t, '{', '(', ';'):
		c.opening = begun
	case was == inOptions && t.Kind == cypher.Word:
		c.opening = atEquals
	case was == inOptions && (t.Kind == cypher.Number || c.isSymbol(t, '.')):
	default:
		return notKnown()
	}
	return nil
}

func notKnown() *Refusal {
	return forbid("command", "the relay does not know how this query begins, or does not allow such commands")
}
