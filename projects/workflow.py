"""Which steps a site may take, who may take them and what each one asks for. Pure questions over loaded rows."""

from collections import deque
from collections.abc import Iterable

from accounts.models import User
from projects.models import Phase, Programme, Site, WorkflowState, WorkflowStep

# The order in which a promise is kept; SUSPENDED and RETURNED are detours of WORKING.
PHASE_ORDER = [
    Phase.PLANNED,
    Phase.WORKING,
    Phase.SUSPENDED,
    Phase.RETURNED,
    Phase.COMPLETED,
    Phase.ACCEPTED,
]
DETOURS = frozenset({Phase.SUSPENDED, Phase.RETURNED})


def initial_state(programme: Programme) -> WorkflowState:
    """The state in which a new site is registered."""
    return WorkflowState.objects.get(workflow=programme.workflow_id, is_initial=True)


def steps_from(state: WorkflowState) -> list[WorkflowStep]:
    return list(WorkflowStep.objects.filter(source=state).select_related("source", "target"))


def steps_for(user: User, site: Site) -> list[WorkflowStep]:
    """The steps that this user may take from where the site stands."""
    return [step for step in steps_from(site.state) if may_take(user, step)]


def may_take(user: User, step: WorkflowStep) -> bool:
    """Administrators may take each step; planners those of inspectors as well."""
    if user.is_administrator or not step.roles:
        return True
    if user.is_planner and "inspector" in step.roles:
        return True
    return user.role in step.roles


def path_to(
    start: WorkflowState, goal: WorkflowState, steps: Iterable[WorkflowStep]
) -> list[WorkflowStep] | None:
    """The shortest way through the workflow, detours avoided unless they are the goal; None when there is none."""
    outgoing: dict[int, list[WorkflowStep]] = {}
    for step in steps:
        outgoing.setdefault(step.source_id, []).append(step)
    queue: deque[tuple[int, list[WorkflowStep]]] = deque([(start.pk, [])])
    seen = {start.pk}
    while queue:
        at, way = queue.popleft()
        if at == goal.pk:
            return way
        for step in outgoing.get(at, []):
            detour = step.target.phase in DETOURS and step.target_id != goal.pk
            if step.target_id not in seen and not detour:
                seen.add(step.target_id)
                queue.append((step.target_id, [*way, step]))
    return None
