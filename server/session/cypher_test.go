package session

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestChoosesGraph(t *testing.T) {
	for _, text := range []string{
		"USE x RETURN 1", "use x RETURN 1", "\n\tUsE x", "EXPLAIN USE x RETURN 1", "CYPHER 5 USE x RETURN 1",
		"RETURN 1 UNION USE x RETURN 1", "CALL {USE x RETURN 1}", "/* ' */USE x", "// it's\nUSE x", "/**/ USE x // '",
		`RETURN 'a\'' UNION USE x RETURN ""`, "RETURN '//' UNION USE x RETURN 1", "RETURN `a``' ` UNION USE x RETURN '`'",
		"RETURN \"'\" UNION USE x RETURN \"'\"", "USE\u00a0x RETURN 1", "USE/**/x RETURN 1", "USE`x` RETURN 1",
		`\u0055SE x`, "// \u2028USE x", "WITH 1 AS a$ CALL { WITH a$ USE x RETURN 1 }", "WITH 1 AS a$$ CALL { WITH a$$/**/USE x RETURN 1 }",
	} {
		require.NotNil(t, choosesGraph(text), text)
	}
	for _, text := range []string{
		"RETURN 1", "MATCH (n) USING INDEX n:Person(name) RETURN n", "RETURN 'USE x'", `RETURN "use" AS a`, "RETURN n.use", "RETURN n . use",
		"MATCH (n:Use) RETURN $use", "RETURN 1 AS `use`", "// use this\nRETURN 1", "/* use */ RETURN 1", "RETURN 1 AS used, 2 AS _use, 3 AS use2",
		"RETURN 1 AS réuse", `RETURN '\'use'`, "/* never ends USE x", "",
	} {
		require.Nil(t, choosesGraph(text), text)
	}
}

func FuzzChoosesGraph(f *testing.F) {
	f.Add("RETURN 'use' /* x */ // y\n`z`")
	f.Fuzz(func(t *testing.T, text string) {
		choosesGraph(text) // must end, and not panic
		if choosesGraph("USE x "+text) == nil {
			t.Fatal("a USE at the beginning was not seen")
		}
	})
}
