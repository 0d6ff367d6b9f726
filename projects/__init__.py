"""The domain: what a city promised, the sites that fulfil it, and the evidence."""
