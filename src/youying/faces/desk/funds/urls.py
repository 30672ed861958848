"""Addresses of the purses."""

from django.urls import path

from youying.faces.desk.funds import views

urlpatterns = [
    path("", views.funds, name="funds"),
    path("purse/<int:purse_id>/", views.one_purse, name="purse"),
    path("purse/<int:purse_id>/table/", views.table, name="purse-table"),
    path("asks/<int:ask_id>/answer/", views.answer_ask, name="answer-spending"),
    path("<slug:code>/", views.kind, name="purses"),
    path("<slug:code>/balance/", views.balance, name="purse-balance"),
    path("<slug:code>/open/", views.open_purse, name="open-purse"),
    path("<slug:code>/publish/", views.publish, name="publish-purse"),
    path("<slug:code>/gifts/", views.gifts, name="gifts"),
]
