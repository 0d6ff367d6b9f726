"""Tables of features as files that other bureaus open: the outgoing half of ``layers.importing``."""
