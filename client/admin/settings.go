package admin

import (
	"context"

	"github.com/webbolt/webbolt/client"
)

// Config returns the server's settings by name.
func (c Calls) Config(ctx context.Context, tx *client.TransactionRef) (map[string]client.ConfigSetting, error) {
	rows, err := c.query(ctx, tx, home, "CALL dbms.listConfig()", nil)
	if err != nil {
		return nil, err
	}
	settings := make(map[string]client.ConfigSetting, len(rows))
	for _, r := range rows {
		setting := client.ConfigSetting{Name: r.text("name"), Description: r.text("description"), Value: r.any("value"),
			Dynamic: r.flag("dynamic")}
		settings[setting.Name] = setting
	}
	return settings, nil
}

// ManagementData returns the server's JMX beans by name.
func (c Calls) ManagementData(ctx context.Context, tx *client.TransactionRef) (
	map[string]client.ManagementBean, error) {
	rows, err := c.query(ctx, tx, home, "CALL dbms.queryJmx('*:*')", nil)
	if err != nil {
		return nil, err
	}
	beans := make(map[string]client.ManagementBean, len(rows))
	for _, r := range rows {
		bean := client.ManagementBean{Name: r.text("name"), Description: r.text("description"),
			Attributes: map[string]any{}}
		for name, attribute := range r.dictionary("attributes") {
			// ObjectName repeats the bean's own name, in pieces.
			if described, ok := attribute.(map[string]any); ok && name != "ObjectName" {
				bean.Attributes[name] = described["value"]
			}
		}
		beans[bean.Name] = bean
	}
	return beans, nil
}
