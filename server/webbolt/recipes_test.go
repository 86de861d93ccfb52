package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

// manifest is the Kubernetes recipe, by kind.
func manifest(t *testing.T) map[string]map[string]any {
	t.Helper()
	file, err := os.Open("../../deploy/kubernetes/webbolt.yaml")
	require.NoError(t, err)
	defer file.Close()
	kinds := map[string]map[string]any{}
	for decoder := yaml.NewDecoder(file); ; {
		var object map[string]any
		err := decoder.Decode(&object)
		if err == io.EOF {
			return kinds
		}
		require.NoError(t, err)
		kind, _ := object["kind"].(string)
		require.NotEmpty(t, kind)
		kinds[kind] = object
	}
}

// at follows names and numbers into a document.
func at(t *testing.T, value any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch s := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[s]
		case int:
			list, _ := value.([]any)
			require.Greater(t, len(list), s, path)
			value = list[s]
		}
	}
	require.NotNil(t, value, path)
	return value
}

// The manifest gives the relay no more rights than it needs, and its configuration is one that works.
func TestKubernetesRecipeIsOfLeastPrivilege(t *testing.T) {
	kinds := manifest(t)
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "ca.crt"), authority(t), 0o600))
	for _, name := range []string{"neo4j-password", "alice-token"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("0123456789abcdef\n"), 0o600))
	}
	text, _ := at(t, kinds["ConfigMap"], "data", "webbolt.yaml").(string)
	text = strings.NewReplacer("/run/secrets/webbolt", folder, "static: /page", "static: "+folder).Replace(text)
	s, from, err := readSettings([]string{"--config", write(t, "webbolt.yaml", text)}, noEnvironment, io.Discard)
	require.NoError(t, err)
	_, err = configure(t.Context(), s, from, io.Discard)
	require.NoError(t, err)
	for name, user := range s.Credentials.Users {
		require.NotEqual(t, "neo4j", user.Principal, "the admin's account")
		require.True(t, user.ReadOnly && len(user.Databases) > 0 && user.Timeout != "", name)
		require.False(t, user.Administer || user.LoadCSV, name)
	}
	for _, upstream := range s.Upstreams {
		require.True(t, strings.HasPrefix(upstream, "bolt+s://"), "the password goes over the network")
	}

	pod := at(t, kinds["Deployment"], "spec", "template", "spec")
	require.Equal(t, false, at(t, pod, "automountServiceAccountToken"))
	require.Equal(t, true, at(t, pod, "securityContext", "runAsNonRoot"))
	container := at(t, pod, "containers", 0)
	require.Equal(t, false, at(t, container, "securityContext", "allowPrivilegeEscalation"))
	require.Equal(t, true, at(t, container, "securityContext", "readOnlyRootFilesystem"))
	for _, probe := range []string{"livenessProbe", "readinessProbe"} {
		require.Equal(t, "http", at(t, container, probe, "httpGet", "port"))
	}

	policy := at(t, kinds["NetworkPolicy"], "spec")
	require.Equal(t, at(t, kinds["Deployment"], "spec", "selector"), at(t, policy, "podSelector"))
	for _, rule := range at(t, policy, "ingress").([]any) {
		require.NotEmpty(t, at(t, rule, "from"), "a rule for everybody")
		require.Len(t, at(t, rule, "ports"), 1)
	}
	for _, rule := range at(t, policy, "egress").([]any) {
		require.NotEmpty(t, at(t, rule, "to"))
		require.NotEmpty(t, at(t, rule, "ports"))
	}
	ports, _ := at(t, kinds["Service"], "spec", "ports").([]any)
	require.Len(t, ports, 1, "the admin port is in no service")
}

// The image opens no admin port by itself and does not run as root.
func TestContainerRecipe(t *testing.T) {
	text, err := os.ReadFile("../../deploy/Containerfile")
	require.NoError(t, err)
	require.NotContains(t, string(text), "WEBBOLT_ADMIN=")
	require.Contains(t, string(text), "\nUSER 65532:65532\n")
}

// Links lead no further than the folder of the page.
func TestStaticLinks(t *testing.T) {
	secret := write(t, "secret", "secret")
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "page.html"), []byte("page"), 0o600))
	require.NoError(t, os.Symlink("page.html", filepath.Join(folder, "inside.html")))
	require.NoError(t, os.Symlink(secret, filepath.Join(folder, "outside.html")))
	require.NoError(t, os.Symlink(filepath.Dir(secret), filepath.Join(folder, "folder")))
	s, from, err := readSettings([]string{"--upstream", "bolt://one", "--static", folder}, noEnvironment, io.Discard)
	require.NoError(t, err)
	c, err := configure(t.Context(), s, from, io.Discard)
	require.NoError(t, err)
	wanted := map[string]bool{"page.html": true, "inside.html": true, "outside.html": false, "folder/secret": false}
	for name, found := range wanted {
		file, err := c.Static.Open(name)
		require.Equal(t, found, err == nil, name)
		if err == nil {
			require.NoError(t, file.Close())
		}
	}
}
