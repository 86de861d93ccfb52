"""Asks a server by py2neo what the admin calls tell, and prints it as JSON.

Usage: admin.py HOST:PORT USER PASSWORD
"""
import json
import sys
from datetime import datetime, timedelta

from py2neo import ConnectionProfile
from py2neo.client import Connection


def plain(value):
    """The value in a form that JSON has, for what py2neo makes of times, addresses and profiles."""
    if isinstance(value, timedelta):
        return value / timedelta(milliseconds=1)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, ConnectionProfile):
        return {"scheme": value.scheme, "user": value.user, "address": "%s:%s" % (value.host, value.port)}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if hasattr(value, "host") and hasattr(value, "port"):
        return "%s:%s" % (value.host, value.port)
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def named(records):
    return [{field: plain(getattr(record, field)) for field in record._fields} for record in records]


def main():
    address, user, password = sys.argv[1:]
    cx = Connection.open(ConnectionProfile("bolt://" + address, user=user, password=password))
    try:
        answer = {
            "connections": named(cx.get_connections()),
            "transactions": named(cx.get_transactions()),
            "queries": named(cx.get_queries()),
            "config": plain(cx.get_config()),
            "management": plain(cx.get_management_data()),
            "version": str(cx.neo4j_version),
            "edition": cx.neo4j_edition,
        }
        try:
            cx.get_cluster_overview()
        except TypeError:
            answer["cluster"] = "TypeError"
    finally:
        cx.close()
    json.dump(answer, sys.stdout, default=str)


main()
