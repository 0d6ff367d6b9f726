from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import audit_guards, audit_rights, audit_sessions
        from accounts.audited import record_removal
        from accounts.models import User

        post_migrate.connect(audit_guards.install, sender=self)
        post_delete.connect(record_removal, sender=User)
        for field in audit_rights.FIELDS:
            m2m_changed.connect(audit_rights.record, sender=getattr(User, field).through)
        audit_sessions.connect()
