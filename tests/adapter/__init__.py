"""Tests of the model adapter. `fake_server.FakeModel` serves other rooms' tests as well."""
