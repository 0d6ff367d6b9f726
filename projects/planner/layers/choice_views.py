"""Which layers somebody's maps begin with: kept for the account, so that it follows them to every browser."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis_projects.http.params import refuse_unknown
from gis_projects.http.problems import ParameterInvalid
from layers.models import LayerChoice
from projects.access import require_planner

# As static/js/core/layer_state.js writes it, and no longer than some thousand layers.
_WORDS = re.compile(r"!?[\w-]{1,80}(\.\d{1,3})?(,!?[\w-]{1,80}(\.\d{1,3})?)*", re.ASCII)
_MAX_LENGTH = 50_000


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """``layers=nen,places.60,!chainage``; empty for the layers as they are."""
    user = require_planner(request)
    refuse_unknown(request, set())
    layers = request.POST.get("layers", "")
    if layers and (len(layers) > _MAX_LENGTH or not _WORDS.fullmatch(layers)):
        raise ParameterInvalid(
            _("“%(value)s” is not a value of “%(name)s”.")
            % {"value": layers[:80], "name": "layers"},
            parameter="layers",
        )
    if layers:
        LayerChoice.objects.update_or_create(user=user, defaults={"layers": layers})
    else:
        LayerChoice.objects.filter(user=user).delete()
    return HttpResponse(status=204)
