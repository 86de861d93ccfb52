package main

import "context"

// requests are those that the backend knows.
var requests map[string]request

func init() {
	requests = map[string]request{
		"GetFeatures": func(context.Context, *frontend, data) (string, any, error) {
			return "FeatureList", data{"features": features}, nil
		},
		"StartTest":    startTest,
		"StartSubTest": startSubTest,

		"NewDriver":                newDriver,
		"DriverClose":              driverClose,
		"VerifyConnectivity":       verifyConnectivity,
		"CheckDriverIsEncrypted":   isEncrypted,
		"ExecuteQuery":             executeQuery,
		"GetServerInfo":            serverInfo,
		"CheckSessionAuthSupport":  supportsSessionAuth,
		"CheckMultiDBSupport":      supportsMultiDB,
		"VerifyAuthentication":     verifyAuthentication,
		"GetRoutingTable":          routingTable,
		"ForcedRoutingTableUpdate": refreshRoutingTable,
		"GetConnectionPoolMetrics": poolMetrics,

		"ResolverResolutionCompleted": answered,
		"BookmarksSupplierCompleted":  answered,
		"BookmarksConsumerCompleted":  answered,
		"NewBookmarkManager":          newBookmarkManager,
		"BookmarkManagerClose":        closeManager("BookmarkManager"),

		"NewAuthTokenManager": newAuthManager,
		"NewBasicAuthTokenManager": newExpiringAuth("BasicAuthTokenManager", "BasicAuthTokenProviderRequest",
			"basicAuthTokenManagerId", basicToken,
			"Neo.ClientError.Security.Unauthorized"),
		"NewBearerAuthTokenManager": newExpiringAuth("BearerAuthTokenManager", "BearerAuthTokenProviderRequest",
			"bearerAuthTokenManagerId", bearerToken,
			"Neo.ClientError.Security.Unauthorized", "Neo.ClientError.Security.TokenExpired"),
		"AuthTokenManagerGetAuthCompleted":                 answered,
		"AuthTokenManagerHandleSecurityExceptionCompleted": answered,
		"BasicAuthTokenProviderCompleted":                  answered,
		"BearerAuthTokenProviderCompleted":                 answered,
		"AuthTokenManagerClose":                            closeManager("AuthTokenManager"),

		"FakeTimeInstall":   suitesClock.set(stopped),
		"FakeTimeTick":      suitesClock.set(later),
		"FakeTimeUninstall": suitesClock.set(goingOn),

		"NewClientCertificateProvider":       newCertificateProvider,
		"ClientCertificateProviderCompleted": answered,
		"ClientCertificateProviderClose":     closeManager("ClientCertificateProvider"),

		"NewSession":              newSession,
		"SessionClose":            sessionClose,
		"SessionRun":              sessionRun,
		"SessionBeginTransaction": sessionBegin,
		"SessionReadTransaction":  execute(true),
		"SessionWriteTransaction": execute(false),
		"SessionLastBookmarks":    lastBookmarks,
		"RetryablePositive":       retryable(func(*frontend, data) error { return nil }),
		"RetryableNegative": retryable(func(f *frontend, d data) error {
			if err := f.errors[d.text("errorId")]; err != nil {
				return err
			}
			return errFromFrontend
		}),

		"TransactionRun":      transactionRun,
		"TransactionCommit":   transactionEnd(commit),
		"TransactionRollback": transactionEnd(rollback),
		"TransactionClose":    transactionClose,

		"ResultNext":    resultNext,
		"ResultPeek":    resultPeek,
		"ResultConsume": resultConsume,
		"ResultList":    resultList,
		"ResultSingle":  resultSingle,
	}
}

// answered notes the suite's answer to a question.
func answered(_ context.Context, f *frontend, d data) (string, any, error) {
	f.answers[d.text("requestId")] = d
	return "", nil, nil
}

func closeManager(response string) request {
	return func(_ context.Context, f *frontend, d data) (string, any, error) {
		delete(f.managers, d.text("id"))
		return response, data{"id": d.text("id")}, nil
	}
}
