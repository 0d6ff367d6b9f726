"""Files become reference layers: any columns, kept as they are, in one transaction, and taken back as a whole.

report = import_layer([path], LayerOptions("rivers", name="河流", bbox=city_box), by=user, dry_run=False)
undo(report.batch, by=user)
"""

from layers.loading.batches import prune, prune_before, undo
from layers.loading.report import LayerOptions, LayerReport, Mode
from layers.loading.run import import_layer

__all__ = ["LayerOptions", "LayerReport", "Mode", "import_layer", "prune", "prune_before", "undo"]
