"""Published datasets by their public layouts, for those who have them."""
