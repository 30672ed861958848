"""Addresses of coming in."""

from django.urls import path

from youying.faces.desk.entrance import account, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("link/<str:token>/", views.link, name="link"),
    path("posts/", views.posts, name="posts"),
    path("account/", account.mine, name="my-account"),
    path("account/password/", account.password, name="change-password"),
    path("account/sessions/<int:seat_id>/end/", account.end_session, name="end-session"),
    path("account/factor/begin/", account.begin_factor, name="begin-factor"),
    path("account/factor/confirm/", account.confirm_factor, name="confirm-factor"),
    path("account/factor/drop/", account.drop_factor, name="drop-factor"),
]
