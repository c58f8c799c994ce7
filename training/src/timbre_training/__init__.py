"""Training system of timbred: renders labelled music, trains frame models, judges and exports them."""
