"""Clip models: what the last ten seconds held, and where the network listened."""
