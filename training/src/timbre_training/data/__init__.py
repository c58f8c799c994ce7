"""Corpus, datasets and labels: the material of training."""
