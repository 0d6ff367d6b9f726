"""Pictures from outside as scenes of the city: brought in, shown beside a site, withdrawn."""
