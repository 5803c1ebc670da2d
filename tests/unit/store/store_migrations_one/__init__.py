"""Migrations for the tests of the store."""
