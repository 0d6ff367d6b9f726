from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views
from accounts.factors import own, sign_in

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("login/second-step/", sign_in.second_step, name="second-step"),
    path("login/challenge/", sign_in.challenge, name="challenge"),
    path("login/passkey/", sign_in.by_passkey, name="by-passkey"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", views.OwnPassword.as_view(), name="password"),
    path("confirm/", own.confirm, name="confirm"),
    path("second-factor/", own.overview, name="second-factor"),
    path("second-factor/app/", own.add_app, name="add-app"),
    path("second-factor/passkey/", own.add_passkey, name="add-passkey"),
    path("second-factor/recovery-codes/", own.recovery_codes, name="recovery-codes"),
    path("second-factor/<int:pk>/remove/", own.remove, name="remove-factor"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="sign-out-everywhere"),
]
