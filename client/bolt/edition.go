package bolt

import (
	"context"

	"github.com/webbolt/webbolt/client"
)

// Neo4jEdition is the server's edition, such as "community". It is queried once.
func (c *Connection) Neo4jEdition(ctx context.Context) (string, error) {
	c.mu.Lock()
	edition := c.edition
	tx := c.tx
	c.mu.Unlock()
	if edition != "" {
		return edition, nil
	}
	edition, err := c.askEdition(ctx, tx)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.edition = edition
	return edition, nil
}

// askEdition finds the component that is Neo4j itself: newer servers list more than one.
func (c *Connection) askEdition(ctx context.Context, tx *client.TransactionRef) (string, error) {
	const query = "CALL dbms.components() YIELD name, edition"
	var result *client.Result
	var err error
	if tx != nil {
		result, err = c.RunQuery(ctx, tx, query, nil)
	} else {
		result, err = c.RunProg(ctx, "", query, nil, true)
	}
	if err != nil {
		return "", err
	}
	edition := ""
	for record, err := range result.Records(ctx) {
		if err != nil {
			return "", err
		}
		var name, its string
		if err := record.Scan(&name, &its); err != nil {
			return "", err
		}
		if edition == "" || name == "Neo4j Kernel" {
			edition = its
		}
	}
	if edition == "" {
		return "", &client.UnsupportedError{Message: "the server does not tell its edition"}
	}
	return edition, nil
}
