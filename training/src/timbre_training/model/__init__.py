"""The network, its features and its file."""
