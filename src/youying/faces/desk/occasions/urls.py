"""Addresses of what recurs."""

from django.urls import path

from youying.faces.desk.occasions import campaigns, views

urlpatterns = [
    path("", views.to_do, name="occasions"),
    path("overdue/", views.overdue, name="occasions-overdue"),
    path("<int:occasion_id>/", views.one, name="occasion"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/begin/", campaigns.begin, name="begin-campaign"),
    path("campaigns/<int:campaign_id>/", campaigns.campaign, name="campaign"),
]
