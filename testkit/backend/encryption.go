package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	"github.com/webbolt/webbolt/client"
)

// customAuthorities is the environment variable with the folder of what the suite calls custom certificates.
const customAuthorities = "WEBBOLT_TESTKIT_AUTHORITIES"

// encryption reads whether to encrypt, and whom to trust then, which with this client is for the scheme and RootCAs to
// say.
func encryption(profile client.Profile, o *client.Options, d data) (client.Profile, error) {
	encrypted, trusted := d.flag("encrypted"), d.texts("trustedCertificates")
	if !encrypted && trusted == nil { // as if nothing was said
		return profile, nil
	}
	if profile.Secure() {
		return profile, &client.ArgumentError{Argument: "encrypted",
			Message: "the scheme says that the connection is encrypted, and whom it trusts"}
	}
	if !encrypted {
		return profile, nil
	}
	profile.Scheme += "+s"
	if trusted != nil && len(trusted) == 0 {
		profile.Scheme += "sc"
	}
	for _, name := range trusted {
		certificate, err := os.ReadFile(filepath.Join(os.Getenv(customAuthorities), name))
		if err != nil {
			return profile, err
		}
		o.RootCAs = append(o.RootCAs, bytes.TrimSpace(certificate)...)
		o.RootCAs = append(o.RootCAs, '\n')
	}
	return profile, nil
}

// clientCertificates returns the client's own certificate: one for all, or what the suite says each time; nil for none.
func clientCertificates(f *frontend, d data) client.CertificateSource {
	if provider, is := f.managers[d.text("clientCertificateProviderId")].(client.CertificateSource); is {
		return provider
	}
	files := d.object("clientCertificate").object("data")
	if files == nil {
		return nil
	}
	return func(context.Context) (client.ClientCertificate, error) { return readCertificate(files) }
}

func readCertificate(files data) (c client.ClientCertificate, err error) {
	if c.Certificate, err = os.ReadFile(files.text("certfile")); err != nil {
		return c, err
	}
	key, err := os.ReadFile(files.text("keyfile"))
	c.Key, c.Password = client.Secret(key), client.Secret(files.text("password"))
	return c, err
}

func newCertificateProvider(_ context.Context, f *frontend, _ data) (string, any, error) {
	id := f.number()
	var last data
	f.managers[id] = client.CertificateSource(func(ctx context.Context) (client.ClientCertificate, error) {
		answer, err := f.ask(ctx, "ClientCertificateProviderRequest", data{"clientCertificateProviderId": id})
		if err != nil {
			return client.ClientCertificate{}, err
		}
		if answer.flag("hasUpdate") || last == nil {
			last = answer.object("clientCertificate").object("data")
		}
		return readCertificate(last)
	})
	return "ClientCertificateProvider", data{"id": id}, nil
}
