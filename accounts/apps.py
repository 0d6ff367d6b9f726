from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import m2m_changed, post_migrate, pre_delete
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts import audit_guards, audit_rights, audit_sessions, demonstration, sessions
        from accounts.audited import record_removal
        from accounts.factors import trail
        from accounts.models import User

        user_logged_in.connect(sessions.begin)
        register(demonstration.check_accounts, demonstration.TAG, deploy=True)
        post_migrate.connect(audit_guards.install, sender=self)
        pre_delete.connect(record_removal, sender=User)
        for field in audit_rights.FIELDS:
            m2m_changed.connect(audit_rights.record, sender=getattr(User, field).through)
        audit_sessions.connect()
        trail.connect()
