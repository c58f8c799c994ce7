"""The frame-level systems of Hung & Yang, "Frame-level instrument recognition by timbre and pitch" (ISMIR 2018)."""
