"""Reading files from other bureaus: staging, encodings, CRSs, features; nothing is stored here."""
