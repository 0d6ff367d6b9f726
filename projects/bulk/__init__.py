"""Many new sites at once, as projects.editing.create_site would write each: the same checks, figures and entries.

One call a site costs a dozen queries; here columns of a few thousand sites are checked, measured and written together.
"""
